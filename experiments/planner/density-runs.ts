// Runs at one density: several seeds on the host and on its ideal twin, and how they compare.

import {
  comparablePart,
  type Evaluation,
  type FidelityMetric,
  fidelity,
  type Margins,
  standardDeviation,
} from '../../calibration/index.js';
import { type Host, idealHost, type RunRecord } from '../../models/index.js';
import type { SimulationJob } from '../simulation-job.js';
import { LOADS, utilisation } from './constraint.js';
import { outsideOf, settled } from './outside.js';
import type { Question } from './question.js';
import { IDEAL_OUTSIDE, type Outside, viewOf } from './view.js';

/** Runs a job, each different one once. */
export type RunJob = (job: SimulationJob) => Promise<RunRecord>;

export interface Observation {
  readonly density: number;
  readonly evaluation: Evaluation;
  /** Of all seeds together. */
  readonly metrics: readonly FidelityMetric[];
  readonly records: readonly RunRecord[];
  readonly twins: readonly RunRecord[];
  /** The part of the download that was compared, in 32nds; 0: none. */
  readonly part: number;
  /** What remote peers' hosts did, settled. */
  readonly outside: Outside;
}

/** Runs a density; small ones run more often, until this many vnodes were seen. */
const FEWEST_SEEDS = 3;
const MOST_SEEDS = 8;
const ENOUGH_VNODES = 120;
/** Rounds in which the remote peers' hosts become like the simulated one. */
const ROUNDS = 3;
/** A margin below this needs no second round: worse surroundings do not mend it. */
const BROKEN = -1;

export function seedCount(question: Question, density: number): number {
  if (question.scenario.workload.kind !== 'swarm') return FEWEST_SEEDS;
  return Math.min(MOST_SEEDS, Math.max(FEWEST_SEEDS, Math.ceil(ENOUGH_VNODES / density)));
}

/** Run `index` of a density: its streams are its own. */
export const runSeed = (question: Question, index: number): string => `${question.seed}.${index}`;

export const marginsOf = (metrics: readonly FidelityMetric[]): Margins =>
  Object.fromEntries(metrics.map(({ metric, margin }) => [metric, margin]));

const smallest = (metrics: readonly FidelityMetric[]): number => Math.min(...metrics.map(({ margin }) => margin));

export async function observe(
  run: RunJob,
  question: Question,
  host: Host,
  density: number,
  seeds = seedCount(question, density),
): Promise<Observation> {
  const { tolerances } = question;
  const all = (on: Host, outside: Outside) => {
    const view = viewOf(question, density, outside);
    const names = Array.from({ length: seeds }, (_, index) => runSeed(question, index + 1));
    return Promise.all(names.map((seed) => run({ ...view, host: on, seed })));
  };
  let outside = IDEAL_OUTSIDE;
  // Both are asked for before either is awaited, so that no thread waits.
  const ideal = all(idealHost(host), IDEAL_OUTSIDE);
  const [twins, first] = await Promise.all([ideal, all(host, outside)]);
  let records = first;
  const part = comparablePart(twins);
  let metrics = fidelity(records, twins, tolerances, part);
  const { composition } = viewOf(question, density).options;
  for (let round = 2; composition && round <= ROUNDS && smallest(metrics) > BROKEN; round++) {
    const seen = outsideOf(records, twins, tolerances);
    if (settled(seen, outside, tolerances)) break;
    outside = seen;
    records = await all(host, outside);
    metrics = fidelity(records, twins, tolerances, part);
  }
  const each = (record: RunRecord) => marginsOf(fidelity(record, twins, tolerances, part));
  const evaluation: Evaluation = {
    seeds: records.map(each),
    pooled: marginsOf(metrics),
    noise: noiseOf(twins.map(each)),
    load: Math.max(...records.flatMap((record) => LOADS.map((id) => utilisation(record, host, id)))),
  };
  return { density, evaluation, metrics, records, twins, part, outside };
}

/** How much the ideal twin's own margins differ between seeds. */
function noiseOf(twins: readonly Margins[]): Margins {
  const ids = Object.keys(twins[0] ?? {});
  return Object.fromEntries(ids.map((id) => [id, standardDeviation(twins.map((twin) => twin[id] ?? 0))]));
}
