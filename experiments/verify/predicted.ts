// What the simulator predicts for vnodes alone on the host: quantities with 90 % intervals, and how faithful it would be.

import {
  drawnProfile,
  type FidelityMetric,
  fidelity,
  latinHypercube,
  METRICS,
  modelError,
  ninety,
  type ObservedMetric,
  predict,
  type Quantities,
  standardDeviation,
  uncertainNames,
} from '../../calibration/index.js';
import { idealHost, type RunRecord, resolveHost, type Scenario } from '../../models/index.js';
import type { Question } from '../planner/index.js';
import type { SharedRuns } from '../shared-runs.js';

export interface Predicted {
  readonly quantities: Quantities;
  /** Standard error of one more measurement: parameters and model. */
  readonly spread: Quantities;
  readonly fidelity: readonly FidelityMetric[];
  /** Runs on the nominal host. */
  readonly records: readonly RunRecord[];
  /** The same scenario on a host that costs nothing: what the real runs are compared with, too. */
  readonly twins: readonly RunRecord[];
}

/** Hosts drawn from the profile's intervals. */
const DRAWS = 8;
/** Runs on the nominal host and on its ideal twin. */
const SEEDS = 3;
/** ns; steady traffic shows its fidelity in it. */
const WINDOW = 2e9;

export async function predicted(question: Question, scenario: Scenario, runs: SharedRuns): Promise<Predicted> {
  const { profile, technology, tolerances, seed } = question;
  const run = (job: Parameters<SharedRuns['run']>[0]) => runs.run(job);
  const host = resolveHost(profile, technology, scenario.limits);
  const hosts = latinHypercube(uncertainNames(profile, technology), DRAWS, `${seed}/draws`).map((point) =>
    resolveHost(drawnProfile(profile, technology, point), technology, scenario.limits),
  );
  const about = { id: 'verify', scenario };
  const { workload } = scenario;
  const steady = workload.kind === 'pairs' && workload.bytes === undefined;
  const options = steady ? { window: Math.min(WINDOW, workload.duration) } : {};
  const seeds = Array.from({ length: SEEDS }, (_, i) => `${seed}/verify/${i + 1}`);
  const [quantities, drawn, records, twins] = await Promise.all([
    predict(run, about, host, seed),
    Promise.all(hosts.map((one) => predict(run, about, one, seed))),
    Promise.all(seeds.map((each) => run({ scenario, host, seed: each, options }))),
    Promise.all(seeds.map((each) => run({ scenario, host: idealHost(host), seed: each, options }))),
  ]);
  const spreadOf = (metric: ObservedMetric, value: number) => {
    const values = drawn.flatMap((one) => (one[metric] === undefined ? [] : [one[metric]]));
    return Math.hypot(standardDeviation(values), modelError(metric, value, profile.calibration));
  };
  const spread = METRICS.flatMap((metric) => {
    const value = quantities[metric];
    return value === undefined ? [] : [[metric, spreadOf(metric, value)] as const];
  });
  return {
    quantities,
    spread: Object.fromEntries(spread),
    fidelity: fidelity(records, twins, tolerances),
    records,
    twins,
  };
}

/** The 90 % interval of a predicted metric. */
export function intervalAt({ quantities, spread }: Predicted, metric: ObservedMetric) {
  const value = quantities[metric] ?? Number.NaN;
  return { value, ...ninety(value, spread[metric] ?? 0) };
}
