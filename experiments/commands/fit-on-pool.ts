// A fit with the progress and the interruption of every long verb.

import type { Observations } from '../../calibration/index.js';
import type { HostProfile } from '../../models/index.js';
import { fitObservations } from '../calibrate/index.js';
import { type StandardFlags, workersFrom } from '../flags.js';
import { openRuns } from '../pool.js';
import { openProgress } from '../progress.js';
import type { Session } from '../session.js';

/** @throws InputError, Interrupted. */
export async function fitOnPool(
  observations: Observations,
  flags: StandardFlags,
  session: Session,
): Promise<HostProfile> {
  const runs = openRuns(workersFrom(flags.workers));
  const progress = openProgress(runs, flags.quiet ?? false);
  const interrupted = () => {
    session.err(`interrupted: ${runs.finished} of ${runs.asked} runs of the fit were finished\n`);
    void runs.stop();
  };
  process.once('SIGINT', interrupted);
  try {
    return await fitObservations(observations, runs, flags.seed, (text) => progress.phase(text));
  } finally {
    process.removeListener('SIGINT', interrupted);
    progress.end();
    await runs.stop();
  }
}
