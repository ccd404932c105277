// Recent runs: records kept from one plan to the next, and jobs that wait their turn so that nobody's leftovers come first.

import type { RunRecord } from '../../models/index.js';
import { Interrupted } from '../interrupted.js';
import type { Runs } from '../pool.js';
import { jobKey, type SimulationJob } from '../simulation-job.js';

/** Records of a hundred peers take about 0.2 MB each. */
const KEPT = 400;

interface Waiting {
  readonly start: () => void;
  readonly drop: () => void;
  readonly signal: AbortSignal;
}

/**
 * A change of a tolerance asks for the same runs again, and gets them at once. The pool gets no more jobs than it has
 * threads: what was asked for a plan that nobody watches any longer never starts.
 */
export class RecentRuns {
  private readonly records = new Map<string, Promise<RunRecord>>();
  private readonly waiting: Waiting[] = [];
  private running = 0;

  constructor(
    private readonly runs: Runs,
    private readonly atOnce: number,
  ) {}

  /** The runs of one plan; none starts once the signal is given. */
  for(signal: AbortSignal): Runs {
    const counted = { asked: 0, finished: 0 };
    return {
      get asked() {
        return counted.asked;
      },
      get finished() {
        return counted.finished;
      },
      run: async (job) => {
        counted.asked++;
        const record = await this.recent(job, signal);
        counted.finished++;
        return record;
      },
      stop: async () => undefined,
    };
  }

  private recent(job: SimulationJob, signal: AbortSignal): Promise<RunRecord> {
    const key = jobKey(job);
    const known = this.records.get(key);
    if (known) {
      this.records.delete(key);
      this.records.set(key, known);
      // Another plan asked for it, and may have been given up since.
      return known.catch((error: unknown) => {
        if (error instanceof Interrupted && !signal.aborted) return this.started(key, job, signal);
        throw error;
      });
    }
    return this.started(key, job, signal);
  }

  private started(key: string, job: SimulationJob, signal: AbortSignal): Promise<RunRecord> {
    const record = this.turn(job, signal);
    this.records.set(key, record);
    record.catch(() => {
      if (this.records.get(key) === record) this.records.delete(key);
    });
    for (const oldest of this.records.keys()) {
      if (this.records.size <= KEPT) break;
      this.records.delete(oldest);
    }
    return record;
  }

  private async turn(job: SimulationJob, signal: AbortSignal): Promise<RunRecord> {
    if (signal.aborted) throw new Interrupted('nobody watches');
    if (this.running >= this.atOnce)
      await new Promise<void>((start, drop) => {
        this.waiting.push({ start, drop: () => drop(new Interrupted('nobody watches')), signal });
      });
    else this.running++;
    try {
      return await this.runs.run(job);
    } finally {
      this.next();
    }
  }

  /** The turn goes to the first that is still wanted. */
  private next(): void {
    for (;;) {
      const first = this.waiting.shift();
      if (!first) {
        this.running--;
        return;
      }
      if (!first.signal.aborted) {
        first.start();
        return;
      }
      first.drop();
    }
  }
}
