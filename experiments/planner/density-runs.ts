// Runs at one density: several seeds on the host and on its ideal twin, and how they compare.

import {
  chanceDeviations,
  comparablePart,
  type Evaluation,
  type FidelityMetric,
  fidelity,
  hardLimits,
  type Margins,
  standardDeviation,
} from '../../calibration/index.js';
import { type Host, idealHost, type RunRecord } from '../../models/index.js';
import { randomStream } from '../../sim/index.js';
import type { RunJob } from './alike.js';
import { LOADS, utilisation } from './constraint.js';
import { outsideOf, settled } from './outside.js';
import type { Question } from './question.js';
import { IDEAL_OUTSIDE, judgedPeers, type Outside, twinView, viewOf } from './view.js';

export interface Observation {
  readonly density: number;
  readonly evaluation: Evaluation;
  /** Of all seeds together. */
  readonly metrics: readonly FidelityMetric[];
  readonly records: readonly RunRecord[];
  /** None where the first run already broke a hard limit. */
  readonly twins: readonly RunRecord[];
  /** The part of the download that was compared, in 32nds; 0: none. */
  readonly part: number;
  /** What remote peers' hosts did, settled. */
  readonly outside: Outside;
}

/** Runs a density; small ranges run more often, until this many vnodes were seen. */
const FEWEST_SEEDS = 3;
const MOST_SEEDS = 8;
const ENOUGH_VNODES = 120;
/** Rounds in which the remote peers' hosts become like the simulated one. */
const ROUNDS = 3;
/** A margin below this needs no second round: worse surroundings do not mend it. */
const BROKEN = -1;

export function seedCount(question: Question, density: number): number {
  if (question.scenario.workload.kind !== 'swarm') return FEWEST_SEEDS;
  return Math.min(MOST_SEEDS, Math.max(FEWEST_SEEDS, Math.ceil(ENOUGH_VNODES / judgedPeers(question, density))));
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
  const names = (count: number) => Array.from({ length: count }, (_, index) => runSeed(question, index + 1));
  const onHost = (outside: Outside, these: readonly string[]) => {
    const view = viewOf(question, density, outside);
    return Promise.all(these.map((seed) => run({ ...view, host, seed })));
  };
  const { density: twinDensity, ...twin } = twinView(question, density);
  const onTwin = (these: readonly string[]) =>
    Promise.all(these.map((seed) => run({ ...twin, host: idealHost(host), seed })));
  let outside = IDEAL_OUTSIDE;
  const [one, ...others] = names(seeds) as [string, ...string[]];
  // The first run decides whether there are more. Twins are asked for with it, so that no thread waits meanwhile.
  const asked = onHost(outside, [one]);
  const askedTwins = onTwin(names(FEWEST_SEEDS));
  // Beyond a hard limit nobody waits for them, and nobody must hear of their end.
  askedTwins.catch(() => undefined);
  const first = await asked;
  const hard = hardLimits(first, tolerances);
  if (hard.some(({ ok }) => !ok)) return beyondHardLimit(density, host, hard, first, outside);
  const [rest, twins] = await Promise.all([onHost(outside, others), askedTwins]);
  let records = [...first, ...rest];
  const part = comparablePart(twins);
  let metrics = fidelity(records, twins, tolerances, part);
  const { composition } = viewOf(question, density).options;
  for (let round = 2; composition && round <= ROUNDS && smallest(metrics) > BROKEN; round++) {
    const seen = outsideOf(records, twins, tolerances);
    if (settled(seen, outside, tolerances)) break;
    outside = seen;
    records = await onHost(outside, names(seeds));
    metrics = fidelity(records, twins, tolerances, part);
  }
  const each = (record: RunRecord) => marginsOf(fidelity(record, twins, tolerances, part));
  // Vnodes of other workloads do not depend on each other's luck.
  const stream = randomStream(question.seed, `chance/${density}`);
  const chance =
    question.scenario.workload.kind === 'swarm' ? chanceDeviations(records, twins, tolerances, part, stream) : {};
  const evaluation: Evaluation = {
    seeds: records.map(each),
    pooled: marginsOf(metrics),
    noise: larger(noiseOf(twins.map(each), twinDensity / judgedPeers(question, density)), chance),
    load: loadOf(records, host),
  };
  return { density, evaluation, metrics, records, twins, part, outside };
}

const loadOf = (records: readonly RunRecord[], host: Host): number =>
  Math.max(...records.flatMap((record) => LOADS.map((id) => utilisation(record, host, id))));

/** A hard limit is no matter of averages: one run beyond it says that the density is too high, and by how much. */
function beyondHardLimit(
  density: number,
  host: Host,
  metrics: readonly FidelityMetric[],
  records: readonly RunRecord[],
  outside: Outside,
): Observation {
  const margins = marginsOf(metrics);
  const evaluation: Evaluation = { seeds: [margins], pooled: margins, load: loadOf(records, host) };
  return { density, evaluation, metrics, records, twins: [], part: 0, outside };
}

const larger = (a: Margins, b: Margins): Margins =>
  Object.fromEntries(Object.entries(a).map(([id, value]) => [id, Math.max(value, b[id] ?? 0)]));

/** How much the ideal twin's own margins differ between seeds; fewer vnodes than the twin has differ more. */
function noiseOf(twins: readonly Margins[], ratio: number): Margins {
  const ids = Object.keys(twins[0] ?? {});
  const scale = Math.sqrt(Math.max(1, ratio));
  return Object.fromEntries(ids.map((id) => [id, scale * standardDeviation(twins.map((twin) => twin[id] ?? 0))]));
}
