// A simulation job: everything one run needs, as plain data that can go to another thread and be a cache key.

import { createHash } from 'node:crypto';
import type { Host, RunRecord, Scenario } from '../models/index.js';
import { type SimulationOptions, simulate } from '../sim/index.js';

export interface SimulationJob {
  readonly scenario: Scenario;
  readonly host: Host;
  readonly seed: string;
  readonly options: Omit<SimulationOptions, 'trace'>;
}

/** Runs the job here and now. */
export const runJob = ({ scenario, host, seed, options }: SimulationJob): RunRecord =>
  simulate(scenario, host, seed, options);

/** Equal for jobs that give the same record: plain data in order of keys, with limits that are infinite kept apart. */
export function jobKey(job: SimulationJob): string {
  return JSON.stringify(job, (_key, value: unknown) => {
    if (value === Number.POSITIVE_INFINITY) return 'infinite';
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** A short name for the key: jobs that give the same record have the same, on every machine. */
export const jobName = (job: SimulationJob): string => createHash('sha256').update(jobKey(job)).digest('hex');
