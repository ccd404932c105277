// Shared runs: a job asked for twice is run once. An ideal twin serves every comparison that has the same one.

import type { RunRecord } from '../models/index.js';
import { Interrupted } from './interrupted.js';
import type { Runs } from './pool.js';
import { jobName, type SimulationJob } from './simulation-job.js';

interface Kept {
  readonly record: Promise<RunRecord>;
  /** 0 while it is under way. */
  vnodes: number;
}

export class SharedRuns implements Runs {
  /** By name; the one asked for longest ago comes first. */
  private readonly records = new Map<string, Kept>();
  private kept = 0;

  /** @param mostVnodes of all records that are kept: past it the one asked for longest ago is forgotten. */
  constructor(
    private readonly runs: Runs,
    private readonly mostVnodes: number = Number.POSITIVE_INFINITY,
  ) {}

  run(job: SimulationJob): Promise<RunRecord> {
    const name = jobName(job);
    const known = this.records.get(name);
    if (known) {
      this.records.delete(name);
      this.records.set(name, known);
      return known.record;
    }
    const kept: Kept = { record: this.runs.run(job), vnodes: 0 };
    this.records.set(name, kept);
    kept.record.then(
      ({ vnodes }) => {
        kept.vnodes = vnodes.length;
        this.kept += vnodes.length;
        this.forget();
      },
      // Whoever waits hears of a failure; nobody else must.
      (error: unknown) => {
        if (!(error instanceof Interrupted)) this.records.delete(name);
      },
    );
    return kept.record;
  }

  private forget(): void {
    for (const [name, { vnodes }] of this.records) {
      if (this.kept <= this.mostVnodes) return;
      if (vnodes === 0) continue;
      this.records.delete(name);
      this.kept -= vnodes;
    }
  }

  /** Different jobs asked for so far, where none is forgotten. */
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
