// Runs that somebody waits for: progress on standard error while they last, and an end at Ctrl-C or a kill.

import { openExecutor } from './executor/index.js';
import { type StandardFlags, workersFrom } from './flags.js';
import type { Runs } from './pool.js';
import { type Counted, openProgress, type ProgressOptions } from './progress.js';
import type { Session } from './session.js';

interface AttendedFlags extends StandardFlags {
  /** Where the runs are run; absent: on threads here. */
  readonly executor?: string;
}

interface Attendance extends Partial<Pick<ProgressOptions, 'unit' | 'known'>> {
  /** What is told when they are ended, after what it was at; absent: how many runs were finished. */
  readonly kept?: string;
}

/** Done with `runs`; may say what it is at, and what is counted instead of runs. */
type Attended<T> = (runs: Runs, phase: (text: string) => void, count: (counted: Counted) => void) => Promise<T>;

/**
 * Does `work` on worker threads, or where `--executor` says. `doing`: what is done, before the work says so.
 * @throws Interrupted when Ctrl-C or SIGTERM ended the runs, after saying how far they were.
 */
export async function attended<T>(
  session: Session,
  flags: AttendedFlags,
  doing: string,
  work: Attended<T>,
  { kept, ...shown }: Attendance = {},
): Promise<T> {
  const quiet = flags.quiet ?? false;
  const runs = await openExecutor(flags.executor, workersFrom(flags.workers), (message) => {
    if (!quiet) session.err(`${message}\n`);
  });
  let counted: Counted = runs;
  let at = doing;
  const progress = openProgress(
    {
      get asked() {
        return counted.asked;
      },
      get finished() {
        return counted.finished;
      },
      get known() {
        return counted.known ?? 0;
      },
    },
    { quiet, ...shown },
  );
  const interrupt = () => {
    session.err(`interrupted at ${at}: ${kept ?? `${runs.finished} of ${runs.asked} runs were finished`}\n`);
    void runs.stop();
  };
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    progress.phase(doing);
    return await work(
      runs,
      (text) => {
        at = text;
        progress.phase(text);
      },
      (other) => {
        counted = other;
      },
    );
  } finally {
    process.removeListener('SIGINT', interrupt).removeListener('SIGTERM', interrupt);
    progress.end();
    await runs.stop();
  }
}
