// `reproduce`: published figures, run and held against what their sources say.

import type { Command } from 'commander';
import { commandLineOf } from '../command-line.js';
import { deliver, type StandardFlags, setOption, verb, workersFrom } from '../flags.js';
import { loadHostProfile } from '../hosts.js';
import { tolerancesFrom } from '../plan-request.js';
import { openRuns } from '../pool.js';
import { openProgress } from '../progress.js';
import { chosenRows, type ReproduceRequest, reproduce, reproduceExitCode } from '../reproduce.js';
import type { ReproduceDocument } from '../reproduce-document.js';
import { reproduceReport } from '../reproduce-report.js';
import type { Session } from '../session.js';
import { parseSetting, settingsOf } from '../settings.js';

interface ReproduceFlags extends StandardFlags {
  readonly only?: string;
  readonly set: readonly string[];
}

function requestFrom(flags: ReproduceFlags, session: Session): ReproduceRequest {
  const settings = flags.set.map(parseSetting);
  const onHosts = settingsOf(settings, 'host', ['tolerance']);
  const only = flags.only?.split(',');
  chosenRows(only);
  return {
    ...(only && { only }),
    seed: flags.seed,
    tolerances: tolerancesFrom(settings),
    settings: flags.set,
    profile: (name, technology) => loadHostProfile(name, session.environment, technology, onHosts),
  };
}

async function run(flags: ReproduceFlags, session: Session): Promise<ReproduceDocument> {
  const request = requestFrom(flags, session);
  const runs = openRuns(workersFrom(flags.workers));
  const progress = openProgress(runs, { quiet: flags.quiet ?? false });
  const waiting = new Set(chosenRows(request.only).map(({ id }) => id));
  const interrupted = () => {
    const done = `${runs.finished} of ${runs.asked} runs were finished`;
    session.err(`interrupted: ${done}; rows without a result: ${[...waiting].join(', ')}\n`);
    void runs.stop();
  };
  process.once('SIGINT', interrupted);
  try {
    return await reproduce(request, runs, ({ id }) => {
      waiting.delete(id);
      progress.phase(`rows left: ${[...waiting].slice(0, 12).join(', ')}`);
    });
  } finally {
    process.removeListener('SIGINT', interrupted);
    progress.end();
    await runs.stop();
  }
}

export function reproduceVerb(session: Session): Command {
  return verb('reproduce', 'how close the simulator comes to published figures', [
    'reproduce',
    'reproduce --only P1,P2,E3',
    'reproduce --only P2 --set host.cpu.idleExit=30us      with another parameter on every host',
    'reproduce --json --out reproduce.json',
  ])
    .option('--only <ids>', 'these rows, separated by commas (default: all)')
    .addOption(setOption())
    .action(async (flags: ReproduceFlags, command: Command) => {
      const document = { ...(await run(flags, session)), command: commandLineOf(command) };
      deliver(
        session,
        flags,
        document,
        reproduceReport(document, session.color, process.stdout.columns),
        'reproduce.json',
      );
      session.exitCode = reproduceExitCode(document);
    });
}
