// Runs that somebody waits for: progress on standard error while they last, and an end at Ctrl-C.

import { type StandardFlags, workersFrom } from './flags.js';
import { openRuns, type Runs } from './pool.js';
import { openProgress } from './progress.js';
import type { Session } from './session.js';

/** Does `work` on worker threads; it may say what it is at. @throws Interrupted when Ctrl-C ended them, after saying how far they were. */
export async function attended<T>(
  session: Session,
  flags: StandardFlags,
  doing: string,
  work: (runs: Runs, phase: (text: string) => void) => Promise<T>,
): Promise<T> {
  const runs = openRuns(workersFrom(flags.workers));
  const progress = openProgress(runs, { quiet: flags.quiet ?? false });
  const interrupt = () => {
    session.err(`interrupted at ${doing}: ${runs.finished} of ${runs.asked} runs were finished\n`);
    void runs.stop();
  };
  process.once('SIGINT', interrupt);
  try {
    progress.phase(doing);
    return await work(runs, (text) => progress.phase(text));
  } finally {
    process.removeListener('SIGINT', interrupt);
    progress.end();
    await runs.stop();
  }
}
