// The pool: simulation jobs on worker threads, or in this thread. Records do not depend on how many there are.

import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Piscina } from 'piscina';
import type { RunRecord } from '../models/index.js';
import { Interrupted } from './interrupted.js';
import { packageRoot } from './package-root.js';
import { runJob, type SimulationJob } from './simulation-job.js';
import { recordOf, type WorkerAnswer } from './worker-answer.js';

export interface Runs {
  /** @throws InputError, Interrupted, or Error when the run broke an invariant or its thread died twice. */
  run(job: SimulationJob): Promise<RunRecord>;
  /** Runs asked for and finished so far. */
  readonly asked: number;
  readonly finished: number;
  /** Ends the threads at once; runs under way reject with `Interrupted`. */
  stop(): Promise<void>;
}

/** A thread that dies is replaced, and what it was at is tried once more. */
const ATTEMPTS = 2;

/** As many as the machine runs at the same time. */
export const defaultWorkers = (): number => availableParallelism();

/** @param run what a job means; the simulator, unless a test says otherwise. */
export class LocalRuns implements Runs {
  asked = 0;
  finished = 0;
  private stopped = false;

  constructor(private readonly execute: (job: SimulationJob) => RunRecord | Promise<RunRecord> = runJob) {}

  async run(job: SimulationJob): Promise<RunRecord> {
    this.asked++;
    // Lets a signal or a stop come between two runs.
    await new Promise((done) => setImmediate(done));
    if (this.stopped) throw new Interrupted('stopped');
    const record = await this.execute(job);
    this.finished++;
    return record;
  }

  async stop(): Promise<void> {
    this.stopped = true;
  }
}

export class ThreadRuns implements Runs {
  asked = 0;
  finished = 0;
  private stopped = false;
  private readonly threads: Piscina<SimulationJob, WorkerAnswer>;

  constructor(workers: number, file: string) {
    this.threads = new Piscina({
      filename: pathToFileURL(file).href,
      name: 'work',
      minThreads: 0,
      maxThreads: workers,
      // A thread that ends takes CPU while it does so, which may be in the midst of a real run.
      idleTimeout: Number.POSITIVE_INFINITY,
      // One job a thread at a time, first come first served: nothing waits behind a long run on a busy thread.
      concurrentTasksPerWorker: 1,
    });
    // A thread's own death is answered where its job is awaited.
    this.threads.on('error', () => undefined);
  }

  async run(job: SimulationJob): Promise<RunRecord> {
    this.asked++;
    for (let attempt = 1; ; attempt++) {
      if (this.stopped) throw new Interrupted('stopped');
      let answer: WorkerAnswer;
      try {
        answer = await this.threads.run(job);
      } catch (error) {
        if (this.stopped) throw new Interrupted('stopped');
        if (attempt < ATTEMPTS) continue;
        const reason = error instanceof Error ? error.message : String(error);
        throw new Error(`a worker thread died twice at the same run (${reason})`, { cause: error });
      }
      const record = recordOf(answer);
      this.finished++;
      return record;
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.threads.destroy();
  }
}

/** `workers` threads on the compiled worker; 0, or without a build: in this thread. */
export function openRuns(workers: number = defaultWorkers()): Runs {
  const file = join(packageRoot(), 'dist/experiments/worker.js');
  return workers > 0 && existsSync(file) ? new ThreadRuns(workers, file) : new LocalRuns();
}
