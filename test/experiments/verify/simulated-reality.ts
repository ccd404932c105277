// A receipt without a machine: simulated runs stand for real ones, on the host as planned or on one that costs more.

import { encode } from 'zod';
import type { PlanDocument } from '../../../experiments/planner/index.js';
import type { RunFolder } from '../../../experiments/run-folder.js';
import { SharedRuns } from '../../../experiments/shared-runs.js';
import { runJob } from '../../../experiments/simulation-job.js';
import {
  keptRuns,
  type Receipt,
  type VerificationEntry,
  type VerificationRun,
} from '../../../experiments/verify/index.js';
import { verify } from '../../../experiments/verify/verify.js';
import { type Host, hostProfileSchema, resolveHost, scenarioSchema } from '../../../models/index.js';
import { calibratedProfile } from '../../calibration/host-fit/calibrated.js';

export const profile = calibratedProfile(2);
const scenario = scenarioSchema.parse({
  name: 'small',
  workload: { kind: 'pairs', pairs: 2, duration: '400ms' },
  link: { up: '50Mbit/s' },
  network: { attach: 'two-port-bridge' },
});
export const plan = {
  ...{ host: 'made-up', technology: 'lxc', vnodes: 8, seed: '1', fleet: null },
  answer: { vnodesPerHost: { value: 4, low: 2, high: 6 }, knee: { value: 4, low: 2, high: 6 } },
  scenario: encode(scenarioSchema, scenario),
  profile: encode(hostProfileSchema, profile),
  tolerances: {},
} as unknown as PlanDocument;

const runs = new SharedRuns({
  run: async (job) => runJob(job),
  ...{ asked: 0, finished: 0, stop: async () => undefined },
});
const written = {
  machine: 'a processor',
  kernel: '6.1.0',
  measuredAt: '2026-01-01T00:00:00Z',
  version: '0',
  command: 'rangefit verify plan.json',
};

/**
 * @param change makes the "real" host of the profile's. @param disturbed of these runs, counted from 1. @param folder keeps
 * them. @param onRun is told of each run before it is made, and may throw
 */
export async function receiptOf(
  change: (host: Host) => Host,
  disturbed: ReadonlySet<number> = new Set(),
  ladders = 0,
  folder?: RunFolder<VerificationRun, VerificationEntry>,
  onRun: (count: number, quiet: number) => void = () => undefined,
): Promise<Receipt> {
  const host = change(resolveHost(profile, 'lxc', 'raised'));
  let count = 0;
  const run = async (one: typeof scenario, seed: string, quiet: number) => {
    onRun(++count, quiet);
    const record = runJob({ scenario: one, host, seed: `real/${seed}`, options: { seriesInterval: 40_000_000 } });
    return { ...record, disturbed: disturbed.has(count) ? ['somebody else was busy'] : [] };
  };
  const kept = folder ? keptRuns(folder, run) : run;
  return verify(plan, { repeats: 1, ladders, run: kept, runs, phase: () => undefined }, written);
}
