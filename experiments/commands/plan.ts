// `plan`: how many hosts a range needs, from simulated runs.

import { attended } from '../attended-runs.js';
import { ExitCode } from '../exit-codes.js';
import { deliver, type StandardFlags } from '../flags.js';
import { type PlanFlags, planRequest } from '../plan-request.js';
import { type PlanDocument, plan, planReport } from '../planner/index.js';
import type { Session } from '../session.js';

export interface PlanOptions extends PlanFlags, StandardFlags {
  readonly seed: string;
  readonly strict?: boolean;
  readonly executor?: string;
}

/** 0: it fits. 1: it does not. 3: with `--strict`, the answer is extrapolated. */
export function planExitCode(
  { fits, extrapolated }: Pick<PlanDocument, 'fits' | 'extrapolated'>,
  strict: boolean,
): number {
  if (!fits) return ExitCode.miss;
  return strict && extrapolated ? ExitCode.uncalibrated : ExitCode.done;
}

/** @returns the exit code. @throws InputError, CannotRun, Interrupted, or Error for a broken invariant. */
export async function runPlan(options: PlanOptions, session: Session): Promise<number> {
  const request = planRequest(options, session.environment);
  const document = await attended(session, options, 'the start', (runs, phase) => plan(request, runs, phase));
  if (!options.quiet) for (const warning of document.warnings) session.err(`warning: ${warning}\n`);
  deliver(session, options, document, planReport(document, session.color), 'plan.json');
  return planExitCode(document, options.strict ?? false);
}
