// The margin model: what the tested densities say about any density, metric by metric.

import { type MarginPoint, monotoneMargins } from './monotone.js';
import { allowed, type Verdict, withinProbability } from './verdict.js';

export interface MarginModel {
  readonly metrics: readonly string[];
  /** Allowance for errors included; linear between tested densities, constant outside them. */
  margin(metric: string, density: number): number;
  /** The smallest over the metrics. */
  smallest(density: number): number;
  /** The smallest one's standard error at the nearest tested density. */
  error(density: number): number;
}

/** @param tested by ascending density, at least one. */
export function marginModel(tested: readonly Verdict[]): MarginModel {
  const metrics = [...new Set(tested.flatMap((verdict) => Object.keys(verdict.margins)))].sort();
  const fitted = new Map<string, MarginPoint[]>();
  for (const metric of metrics) {
    const having = tested.filter((verdict) => verdict.margins[metric] !== undefined);
    const points = having.map(({ density, margins, errors }) => ({
      density,
      margin: margins[metric] as number,
      error: errors[metric] ?? 0,
    }));
    const smooth = monotoneMargins(points).map((point, i) => {
      const own = having[i]?.ownErrors[metric] ?? 0;
      const error = points[i]?.error ?? 0;
      // An average of several densities needs less of an allowance than each alone.
      return { ...point, margin: allowed(point.margin, error > 0 ? (own * point.error) / error : 0) };
    });
    fitted.set(metric, smooth);
  }
  const margin = (metric: string, density: number): number => interpolated(fitted.get(metric) ?? [], density);
  const worst = (density: number): string =>
    metrics.reduce((a, b) => (margin(b, density) < margin(a, density) ? b : a));
  return {
    metrics,
    margin,
    smallest: (density) => margin(worst(density), density),
    error(density) {
      const points = fitted.get(worst(density)) ?? [];
      const distance = (point: MarginPoint) => Math.abs(point.density - density);
      return points.reduce((a, b) => (distance(b) < distance(a) ? b : a)).error;
    },
  };
}

function interpolated(points: readonly MarginPoint[], density: number): number {
  const above = points.find((point) => point.density >= density);
  const below = points.findLast((point) => point.density <= density);
  if (!above || !below) return ((above ?? below) as MarginPoint).margin;
  if (above === below) return above.margin;
  const share = (density - below.density) / (above.density - below.density);
  return below.margin + share * (above.margin - below.margin);
}

/**
 * Runs vary no more than their ideal twins do unless the variances differ by this factor: about the 95 % point of
 * Fisher's F for the ten degrees of freedom that three seeds at five densities have. Below it a difference is chance,
 * and what chance adds would be counted once for every host of the range.
 */
const SIGNIFICANT = 3;

/** Between-seed variance of a metric's margin at a density, as far as it is the host's own. */
export type HostVariance = (metric: string, density: number) => number;

/** An error so large that every rise is averaged. */
const ANY = 1e6;

/**
 * Runs vary the more the nearer the knee, so variances never fall with the density, and are linear between tested
 * ones. Whether they exceed the ideal twins' at all is asked of all densities from half the knee upwards together: a
 * few seeds say little about a variance, several densities together say more.
 */
export function hostVariance(tested: readonly Verdict[], knee: number): HostVariance {
  const several = tested.filter(({ seeds, margin }) => seeds > 1 && margin > -1);
  const near = several.filter(({ density }) => density >= knee / 2);
  const degrees = near.reduce((sum, verdict) => sum + verdict.seeds - 1, 0);
  const pooled = (of: (verdict: Verdict) => number | undefined): number =>
    degrees > 0 ? near.reduce((sum, verdict) => sum + (of(verdict) ?? 0) * (verdict.seeds - 1), 0) / degrees : 0;
  const rising = (of: (verdict: Verdict) => number | undefined): MarginPoint[] => {
    const points = several.map((verdict) => ({ density: verdict.density, margin: -(of(verdict) ?? 0), error: ANY }));
    return monotoneMargins(points).map((point) => ({ ...point, margin: -point.margin }));
  };
  const excess = new Map<string, MarginPoint[]>();
  for (const metric of new Set(several.flatMap((verdict) => Object.keys(verdict.margins)))) {
    const total = (verdict: Verdict) => verdict.variances[metric];
    const own = (verdict: Verdict) => verdict.ownVariances[metric];
    if (pooled(total) <= SIGNIFICANT * pooled(own)) continue;
    const ideal = rising(own);
    excess.set(
      metric,
      rising(total).map((point, i) => ({ ...point, margin: point.margin - (ideal[i] as MarginPoint).margin })),
    );
  }
  return (metric, density) => {
    const points = excess.get(metric) ?? [];
    return points.length > 0 ? Math.max(0, interpolated(points, density)) : 0;
  };
}

/** P(one host at this density is within every tolerance): metrics break together, so the least likely one decides. */
export function hostProbability(model: MarginModel, variance: HostVariance, density: number): number {
  let least = 1;
  for (const metric of model.metrics)
    least = Math.min(least, withinProbability(model.margin(metric, density), variance(metric, density)));
  return least;
}
