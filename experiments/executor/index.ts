// The door of executors: where runs are run, on threads of this machine or on workers of many.

import { openRuns, type Runs } from '../pool.js';
import { shownAddress } from './connection.js';
import { RedisRuns } from './redis-runs.js';

export { joinQueue, type RedisWorker } from './redis-worker.js';
export { RedisRuns, shownAddress };

/**
 * `address`: that of a Redis whose workers run the jobs; absent: `workers` threads here.
 * @throws InputError for an address that is none; CannotRun when nothing answers there.
 */
export async function openExecutor(
  address: string | undefined,
  workers: number | undefined,
  tell: (message: string) => void,
): Promise<Runs> {
  return address === undefined ? openRuns(workers) : RedisRuns.open(address, tell);
}
