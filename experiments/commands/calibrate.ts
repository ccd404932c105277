// `calibrate`: a ladder of real experiments on this machine, and a host profile fitted to them.

import type { Command } from 'commander';
import { encode } from 'zod';
import { observationsSchema, type RunEntry, TooNoisy } from '../../calibration/index.js';
import { CannotRun, type Capabilities, hostShell, probeCapabilities } from '../../emu/index.js';
import { hostProfileSchema, InputError } from '../../models/index.js';
import { attended } from '../attended-runs.js';
import {
  type CalibrationRun,
  calibrationReport,
  calibrationRuns,
  checkOwnName,
  fitObservations,
  loadObservations,
  measure,
  readReceipt,
  refined,
  saveObservations,
  saveProfile,
} from '../calibrate/index.js';
import { commandLineOf, commandOf } from '../command-line.js';
import { ExitCode } from '../exit-codes.js';
import { checkBeside, deliver, type StandardFlags, verb } from '../flags.js';
import { packageVersion } from '../package-root.js';
import { patienceFrom } from '../patience.js';
import { createRunFolder, type RunFolder, resumeRunFolder } from '../run-folder.js';
import type { Session } from '../session.js';
import { openStepReport } from '../step-report.js';

interface CalibrateFlags extends StandardFlags {
  readonly name?: string;
  readonly quick?: boolean;
  readonly resume?: string;
  readonly patience: string;
  readonly refine?: string;
}

type Folder = RunFolder<CalibrationRun, RunEntry>;

/** What a folder that is gone on with, or a receipt and its host's observations, settle. */
const SETTLED = new Set(['name', 'quick', 'resume', 'patience', 'out']);

/** @throws InputError for flags that would be ignored. */
function checkFlags(flags: CalibrateFlags, command: Command): void {
  const except =
    (...kept: string[]) =>
    (name: string) =>
      SETTLED.has(name) && !kept.includes(name);
  if (flags.refine !== undefined)
    checkBeside('--refine', command, except('out'), 'nothing is measured, and the receipt names the host');
  else if (flags.resume !== undefined)
    checkBeside('--resume', command, except('resume', 'patience'), 'the folder knows what was asked');
}

/** @throws InputError; CannotRun when another process has the folder. */
function openFolder(flags: CalibrateFlags): Folder {
  if (flags.resume !== undefined) return resumeRunFolder(calibrationRuns, flags.resume);
  if (flags.name === undefined) throw new InputError('--name', 'a name for this machine, or --resume', 'nothing');
  const name = checkOwnName(flags.name);
  return createRunFolder(
    calibrationRuns,
    {
      name,
      quick: flags.quick ?? false,
      startedAt: new Date().toISOString(),
      versions: { rangefit: packageVersion(), node: process.version },
    },
    { out: flags.out, name },
  );
}

/** The observations of the receipt's host with what it measured, and a profile fitted to all of them. */
async function refine(file: string, flags: CalibrateFlags, session: Session, command: string): Promise<void> {
  const receipt = readReceipt(file);
  checkOwnName(receipt.host);
  const observations = refined(loadObservations(receipt.host, session.environment), receipt);
  const profile = await attended(session, flags, 'the fit', (runs, phase) =>
    fitObservations(observations, runs, { seed: flags.seed, command }, phase),
  );
  const files = [saveObservations(session.environment, observations), saveProfile(session.environment, profile)];
  if (!flags.quiet) session.err(`observations and profile: ${files.join(', ')}\n`);
  const document = encode(hostProfileSchema, profile);
  deliver(session, flags, document, calibrationReport(profile, session.color), `${profile.name}.json`);
}

/** The command line that asks for the whole of it at once: one that went on with a folder says nothing of what was asked. */
function beginningOf({ name, quick }: CalibrationRun, command: Command): string {
  const seed = command.getOptionValueSource('seed') === 'cli' ? ['--seed', String(command.getOptionValue('seed'))] : [];
  return commandOf(['calibrate', '--name', name, ...(quick ? ['--quick'] : []), ...seed]);
}

