// The forward model: what the simulator predicts for an experiment on a host, in the words of an observation.

import type { Host, RunRecord, Scenario } from '../../models/index.js';
import type { SimulationOptions } from '../../sim/index.js';
import { mean } from '../distribution.js';
import { type Experiment, type Quantities, quantitiesOf } from '../observations/index.js';

/** One simulated run; equal jobs may be run once. */
export type ForwardRun = (job: {
  readonly scenario: Scenario;
  readonly host: Host;
  readonly seed: string;
  readonly options: Omit<SimulationOptions, 'trace'>;
}) => Promise<RunRecord>;

/**
 * ns. Steady traffic shows its costs in less time than a machine takes to measure them, but not before shapers of equal rates
 * have found the phases that they keep: just full cores are busier by a tenth after a second than after half of one.
 */
const PAIRS_WINDOW = 1_400_000_000;
/**
 * Shapers of equal rates keep the phases in which they happened to start, and those whose timers are due together share an
 * interrupt: 2 pairs take 33 or 47 % of a core, 8 take 149 to 172 %. The more pairs, the less it matters: runs whose mean is the
 * prediction simulate about this many pairs together.
 */
const PAIRS_TOGETHER = 12;
const MOST_SEEDS = 4;
/** Swarms of a dozen peers complete up to a seventh sooner or later by chance. */
const SWARM_SEEDS = 8;
/** Containers at rest wake seldom. */
const IDLE_WINDOW = 5_000_000_000;
const ROWS = 10;

function meanOf(seen: readonly Quantities[]): Quantities {
  const metrics = Object.keys(seen[0] ?? {}) as (keyof Quantities)[];
  return Object.fromEntries(metrics.map((metric) => [metric, mean(seen.map((one) => one[metric] ?? Number.NaN))]));
}

/** One pair has nobody to share with. */
const seedsFor = (pairs: number): number => (pairs === 1 ? 1 : Math.min(MOST_SEEDS, Math.ceil(PAIRS_TOGETHER / pairs)));

/** @param mostRuns whose mean is the prediction, however much runs differ */
export async function predict(
  run: ForwardRun,
  { id, scenario }: Pick<Experiment, 'id' | 'scenario'>,
  host: Host,
  seed: string,
  mostRuns = Number.POSITIVE_INFINITY,
): Promise<Quantities> {
  const { workload } = scenario;
  const pairs = workload.kind === 'pairs';
  const window = 'duration' in workload ? Math.min(pairs ? PAIRS_WINDOW : IDLE_WINDOW, workload.duration) : undefined;
  const options = window === undefined ? {} : { window, seriesInterval: Math.round(window / ROWS) };
  // The same streams for every host: differences are the costs'.
  const count = workload.kind === 'pairs' ? seedsFor(workload.pairs) : workload.kind === 'swarm' ? SWARM_SEEDS : 1;
  const seeds = Array.from({ length: Math.min(mostRuns, count) }, (_, i) => `${seed}/${id}/${i + 1}`);
  const records = await Promise.all(seeds.map((each) => run({ scenario, host, seed: each, options })));
  return meanOf(records.map(quantitiesOf));
}
