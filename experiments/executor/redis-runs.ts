// Runs on other machines: jobs into a queue on Redis, answers out of it. Nothing depends on who ran what, or how often.

import type { JobsOptions, Queue } from 'bullmq';
import type { RunRecord } from '../../models/index.js';
import { Interrupted } from '../interrupted.js';
import type { Runs } from '../pool.js';
import { jobName, type SimulationJob } from '../simulation-job.js';
import { recordOf, type WorkerAnswer } from '../worker-answer.js';
import { type Connection, connect, shownAddress, within } from './connection.js';
import { decoded, encoded, type Names, namesOf, programName } from './wire.js';

/** ms between two looks for answers, and looks between two for jobs that got lost. */
const LOOK = 100;
const LOST_EVERY = 20;
/** ms after which a queue without workers is worth a word. */
const LONELY = 10_000;
/** ms for taking back what nobody waits for any longer. */
const LEAVE = 3000;

const jobOptions: JobsOptions = {
  // One that a worker gave back when it left counts as an attempt.
  attempts: 50,
  backoff: { type: 'fixed', delay: 500 },
  removeOnComplete: true,
  removeOnFail: { count: 1000 },
};

interface Waiting {
  readonly text: string;
  readonly done: (record: RunRecord) => void;
  readonly failed: (error: unknown) => void;
}

/**
 * A job is named by a hash of its inputs, and its answer is kept under that name for a while: asked for twice, or by
 * two people, it is run once; lost with a Redis that kept nothing, it is asked for again.
 */
export class RedisRuns implements Runs {
  asked = 0;
  finished = 0;
  private stopping: Promise<void> | undefined;
  private readonly waiting = new Map<string, Waiting>();
  private readonly looking: Promise<void>;

  private constructor(
    private readonly connection: Connection,
    private readonly queue: Queue,
    private readonly names: Names,
    private readonly lonely: () => void,
  ) {
    this.looking = this.look();
  }

  /** @throws InputError for an address that is none; CannotRun when nothing answers there. */
  static async open(
    address: string,
    tell: (message: string) => void = () => undefined,
    program = programName(),
  ): Promise<RedisRuns> {
    const connection = await connect(address, tell);
    const { Queue: Jobs } = await import('bullmq');
    const names = namesOf(program);
    const queue = new Jobs(names.queue, {
      connection: connection.redis,
      defaultJobOptions: jobOptions,
      streams: { events: { maxLen: 100 } },
    });
    queue.on('error', () => undefined);
    const shown = shownAddress(address);
    const lonely = () => tell(`no worker of this build has joined yet: rangefit worker --executor ${shown}`);
    return new RedisRuns(connection, queue, names, lonely);
  }

  run(job: SimulationJob): Promise<RunRecord> {
    this.asked++;
    if (this.stopping) return Promise.reject(new Interrupted('stopped'));
    const name = `job-${jobName(job)}`;
    return new Promise((done, failed) => {
      const before = this.waiting.get(name);
      const text = before?.text ?? encoded(job);
      this.waiting.set(name, {
        text,
        done: (record) => {
          this.finished++;
          before?.done(record);
          done(record);
        },
        failed: (error) => {
          before?.failed(error);
          failed(error);
        },
      });
      if (!before) void this.add(name, text).catch(() => undefined);
    });
  }

  stop(): Promise<void> {
    this.stopping ??= this.end();
    return this.stopping;
  }

  private async end(): Promise<void> {
    const names = [...this.waiting.keys()];
    for (const { failed } of this.waiting.values()) failed(new Interrupted('stopped'));
    this.waiting.clear();
    // A server that is away keeps nobody here.
    await within(LEAVE, this.leave(names));
    this.connection.end();
  }

  /** What nobody has begun nobody needs; whoever else waits for one asks for it again. */
  private async leave(names: readonly string[]): Promise<void> {
    await this.looking;
    await Promise.allSettled(names.map((name) => this.queue.remove(name)));
    await this.queue.close();
  }

  private async add(name: string, text: string): Promise<void> {
    await this.queue.add('run', { text }, { jobId: name });
  }

  private async look(): Promise<void> {
    const begun = Date.now();
    let alone = true;
    for (let round = 1; !this.stopping; round++) {
      await new Promise((wake) => setTimeout(wake, LOOK));
      // While the server is away there is nothing to look at; it is asked again once it is back.
      if (this.stopping || this.connection.redis.status !== 'ready' || this.waiting.size === 0) continue;
      try {
        await this.collect();
        if (round % LOST_EVERY === 0) await this.recover();
        if (!alone || Date.now() - begun < LONELY) continue;
        alone = false;
        if (this.finished === 0 && (await this.queue.getWorkersCount()) === 0) this.lonely();
      } catch {
        // The connection broke in between: the next look is as good.
      }
    }
  }

  /** Takes every answer that is there. */
  private async collect(): Promise<void> {
    const names = [...this.waiting.keys()];
    const there = this.connection.redis.pipeline();
    for (const name of names) there.exists(this.names.answer(name));
    const found = (await there.exec()) ?? [];
    for (const [i, name] of names.entries()) {
      if (found[i]?.[1] !== 1) continue;
      const text = await this.connection.redis.get(this.names.answer(name));
      if (text !== null) this.settle(name, () => recordOf(decoded(text) as WorkerAnswer));
    }
  }

  private settle(name: string, record: () => RunRecord): void {
    const waiting = this.waiting.get(name);
    if (!waiting) return;
    this.waiting.delete(name);
    try {
      waiting.done(record());
    } catch (error) {
      waiting.failed(error);
    }
  }

  /** Asks again for what the server forgot, and gives up what failed as often as it may. */
  private async recover(): Promise<void> {
    for (const [name, { text }] of [...this.waiting]) {
      const state = await this.queue.getJobState(name);
      if (state === 'unknown') {
        if ((await this.connection.redis.exists(this.names.answer(name))) === 0) await this.add(name, text);
      } else if (state === 'failed') {
        const job = await this.queue.getJob(name);
        const reason = job?.failedReason ?? 'no reason told';
        await job?.remove();
        this.settle(name, () => {
          throw new Error(`a run failed on every worker that took it: ${reason}`);
        });
      }
    }
  }
}
