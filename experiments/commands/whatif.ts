// `whatif`: many plans at once, what moves them, and the cheapest change that reaches a target.

import { join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { InputError } from '../../models/index.js';
import { attended } from '../attended-runs.js';
import { commandLineOf, quoted } from '../command-line.js';
import {
  checkBeside,
  countFrom,
  deliver,
  executorOption,
  limitsOption,
  type StandardFlags,
  setOption,
  verb,
} from '../flags.js';
import { packageRoot } from '../package-root.js';
import type { Session } from '../session.js';
import {
  answerPart,
  inputsOf,
  MOST_PARTS,
  partFrom,
  pointsIn,
  Study,
  slurmScript,
  sweepReport,
  type WhatifRequest,
  whatif,
} from '../whatif/index.js';
import {
  createStudyFolder,
  expectParts,
  openPartFolder,
  resumeStudyFolder,
  type StudyFolder,
} from '../whatif-folder.js';
import { whatifFlagsFrom, whatifRequest } from '../whatif-request.js';

interface WhatifOptions extends StandardFlags {
  readonly resume?: string;
  readonly executor?: string;
  readonly scan: readonly string[];
  readonly points?: string;
  readonly slurm?: string;
  readonly parts: string;
  readonly part?: string;
}

/** Flags that change no answer. */
const HARMLESS = new Set(['resume', 'workers', 'quiet', 'json', 'executor', 'part']);
/** Flags that only an answer has a use for, and those that only runs have. */
const ANSWER = new Set(['json', 'out']);
const RUNS = new Set([...ANSWER, 'executor', 'workers']);

function newFolder(options: WhatifOptions, command: Command, session: Session): StudyFolder {
  const flags = whatifFlagsFrom(options);
  const inputs = inputsOf(whatifRequest(flags, session.environment));
  return createStudyFolder({ flags, inputs, command: commandLineOf(command) }, options.slurm ?? options.out);
}

/** The folder of a new study, or of the one to resume. @throws InputError, CannotRun. */
function folderFor(options: WhatifOptions, command: Command, session: Session): StudyFolder {
  if (options.part !== undefined && options.resume === undefined)
    throw new InputError('--part', '--resume beside it', 'none');
  if (options.resume === undefined) return newFolder(options, command, session);
  checkBeside('--resume', command, (name) => !HARMLESS.has(name), 'the folder knows what was asked');
  if (options.part === undefined) return resumeStudyFolder(options.resume);
  checkBeside('--part', command, (name) => ANSWER.has(name), 'the study is answered when all parts are there');
  return openPartFolder(options.resume, partFrom(options.part));
}

/** Does `work` with the study of this folder. @throws InputError when what it names says something else now. */
function studied<T>(
  folder: StudyFolder,
  options: WhatifOptions,
  session: Session,
  work: (request: WhatifRequest, study: Study) => Promise<T>,
): Promise<T> {
  const { flags, inputs, command } = folder.input;
  const request = whatifRequest(flags, session.environment);
  if (inputsOf(request) !== inputs)
    throw new InputError('--resume', 'the scenario and the hosts as they were', 'others under the same names');
  return attended(
    session,
    options,
    'the start',
    (runs, phase, count) => {
      const study = new Study(runs, folder, phase);
      count(study);
      return work({ ...request, command }, study);
    },
    { unit: 'points', known: true, kept: `go on with: rangefit whatif --resume ${options.resume ?? folder.path}` },
  );
}

/** Writes a study down, with a script that has a cluster answer it. */
function writeArray(options: WhatifOptions, command: Command, session: Session): void {
  checkBeside('--slurm', command, (name) => RUNS.has(name), 'nothing is run here');
  const points = pointsIn(whatifRequest(whatifFlagsFrom(options), session.environment));
  if (points === 0) throw new InputError('--slurm', 'a --scan to share out', 'none');
  const parts = Math.min(points, countFrom('--parts', options.parts, MOST_PARTS));
  const folder = newFolder(options, command, session);
  try {
    expectParts(folder);
    const program = [process.execPath, join(packageRoot(), 'dist/experiments/cli.js')];
    const at = resolve(folder.path);
    folder.write('array.sh', slurmScript({ folder: at, directory: process.cwd(), program, parts }));
    session.out(`sbatch ${quoted(at)}/array.sh\n`);
    session.out(`rangefit whatif --resume ${quoted(folder.path)}\n`);
    if (!options.quiet)
      session.err(
        `${points} points in ${parts} parts: the first line hands them to Slurm, the second puts the answer together\n`,
      );
  } finally {
    folder.close();
  }
}

async function run(options: WhatifOptions, command: Command, session: Session): Promise<void> {
  if (options.slurm === undefined && command.getOptionValueSource('parts') === 'cli')
    throw new InputError('--parts', '--slurm beside it', 'none');
  if (options.slurm !== undefined && options.resume === undefined) {
    writeArray(options, command, session);
    return;
  }
  const folder = folderFor(options, command, session);
  try {
    if (!options.quiet) session.err(`into ${folder.path}\n`);
    if (options.part !== undefined) {
      const part = partFrom(options.part);
      const points = await studied(folder, options, session, (request, study) => answerPart(request, part, study));
      session.out(`part ${options.part}: ${points} points are answered\n`);
      return;
    }
    const document = await studied(folder, options, session, whatif);
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
    'whatif --host pc3000 --scan range.peers=1000..10000:100 --slurm /shared/study --parts 32',
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
    .option('--slurm <dir>', 'run nothing here: a run folder with a script for sbatch, on a file system that all share')
    .option('--parts <count>', 'tasks of the Slurm array', '16')
    .option('--part <k/n>', 'with --resume: answer the k-th of n parts, as a task of the array does')
    .option('--whole', 'simulate downloads to their end instead of a window')
    .action((options: WhatifOptions) => run(options, command, session));
}
