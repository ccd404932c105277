// `verify`: a plan emulated for real at the planned density and beside it, predicted against measured, as a receipt.

import { type Command, Option } from 'commander';
import { TooNoisy } from '../../calibration/index.js';
import { CannotRun, type Capabilities, emulate, hostShell, probeCapabilities } from '../../emu/index.js';
import { InputError } from '../../models/index.js';
import { attended } from '../attended-runs.js';
import { untilQuiet } from '../calibrate/index.js';
import { commandLineOf } from '../command-line.js';
import { check, escaped, readDocument } from '../documents/index.js';
import { ExitCode } from '../exit-codes.js';
import { checkBeside, countFrom, deliver, type StandardFlags, verb } from '../flags.js';
import { packageVersion } from '../package-root.js';
import { patienceFrom } from '../patience.js';
import { type PlanDocument, planSchema } from '../planner/index.js';
import { createRunFolder, type RunFolder, resumeRunFolder } from '../run-folder.js';
import type { Session } from '../session.js';
import { SharedRuns } from '../shared-runs.js';
import {
  keptRuns,
  type Receipt,
  receiptDocument,
  receiptText,
  type VerificationEntry,
  type VerificationRun,
  verificationRuns,
  verify,
} from '../verify/index.js';

interface VerifyFlags extends StandardFlags {
  readonly repeats: string;
  readonly ladders: string;
  readonly patience: string;
  readonly resume?: string;
}

/** A plan embeds scenario and profile, and every density it tested. */
const LARGEST = 64 * 2 ** 20;
const MOST_REPEATS = 20;
/** What a folder that is gone on with settles. */
const SETTLED = new Set(['repeats', 'ladders']);

function readPlan(file: string): PlanDocument {
  const located = readDocument(file, file, LARGEST);
  check(located, planSchema, 'plan');
  const plan = located.value as PlanDocument;
  if (plan.lab)
    throw new InputError(file, 'the plan of a scenario', 'one of a containerlab file, which is not emulated');
  if (plan.fleet) throw new InputError(file, 'a plan for one kind of host', 'one for a fleet');
  return plan;
}

type Folder = RunFolder<VerificationRun, VerificationEntry>;

/** What is asked of a new verification; undefined: an old one goes on. @throws InputError. */
function askedOf(file: string | undefined, flags: VerifyFlags, command: Command): VerificationRun | undefined {
  patienceFrom(flags.patience);
  if (flags.resume !== undefined) {
    if (file !== undefined) throw new InputError('--resume', 'no plan beside it: the folder has it', escaped(file));
    checkBeside('--resume', command, (name) => SETTLED.has(name), 'the folder knows what was asked');
    return undefined;
  }
  if (file === undefined) throw new InputError('verify', 'a plan, or --resume', 'nothing');
  const plan = readPlan(file);
  const repeats = countFrom('--repeats', flags.repeats, MOST_REPEATS);
  const ladders = flags.ladders === '0' ? 0 : countFrom('--ladders', flags.ladders, MOST_REPEATS);
  return { plan, repeats, ladders, startedAt: new Date().toISOString(), command: commandLineOf(command) };
}

/** @throws InputError; CannotRun when another process has the folder. */
const openFolder = (asked: VerificationRun | undefined, { resume = '' }: VerifyFlags): Folder =>
  asked
    ? createRunFolder(verificationRuns, asked, { name: `verify-${asked.plan.host}` })
    : resumeRunFolder(verificationRuns, resume);

/** @throws TooNoisy, CannotRun, Interrupted. */
async function receiptFor(
  folder: Folder,
  capabilities: Capabilities,
  flags: VerifyFlags,
  session: Session,
  signal: AbortSignal,
): Promise<Receipt> {
  const patience = patienceFrom(flags.patience);
  const { machine, kernel, cores } = capabilities;
  const { plan, repeats, ladders, startedAt, command } = folder.input;
  const version = packageVersion();
  const onMessage = (line: string) => {
    if (!flags.quiet) session.err(`${line}\n`);
  };
  onMessage(`runs are kept in ${folder.path}; \`rangefit verify --resume ${folder.path}\` goes on with them`);
  const run = keptRuns(folder, async (scenario, seed, quiet) => {
    await untilQuiet(cores, patience, signal, { seconds: quiet, insists: false });
    return emulate(scenario, capabilities, seed, { version, signal, onMessage });
  });
  return attended(session, flags, 'the prediction', (runs, phase) =>
    verify(
      plan,
      { repeats, ladders, phase, runs: new SharedRuns(runs), run },
      { machine, kernel, version, measuredAt: startedAt, ...(command !== undefined && { command }) },
    ),
  );
}

/** @throws TooNoisy, CannotRun, InputError, Interrupted. */
async function verifyInto(
  file: string | undefined,
  flags: VerifyFlags,
  session: Session,
  signal: AbortSignal,
  command: Command,
): Promise<void> {
  const asked = askedOf(file, flags, command);
  const capabilities = await probeCapabilities(hostShell());
  if (!capabilities.root) throw new CannotRun('verifying needs root: containers are started');
  const folder = openFolder(asked, flags);
  try {
    const receipt = await receiptFor(folder, capabilities, flags, session, signal);
    const document = receiptDocument(receipt);
    folder.write('receipt.json', `${JSON.stringify(document, null, 2)}\n`);
    deliver(session, flags, document, receiptText(receipt, session.color), 'receipt.json');
    if (!receipt.ok) session.exitCode = ExitCode.miss;
  } finally {
    folder.close();
  }
}

export function verifyVerb(session: Session): Command {
  return verb(
    'verify',
    'run the planned density for real, and compare: predicted against measured (root, LXC)',
    [
      'plan --scenario pairs-100mbit --pairs 40 --host here --json > plan.json',
      'verify plan.json --out receipt.json',
      'verify plan.json --ladders 3                    also measure the knee, three times',
      'verify --resume rangefit-runs/verify-here       go on after a kill, or on a quieter machine',
      'report receipt.json --out receipt.html',
      'calibrate --refine receipt.json                 feed a miss back into the profile',
    ],
    { idle: ['seed'] },
  )
    .argument('[plan]', 'a plan that `plan --json` wrote')
    .option('--resume <folder>', 'go on with the verification in this folder')
    .option('--repeats <count>', 'undisturbed runs of each density', '3')
    .addOption(new Option('--ladders <count>', 'ladders of real runs that find the knee').default('0', 'none'))
    .option('--patience <duration>', 'how long to wait for a quiet machine before each run', '60s')
    .action(async (file: string | undefined, flags: VerifyFlags, command: Command) => {
      const stop = new AbortController();
      const interrupt = () => stop.abort(new Error('interrupted'));
      process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
      try {
        await verifyInto(file, flags, session, stop.signal, command);
      } catch (error) {
        if (stop.signal.aborted) {
          session.err('interrupted: the range is taken down, finished runs are kept\n');
          session.exitCode = ExitCode.interrupted;
        } else if (error instanceof TooNoisy || error instanceof CannotRun) {
          const noisy = error instanceof TooNoisy ? 'this machine is too noisy to verify a plan: ' : '';
          session.err(`error: ${noisy}${error.message}\n`);
          session.exitCode = ExitCode.cannot;
        } else throw error;
      } finally {
        process.removeListener('SIGINT', interrupt).removeListener('SIGTERM', interrupt);
      }
    });
}
