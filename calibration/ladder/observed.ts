// From the runs of a ladder to observations: means over the undisturbed repeats, with what is known of their errors.

import { mean } from '../distribution.js';
import type { Experiment, Observation } from '../observations/index.js';
import { METRICS, metricRules, type ObservedMetric } from '../observations/index.js';
import { pooledVariance, spreadOf } from '../pooled-variance.js';
import type { RunEntry } from './run-entry.js';
import type { PlannedExperiment } from './rungs.js';

const valuesOf = (entries: readonly RunEntry[], metric: ObservedMetric): number[] =>
  entries.flatMap(({ quantities }) => (quantities[metric] === undefined ? [] : [quantities[metric]]));

/** What a metric's value is measured against, so that experiments of all sizes can be pooled. */
const unitOf = (metric: ObservedMetric, value: number): number => {
  const { floor, floorShare } = metricRules[metric];
  return Math.hypot(floor, floorShare * value);
};

/** Variance of a metric's repeats, in its floors, over the experiments that were repeated; 1 where none was. */
function pooledIn(groups: readonly (readonly RunEntry[])[], metric: ObservedMetric): number {
  const inFloors = groups.map((entries) => {
    const repeats = valuesOf(entries, metric);
    const unit = unitOf(metric, mean(repeats));
    return repeats.map((value) => value / unit);
  });
  return pooledVariance(inFloors) ?? 1;
}

/** The runs of a ladder as observations. */
export function observed(planned: readonly PlannedExperiment[], entries: readonly RunEntry[]): Experiment[] {
  const good = new Map(planned.map(({ id }) => [id, entries.filter((e) => e.id === id && e.disturbed.length === 0)]));
  const pooled = new Map(METRICS.map((metric) => [metric, pooledIn([...good.values()], metric)]));
  return planned.flatMap(({ id, rung, scenario, heldOut }) => {
    const mine = good.get(id) ?? [];
    const discarded = entries.filter((e) => e.id === id).flatMap(({ disturbed }) => disturbed.slice(0, 1));
    if (mine.length === 0) return [];
    const observations = METRICS.flatMap((metric): Observation[] => {
      const repeats = valuesOf(mine, metric);
      if (repeats.length === 0) return [];
      const value = mean(repeats);
      const unit = unitOf(metric, value);
      const { variance } = spreadOf(repeats, (pooled.get(metric) as number) * unit * unit);
      return [{ metric, value, error: Math.sqrt(variance / repeats.length), repeats }];
    });
    return [{ id, rung, scenario, heldOut, observations, discarded }];
  });
}
