// `export`: documents of ours as files for other tools.

import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { InputError, type RunRecord } from '../../models/index.js';
import { check, readDocument } from '../documents/index.js';
import { type Exported, lxcConfiguration, multiHostLab, prometheus, slices } from '../export/index.js';
import { READS_ONLY, verb, writeOut } from '../flags.js';
import { type PlanDocument, planSchema } from '../planner/index.js';
import { recordSchema } from '../record-schema.js';
import type { Session } from '../session.js';
import { plural } from '../wording.js';

/** Records of ten thousand vnodes are 15 MB. */
const LARGEST = 512 * 2 ** 20;

const OF_PLANS: Readonly<Record<string, (plan: PlanDocument) => Exported>> = {
  slices,
  lxc: lxcConfiguration,
  containerlab: multiHostLab,
};

interface ExportFlags {
  readonly format: string;
  readonly out?: string;
  readonly quiet?: boolean;
}

function exported(file: string, { format, out, quiet }: ExportFlags, session: Session): void {
  const located = readDocument(
    file === '-' ? '/dev/stdin' : file,
    file === '-' ? 'standard input.json' : file,
    LARGEST,
  );
  const make = OF_PLANS[format];
  if (!make) {
    check(located, recordSchema, 'record');
    const text = prometheus(located.value as RunRecord);
    if (out === undefined) session.out(text);
    else writeOut(out, 'record.prom', text);
    return;
  }
  if (out === undefined) throw new InputError('--out', 'a folder for the files', 'none');
  check(located, planSchema, 'plan');
  const plan = located.value as PlanDocument;
  if (!plan.fits) throw new InputError(file, 'a plan that fits', 'one that does not');
  const { files, notes } = make(plan);
  if (!quiet) for (const note of notes) session.err(`warning: ${note}\n`);
  for (const { path, text } of files) writeOut(join(out, path), path, text);
  session.out(`${plural(files.length, 'file')} in ${out}\n`);
}

export function exportVerb(session: Session): Command {
  const command = verb(
    'export',
    'a plan or a run record as files for other tools',
    [
      'export plan.json --format slices --out range      a scenario a host, for `emulate`',
      'export plan.json --format lxc --out range         LXC configuration and sysctls',
      'export lab-plan.json --format containerlab --out range   a containerlab file a host',
      'export run.json --format prometheus --out run.prom',
      'report run.json --format csv --table vnodes       tables as CSV are a report',
    ],
    { idle: ['json', ...READS_ONLY] },
  )
    .argument('<file>', 'a document that another verb wrote; -: standard input')
    .addOption(
      new Option('--format <name>', 'what to write')
        .choices([...Object.keys(OF_PLANS), 'prometheus'])
        .makeOptionMandatory(),
    )
    .action((file: string, flags: ExportFlags) => exported(file, flags, session));
  const out = command.options.find((option) => option.long === '--out');
  if (out) out.description = 'the folder, or with prometheus the file';
  return command;
}
