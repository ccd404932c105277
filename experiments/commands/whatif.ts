// `whatif`: many plans at once, what moves them, and the cheapest change that reaches a target.

import { type Command, Option } from 'commander';
import { InputError } from '../../models/index.js';
import { attended } from '../attended-runs.js';
import { commandLineOf } from '../command-line.js';
import { deliver, executorOption, limitsOption, type StandardFlags, setOption, verb } from '../flags.js';
import { createRunFolder, type RunFolder, type RunFolderKind, resumeRunFolder } from '../run-folder.js';
import type { Session } from '../session.js';
import {
  inputsOf,
  Study,
  type StudyEntry,
  type SweepDocument,
  studyEntry,
  sweepReport,
  whatif,
} from '../whatif/index.js';
import { type WhatifAsked, whatifAskedSchema, whatifFlagsFrom, whatifRequest } from '../whatif-request.js';

interface WhatifOptions extends StandardFlags {
  readonly resume?: string;
  readonly executor?: string;
  readonly scan: readonly string[];
  readonly points?: string;
}

const kind: RunFolderKind<WhatifAsked, StudyEntry> = {
  verb: 'whatif',
  input: whatifAskedSchema,
  entry: studyEntry,
};

/** The folder of a new study, or of the one to resume. @throws InputError, CannotRun. */
function folderFor(options: WhatifOptions, command: Command, session: Session): RunFolder<WhatifAsked, StudyEntry> {
  if (options.resume === undefined) {
    const flags = whatifFlagsFrom(options);
    const inputs = inputsOf(whatifRequest(flags, session.environment));
    const asked = { flags, inputs, command: commandLineOf(command) };
    return createRunFolder(kind, asked, { out: options.out, name: `whatif-${nameFrom(flags.scenario)}` });
  }
  const beside = command.options.find(
    (option) => command.getOptionValueSource(option.attributeName()) === 'cli' && !HARMLESS.has(option.attributeName()),
  );
  if (beside)
    throw new InputError('--resume', `no ${beside.long} beside it: the folder knows what was asked`, options.resume);
  return resumeRunFolder(kind, options.resume);
}

/** Flags that change no answer. */
const HARMLESS = new Set(['resume', 'workers', 'quiet', 'json', 'executor']);

const nameFrom = (scenario = 'swarm-100'): string =>
  scenario
    .replace(/^.*\//, '')
    .replace(/\.\w+$/, '')
    .replace(/[^\w-]+/g, '-');

async function study(
  folder: RunFolder<WhatifAsked, StudyEntry>,
  options: WhatifOptions,
  session: Session,
): Promise<SweepDocument> {
  const { flags, inputs, command } = folder.input;
  const request = whatifRequest(flags, session.environment);
  if (inputsOf(request) !== inputs)
    throw new InputError('--resume', 'the scenario and the hosts as they were', 'others under the same names');
  return attended(
    session,
    options,
    'the start',
    (runs, phase, count) => {
      const asked = new Study(runs, folder, phase);
      count(asked);
      return whatif({ ...request, command }, asked);
    },
    { unit: 'points', known: true, kept: `go on with: rangefit whatif --resume ${folder.path}` },
  );
}

async function run(options: WhatifOptions, command: Command, session: Session): Promise<void> {
  const folder = folderFor(options, command, session);
  try {
    if (!options.quiet) session.err(`into ${folder.path}\n`);
    const document = await study(folder, options, session);
    folder.write('sweep.json', `${JSON.stringify(document, null, 2)}\n`);
    const { out: _, ...flags } = options;
    deliver(session, flags, document, sweepReport(document, session.color), 'sweep.json');
    // A target that nothing reaches, and a range that does not fit, are a miss.
    session.exitCode = document.target?.reached === false || document.fleet?.fits === false ? 1 : 0;
  } finally {
    folder.close();
  }
}

const listOption = (flags: string, description: string): Option =>
  new Option(flags, description)
    .argParser((text: string, before: readonly string[]) => [...before, text])
    .default([], 'none');

export function whatifVerb(session: Session): Command {
  const command = verb('whatif', 'many plans at once: what moves the knee, and which change reaches a target', [
    'whatif --host pc3000 --scan range.peers=1000..10000:1000 --scan host.memory=2GiB,8GiB',
    'whatif --host pc3000 --scenario pairs-100mbit --scan scenario.link.up=10Mbit/s..1Gbit/s --points 40',
    'whatif --host pc3000 --limits stock --target-per-host 100     the cheapest change to it',
    'whatif --fleet pc3000:40,t7500:20                             how many peers fit on what is there?',
    'whatif --host pc3000,t7500 --peers 500 --price pc3000=120,t7500=45',
    'whatif --resume rangefit-runs/whatif-swarm-100',
  ]);
  const out = command.options.find((option) => option.long === '--out');
  if (out) out.description = 'the run folder: what was asked, what is finished, sweep.json (default: a new one)';
  return command
    .option('--resume <dir>', 'go on with the study in this run folder')
    .addOption(
      listOption('--scan <path=values>', 'a parameter as in --set, with a,b,c or a..b:step; several: each with each'),
    )
    .option('--points <count>', 'a sample of so many points that fill the space evenly, instead of each with each')
    .option('--target-per-host <count>', 'find what makes a host hold so many: of the scan, or by moving what binds')
    .option('--target-hosts <count>', 'find what lets the range fit on so many hosts')
    .option('--peers <count>', 'vnodes of the whole range (default: as in the scenario)')
    .option('--pairs <count>', 'the same in pairs, for a scenario of pairs')
    .option('--scenario <name>', 'what runs: a name or a file (default: swarm-100)')
    .option('--host <names>', 'host profiles, separated by commas: names or files')
    .option('--fleet <counts>', 'hosts that are there: how many vnodes they hold, or which of them to take for --peers')
    .addOption(listOption('--price <host=price>', 'of one host each: the cheapest fleet'))
    .option('--tech <name>', 'container technology (default: the first of the host)')
    .addOption(limitsOption())
    .addOption(setOption())
    .addOption(executorOption())
    .option('--whole', 'simulate downloads to their end instead of a window')
    .action((options: WhatifOptions) => run(options, command, session));
}