/** @throws TooNoisy, CannotRun, InputError, Interrupted. */
async function calibrate(
  flags: CalibrateFlags,
  session: Session,
  signal: AbortSignal,
  command: Command,
): Promise<void> {
  checkFlags(flags, command);
  if (flags.refine !== undefined) return refine(flags.refine, flags, session, commandLineOf(command));
  const patience = patienceFrom(flags.patience);
  const capabilities = await probeCapabilities(hostShell());
  if (!capabilities.root) throw new CannotRun('calibrating needs root: containers are started');
  const folder = openFolder(flags);
  try {
    const begun = beginningOf(folder.input, command);
    await calibrateInto(folder, flags, session, signal, { patience, capabilities, command: begun });
  } finally {
    folder.close();
  }
}

async function calibrateInto(
  folder: Folder,
  flags: CalibrateFlags,
  session: Session,
  signal: AbortSignal,
  {
    patience,
    capabilities,
    command,
  }: { readonly patience: number; readonly capabilities: Capabilities; readonly command: string },
): Promise<void> {
  const quiet = flags.quiet ?? false;
  const message = (line: string) => {
    if (!quiet) session.err(`${line}\n`);
  };
  message(`runs are kept in ${folder.path}; \`rangefit calibrate --resume ${folder.path}\` goes on with them`);
  const report = openStepReport(quiet);
  const observations = await measure(capabilities, folder, {
    ...{ version: packageVersion(), patience, signal, onMessage: message },
    onProgress: (id, { done, all, left }) =>
      report.show(`${id}: ${done} of ${all} runs done, ${Math.ceil(left / 60)} min left`),
  }).finally(() => report.end());
  folder.write('observations.json', `${JSON.stringify(encode(observationsSchema, observations))}\n`);
  message(`observations: ${saveObservations(session.environment, observations)}`);
  const profile = await attended(session, flags, 'the fit', (runs, phase) =>
    fitObservations(observations, runs, { seed: flags.seed, quick: folder.input.quick, command }, phase),
  );
  const document = encode(hostProfileSchema, profile);
  folder.write('profile.json', `${JSON.stringify(document, null, 2)}\n`);
  message(`profile: ${saveProfile(session.environment, profile)}; now \`rangefit plan --host ${profile.name}\``);
  session.out(flags.json ? `${JSON.stringify(document, null, 2)}\n` : calibrationReport(profile, session.color));
}

export function calibrateVerb(session: Session): Command {
  const command = verb(
    'calibrate',
    'measure this machine with real experiments and fit a host profile to it (root, LXC)',
    [
      'calibrate --name here',
      'calibrate --name here --quick',
      'calibrate --resume rangefit-runs/here          go on after a kill, or on a quieter machine',
      'calibrate --refine receipt.json                feed what `verify` measured back into the profile',
    ],
  );
  command
    .option('--name <name>', 'what the host will be called')
    .option('--quick', 'a short ladder: under 3 minutes, and wider intervals')
    .option('--resume <folder>', 'go on with the run in this folder')
    .option('--refine <receipt>', 'add what `verify` measured to the observations, and fit again')
    .option('--patience <duration>', 'how long to wait for a quiet machine before each run', '60s')
    .action(async (flags: CalibrateFlags, command: Command) => {
      const stop = new AbortController();
      const interrupt = () => stop.abort(new Error('interrupted'));
      process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
      try {
        await calibrate(flags, session, stop.signal, command);
      } catch (error) {
        if (stop.signal.aborted) {
          session.err('interrupted: finished runs are kept\n');
          session.exitCode = ExitCode.interrupted;
        } else if (error instanceof TooNoisy) {
          session.err(`error: this machine is too noisy to be calibrated: ${error.message}; finished runs are kept\n`);
          session.exitCode = ExitCode.cannot;
        } else if (error instanceof CannotRun) {
          session.err(`error: ${error.message}\n`);
          session.exitCode = ExitCode.cannot;
        } else throw error;
      } finally {
        process.removeListener('SIGINT', interrupt).removeListener('SIGTERM', interrupt);
      }
    });
  for (const option of command.options)
    if (option.long === '--out') option.description = 'the run folder (default: rangefit-runs/NAME)';
  return command;
}
