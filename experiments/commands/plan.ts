// `plan`: how many hosts a range needs, from simulated runs.

import { writeFileSync } from 'node:fs';
import { InputError } from '../../models/index.js';
import { type PlanFlags, planRequest } from '../plan-request.js';
import { type PlanDocument, plan, planReport } from '../planner/index.js';
import { defaultWorkers, Interrupted, openRuns, type Runs } from '../pool.js';
import { openProgress } from '../progress.js';

export interface PlanOptions extends PlanFlags {
  readonly strict?: boolean;
  readonly json?: boolean;
  /** A file for the plan document. */
  readonly out?: string;
  readonly workers?: string;
  readonly quiet?: boolean;
}

const MOST_WORKERS = 256;

function workersFrom(text: string | undefined): number {
  if (text === undefined) return defaultWorkers();
  const workers = Number(text);
  if (!/^\d{1,3}$/.test(text) || workers > MOST_WORKERS)
    throw new InputError('--workers', `a whole number from 0 (no threads) to ${MOST_WORKERS}`, text);
  return workers;
}

/** 0: it fits. 1: it does not. 3: with `--strict`, the answer is extrapolated. */
export function planExitCode(
  { fits, extrapolated }: Pick<PlanDocument, 'fits' | 'extrapolated'>,
  strict: boolean,
): number {
  if (!fits) return 1;
  return strict && extrapolated ? 3 : 0;
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new InputError('--out', 'a file that can be written', error instanceof Error ? error.message : String(error));
  }
}

/** Stops the runs on Ctrl-C and says what was finished. Returns how to stop listening. */
function stopOnInterrupt(runs: Runs, doing: () => string): () => void {
  const interrupted = () => {
    process.stderr.write(`interrupted at ${doing()}: ${runs.finished} of ${runs.asked} runs were finished\n`);
    void runs.stop();
  };
  process.once('SIGINT', interrupted);
  return () => process.removeListener('SIGINT', interrupted);
}

/** @returns the exit code. @throws InputError, or Error for a broken invariant. */
export async function runPlan(options: PlanOptions): Promise<number> {
  const request = planRequest(options, process.env);
  const runs = openRuns(workersFrom(options.workers));
  const progress = openProgress(runs, options.quiet ?? false);
  let doing = 'the start';
  const ignoreInterrupt = stopOnInterrupt(runs, () => doing);
  let document: PlanDocument;
  try {
    document = await plan(request, runs, (text) => {
      doing = text;
      progress.phase(text);
    });
  } catch (error) {
    if (error instanceof Interrupted) return 130;
    throw error;
  } finally {
    progress.end();
    ignoreInterrupt();
    await runs.stop();
  }
  const json = `${JSON.stringify(document, null, 2)}\n`;
  if (options.out !== undefined) write(options.out, json);
  for (const warning of document.warnings) process.stderr.write(`warning: ${warning}\n`);
  process.stdout.write(options.json ? json : planReport(document, colored()));
  return planExitCode(document, options.strict ?? false);
}

/** NO_COLOR and FORCE_COLOR decide, then whether standard output is a terminal. */
function colored({ NO_COLOR, FORCE_COLOR, TERM } = process.env): boolean {
  if (NO_COLOR) return false;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return process.stdout.isTTY === true && TERM !== 'dumb';
}
