// The held-out check: how far a calibrated profile is from observations that it was never fitted to.

import type { Calibration, Comparison } from '../../models/index.js';
import { quantile } from '../distribution.js';
import { normalQuantile } from '../normal.js';
import { METRICS, metricRules, type ObservedMetric } from '../observations/index.js';

/** Errors of one metric over the held-out observations. */
export interface HeldOutMetric {
  readonly metric: ObservedMetric;
  readonly count: number;
  /** Median of the absolute errors: in the metric's unit, or as a share of the measured value. */
  readonly median: number;
  readonly worst: number;
  readonly relative: boolean;
  /** The bound on the median; of CPU the median range of the repeats where that is larger. Null: none. */
  readonly allowed: number | null;
  /** Share of the observations inside their 90 % prediction intervals. */
  readonly covered: number;
  readonly ok: boolean;
}

export interface HeldOutCheck {
  readonly count: number;
  readonly metrics: readonly HeldOutMetric[];
  /** Of all held-out observations together. */
  readonly covered: number;
  readonly coverageOk: boolean;
  readonly ok: boolean;
}

/** A 90 % interval may cover this share of a few dozen observations. */
const COVERAGE = { low: 0.8, high: 0.97 };
const NINETY = normalQuantile(0.95);

const judgedAs = ({ metric }: Comparison): string => metricRules[metric as ObservedMetric].judgedWith ?? metric;
const inside = ({ measured, predicted, spread }: Comparison): boolean =>
  Math.abs(measured - predicted) <= NINETY * spread;
const shareOf = (all: readonly Comparison[]): number =>
  all.length > 0 ? all.filter(inside).length / all.length : Number.NaN;

function checked(metric: ObservedMetric, all: readonly Comparison[]): HeldOutMetric {
  const { allowed, orRange } = metricRules[metric];
  const relative = allowed?.relative ?? true;
  const scale = ({ measured }: Comparison) => (relative ? Math.max(Math.abs(measured), Number.MIN_VALUE) : 1);
  const errors = all.map((one) => Math.abs(one.predicted - one.measured) / scale(one));
  const ranges = orRange ? all.flatMap((one) => (one.range === undefined ? [] : [one.range / scale(one)])) : [];
  const range = ranges.length > 0 ? quantile(ranges, 0.5) : 0;
  const bound = allowed === null ? null : Math.max(allowed.error, range);
  const median = quantile(errors, 0.5);
  return {
    ...{ metric, count: all.length, median, worst: Math.max(...errors), relative, allowed: bound },
    ...{ covered: shareOf(all), ok: bound === null || median <= bound },
  };
}

/** Metrics without a bound are shown and not judged; coverage is judged over those that have one. */
export function heldOutCheck({ comparisons }: Pick<Calibration, 'comparisons'>): HeldOutCheck {
  const heldOut = comparisons.filter((one) => one.heldOut);
  const metrics = METRICS.flatMap((metric) => {
    const all = heldOut.filter((one) => judgedAs(one) === metric);
    return all.length > 0 ? [checked(metric, all)] : [];
  });
  const judged = heldOut.filter(({ metric }) => metricRules[metric as ObservedMetric].allowed !== null);
  const covered = shareOf(judged);
  const coverageOk = covered >= COVERAGE.low && covered <= COVERAGE.high;
  return { count: judged.length, metrics, covered, coverageOk, ok: coverageOk && metrics.every(({ ok }) => ok) };
}
