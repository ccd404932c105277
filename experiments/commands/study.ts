// `study`: case studies of the sources, each with the picture that tells it.

import type { Command } from 'commander';
import { createColors } from 'picocolors';
import { InputError } from '../../models/index.js';
import { attended } from '../attended-runs.js';
import { commandLineOf } from '../command-line.js';
import { suggestion } from '../documents/index.js';
import { ExitCode } from '../exit-codes.js';
import { deliver, type StandardFlags, setOption, verb } from '../flags.js';
import { loadHostProfile } from '../hosts.js';
import { tolerancesFrom } from '../plan-request.js';
import { studyContext } from '../reproduce.js';
import type { Session } from '../session.js';
import { parseSetting, settingsOf } from '../settings.js';
import { type Case, type CaseDocument, caseDocument, cases } from '../studies/index.js';
import { table } from '../table.js';

interface StudyFlags extends StandardFlags {
  readonly set: readonly string[];
}

function named(name: string): Case {
  const found = cases.find(({ id }) => id === name);
  if (found) return found;
  const ids = cases.map(({ id }) => id);
  throw new InputError('study', `one of ${ids.join(', ')}`, `"${name}"${suggestion(name, ids)}`);
}

const list = (color: boolean): string => {
  const { dim } = createColors(color);
  const head = ['name', 'what it shows', 'of'].map((cell) => dim(cell));
  return table([head, ...cases.map(({ id, claim, source }) => [id, claim, source])]);
};

function report({ id, answer, ok, claim, source, method, x, y, lines }: CaseDocument, color: boolean): string {
  const { bold, dim, green, red } = createColors(color);
  const points = lines.flatMap(({ name, points: all }) =>
    all.map(([a, b]) => [name, String(a), String(Number(b.toPrecision(4)))]),
  );
  const head = ['', x, y].map((cell) => dim(cell));
  return [
    `${bold(answer)}\n`,
    `${ok ? green('✓') : red('✗')} ${claim} (${source})\n`,
    `${method}\n\n`,
    table([head, ...points], '  '),
    `\nIts picture: rangefit study ${id} --json | rangefit report - --format svg\n`,
  ].join('');
}

async function run(study: Case, flags: StudyFlags, session: Session, command: Command): Promise<void> {
  const settings = flags.set.map(parseSetting);
  const onHosts = settingsOf(settings, 'host', ['tolerance']);
  const finding = await attended(session, flags, study.title, (runs) =>
    study.run(
      studyContext(
        {
          seed: flags.seed,
          tolerances: tolerancesFrom(settings),
          profile: (name, technology) => loadHostProfile(name, session.environment, technology, onHosts),
        },
        runs,
      ),
    ),
  );
  const document = { ...caseDocument(study, finding, flags.seed), command: commandLineOf(command) };
  deliver(session, flags, document, report(document, session.color), `${study.id}.json`);
  if (!finding.ok) session.exitCode = ExitCode.miss;
}

export function studyVerb(session: Session): Command {
  return verb('study', 'case studies of the sources, each with the picture that tells it', [
    'study                                          which there are',
    'study replicated-web',
    'study gnutella --out gnutella.json',
    'study replicated-web --json | rangefit report - --format svg',
  ])
    .argument('[name]', 'which; without one they are listed')
    .addOption(setOption())
    .action(async (name: string | undefined, flags: StudyFlags, command: Command) => {
      if (name !== undefined) return run(named(name), flags, session, command);
      const known = cases.map(({ id, title, claim, source }) => ({ id, title, claim, source }));
      deliver(session, flags, { studies: known }, list(session.color), 'studies.json');
    });
}
