// Shared runs: a job asked for twice is run once. An ideal twin serves every comparison that has the same one.

import type { RunRecord } from '../models/index.js';
import { Interrupted, type Runs } from './pool.js';
import { jobKey, type SimulationJob } from './simulation-job.js';

export class SharedRuns implements Runs {
  private readonly records = new Map<string, Promise<RunRecord>>();

  constructor(private readonly runs: Runs) {}

  run(job: SimulationJob): Promise<RunRecord> {
    const key = jobKey(job);
    const known = this.records.get(key);
    if (known) return known;
    const record = this.runs.run(job);
    this.records.set(key, record);
    // Whoever waits hears of a failure; nobody else must.
    record.catch((error: unknown) => {
      if (!(error instanceof Interrupted)) this.records.delete(key);
    });
    return record;
  }

  /** Different jobs asked for so far. */
  get different(): number {
    return this.records.size;
  }

  get asked(): number {
    return this.runs.asked;
  }

  get finished(): number {
    return this.runs.finished;
  }

  stop(): Promise<void> {
    return this.runs.stop();
  }
}
