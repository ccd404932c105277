// A worker: takes jobs of its build from the queue on Redis, runs them on its threads, and leaves the answers there.

import type { Worker } from 'bullmq';
import type { Runs } from '../pool.js';
import type { SimulationJob } from '../simulation-job.js';
import { answerOf } from '../worker-answer.js';
import { connect, within } from './connection.js';
import { decoded, encoded, namesOf, programName } from './wire.js';

/** s that an answer is kept: long enough for whoever asked to come back, and for others who ask the same. */
const KEPT = 24 * 3600;
/** s that a broken invariant is kept, so that a mended machine may try again. */
const KEPT_BROKEN = 60;
/** ms after which a job whose worker gives no sign of life goes to another, and between looks for such jobs. */
const LOCK = 6000;
const LOOK_FOR_STALLED = 2000;
/** A job that no worker survives ends; one that met this many kills and restarts is not one yet. */
const STALLS = 20;

/** ms for giving back what it is at. */
const LEAVE = 3000;

export interface RedisWorker {
  /** Runs finished so far. */
  readonly finished: number;
  /** Gives back what it is at, and leaves. */
  stop(): Promise<void>;
}

/**
 * Joins; jobs come until it is stopped. Jobs run on `runs`, so that this thread is free to say that it is alive.
 * @param atOnce jobs taken at a time.
 * @throws InputError for an address that is none; CannotRun when nothing answers there.
 */
export async function joinQueue(
  address: string,
  runs: Runs,
  atOnce: number,
  tell: (message: string) => void,
  program = programName(),
): Promise<RedisWorker> {
  const { redis, end } = await connect(address, tell);
  const names = namesOf(program);
  const { Worker: Taker } = await import('bullmq');
  let finished = 0;
  const taker: Worker<{ text: string }> = new Taker(
    names.queue,
    async (job) => {
      const key = names.answer(job.id as string);
      // Run already: a job that came twice, or whose end was not heard.
      if ((await redis.exists(key)) === 1) return;
      const answer = await answerOf(() => runs.run(decoded(job.data.text) as SimulationJob));
      await redis.set(key, encoded(answer), 'EX', 'broken' in answer ? KEPT_BROKEN : KEPT);
      finished++;
    },
    {
      connection: redis,
      concurrency: atOnce,
      lockDuration: LOCK,
      stalledInterval: LOOK_FOR_STALLED,
      maxStalledCount: STALLS,
    },
  );
  // A server that is away is waited for; a job lost meanwhile is asked for again by whoever wants it.
  taker.on('error', () => undefined);
  return {
    get finished() {
      return finished;
    },
    async stop() {
      const leaving = taker.close().catch(() => undefined);
      await runs.stop();
      // Without a server there is nobody to give the jobs back to: their locks run out.
      await within(LEAVE, leaving);
      end();
    },
  };
}
