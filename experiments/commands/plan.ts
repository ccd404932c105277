// `plan`: how many hosts a range needs, from simulated runs.

import { ExitCode } from '../exit-codes.js';
import { deliver, type StandardFlags, workersFrom } from '../flags.js';
import { type PlanFlags, planRequest } from '../plan-request.js';
import { type PlanDocument, type PlanRequest, plan, planReport } from '../planner/index.js';
import { openRuns } from '../pool.js';
import { openProgress } from '../progress.js';
import type { Session } from '../session.js';

export interface PlanOptions extends PlanFlags, StandardFlags {
  readonly seed: string;
  readonly strict?: boolean;
}

/** 0: it fits. 1: it does not. 3: with `--strict`, the answer is extrapolated. */
export function planExitCode(
  { fits, extrapolated }: Pick<PlanDocument, 'fits' | 'extrapolated'>,
  strict: boolean,
): number {
  if (!fits) return ExitCode.miss;
  return strict && extrapolated ? ExitCode.uncalibrated : ExitCode.done;
}

/** Plans on worker threads; Ctrl-C ends these at once and says what was finished. @throws Interrupted then. */
async function planned(request: PlanRequest, options: PlanOptions, session: Session): Promise<PlanDocument> {
  const runs = openRuns(workersFrom(options.workers));
  const progress = openProgress(runs, { quiet: options.quiet ?? false });
  let doing = 'the start';
  const interrupted = () => {
    session.err(`interrupted at ${doing}: ${runs.finished} of ${runs.asked} runs were finished\n`);
    void runs.stop();
  };
  process.once('SIGINT', interrupted);
  try {
    return await plan(request, runs, (text) => {
      doing = text;
      progress.phase(text);
    });
  } finally {
    process.removeListener('SIGINT', interrupted);
    progress.end();
    await runs.stop();
  }
}

/** @returns the exit code. @throws InputError, Interrupted, or Error for a broken invariant. */
export async function runPlan(options: PlanOptions, session: Session): Promise<number> {
  const document = await planned(planRequest(options, session.environment), options, session);
  if (!options.quiet) for (const warning of document.warnings) session.err(`warning: ${warning}\n`);
  deliver(session, options, document, planReport(document, session.color), 'plan.json');
  return planExitCode(document, options.strict ?? false);
}
