// From the runs of a ladder to observations: means over the undisturbed repeats, with what is known of their errors.

import { mean, standardDeviation } from '../distribution.js';
import type { Experiment, Observation } from '../observations/index.js';
import { METRICS, metricRules, type ObservedMetric } from '../observations/index.js';
import type { RunEntry } from './run-entry.js';
import type { PlannedExperiment } from './rungs.js';

/** Degrees of freedom that the pooled spread of all experiments counts for in one experiment's own. */
const POOLED_WEIGHT = 2;

const valuesOf = (entries: readonly RunEntry[], metric: ObservedMetric): number[] =>
  entries.flatMap(({ quantities }) => (quantities[metric] === undefined ? [] : [quantities[metric]]));

/** What a metric's value is measured against, so that experiments of all sizes can be pooled. */
const unitOf = (metric: ObservedMetric, value: number): number => {
  const { floor, floorShare } = metricRules[metric];
  return Math.hypot(floor, floorShare * value);
};

/** Mean variance of a metric's repeats, in its floors, over the experiments that were repeated; 1 where none was. */
function pooledVariance(groups: readonly (readonly RunEntry[])[], metric: ObservedMetric): number {
  const variances = groups
    .map((entries) => valuesOf(entries, metric))
    .filter((values) => values.length > 1)
    .map((values) => (standardDeviation(values) / unitOf(metric, mean(values))) ** 2);
  return variances.length > 0 ? mean(variances) : 1;
}

/** Two or three repeats say little about their spread alone: that of all experiments is counted in. */
export function observed(planned: readonly PlannedExperiment[], entries: readonly RunEntry[]): Experiment[] {
  const good = new Map(planned.map(({ id }) => [id, entries.filter((e) => e.id === id && e.disturbed.length === 0)]));
  const pooled = new Map(METRICS.map((metric) => [metric, pooledVariance([...good.values()], metric)]));
  return planned.flatMap(({ id, rung, scenario, heldOut }) => {
    const mine = good.get(id) ?? [];
    const discarded = entries.filter((e) => e.id === id).flatMap(({ disturbed }) => disturbed.slice(0, 1));
    if (mine.length === 0) return [];
    const observations = METRICS.flatMap((metric): Observation[] => {
      const repeats = valuesOf(mine, metric);
      if (repeats.length === 0) return [];
      const value = mean(repeats);
      const unit = unitOf(metric, value);
      const own = standardDeviation(repeats) ** 2;
      const shared = (pooled.get(metric) as number) * unit * unit;
      const variance = (own * (repeats.length - 1) + shared * POOLED_WEIGHT) / (repeats.length - 1 + POOLED_WEIGHT);
      return [{ metric, value, error: Math.sqrt(variance / repeats.length), repeats }];
    });
    return [{ id, rung, scenario, heldOut, observations, discarded }];
  });
}
