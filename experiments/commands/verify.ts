// `verify`: a plan emulated for real at the planned density and beside it, predicted against measured, as a receipt.

import { type Command, Option } from 'commander';
import { TooNoisy } from '../../calibration/index.js';
import { CannotRun, emulate, hostShell, probeCapabilities } from '../../emu/index.js';
import { InputError } from '../../models/index.js';
import { attended } from '../attended-runs.js';
import { untilQuiet } from '../calibrate/index.js';
import { check, readDocument } from '../documents/index.js';
import { ExitCode } from '../exit-codes.js';
import { countFrom, deliver, type StandardFlags, verb } from '../flags.js';
import { packageVersion } from '../package-root.js';
import { patienceFrom } from '../patience.js';
import { type PlanDocument, planSchema } from '../planner/index.js';
import type { Session } from '../session.js';
import { SharedRuns } from '../shared-runs.js';
import { type Receipt, receiptDocument, receiptText, verify } from '../verify/index.js';

interface VerifyFlags extends StandardFlags {
  readonly repeats: string;
  readonly ladders: string;
  readonly patience: string;
}

/** A plan embeds scenario and profile, and every density it tested. */
const LARGEST = 64 * 2 ** 20;
const MOST_REPEATS = 20;

function readPlan(file: string): PlanDocument {
  const located = readDocument(file, file, LARGEST);
  check(located, planSchema, 'plan');
  const plan = located.value as PlanDocument;
  if (plan.fleet) throw new InputError(file, 'a plan for one kind of host', 'one for a fleet');
  return plan;
}

/** @throws TooNoisy, CannotRun, InputError, Interrupted. */
async function receiptFor(
  plan: PlanDocument,
  flags: VerifyFlags,
  session: Session,
  signal: AbortSignal,
): Promise<Receipt> {
  const patience = patienceFrom(flags.patience);
  const repeats = countFrom('--repeats', flags.repeats, MOST_REPEATS);
  const ladders = flags.ladders === '0' ? 0 : countFrom('--ladders', flags.ladders, MOST_REPEATS);
  const capabilities = await probeCapabilities(hostShell());
  if (!capabilities.root) throw new CannotRun('verifying needs root: containers are started');
  const { machine, kernel, cores } = capabilities;
  const version = packageVersion();
  return attended(session, flags, 'the prediction', (runs, phase) =>
    verify(
      plan,
      {
        ...{ repeats, ladders, phase, runs: new SharedRuns(runs) },
        run: async (scenario, seed) => {
          await untilQuiet(cores, patience, signal);
          const onMessage = (line: string) => {
            if (!flags.quiet) session.err(`${line}\n`);
          };
          return emulate(scenario, capabilities, seed, { version, signal, onMessage });
        },
      },
      { machine, kernel, version, measuredAt: new Date().toISOString() },
    ),
  );
}

export function verifyVerb(session: Session): Command {
  return verb('verify', 'run the planned density for real, and compare: predicted against measured (root, LXC)', [
    'plan --scenario pairs-100mbit --pairs 40 --host here --json > plan.json',
    'verify plan.json --out receipt.json',
    'verify plan.json --ladders 3                    also measure the knee, three times',
    'report receipt.json --out receipt.html',
    'calibrate --refine receipt.json                 feed a miss back into the profile',
  ])
    .argument('<plan>', 'a plan that `plan --json` wrote')
    .option('--repeats <count>', 'undisturbed runs of each density', '3')
    .addOption(new Option('--ladders <count>', 'ladders of real runs that find the knee').default('0', 'none'))
    .option('--patience <duration>', 'how long to wait for a quiet machine before each run', '60s')
    .action(async (file: string, flags: VerifyFlags) => {
      const plan = readPlan(file);
      const stop = new AbortController();
      const interrupt = () => stop.abort(new Error('interrupted'));
      process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
      try {
        const receipt = await receiptFor(plan, flags, session, stop.signal);
        deliver(session, flags, receiptDocument(receipt), receiptText(receipt, session.color), 'receipt.json');
        if (!receipt.ok) session.exitCode = ExitCode.miss;
      } catch (error) {
        if (stop.signal.aborted) {
          session.err('interrupted: the range is taken down\n');
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
