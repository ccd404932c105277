// The margin model: what the tested densities say about any density, metric by metric.

import { type MarginPoint, monotoneMargins } from './monotone.js';
import { type Verdict, withinProbability } from './verdict.js';

export interface MarginModel {
  readonly metrics: readonly string[];
  /** Linear between tested densities, constant outside them, never rising. */
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
    const points = tested
      .filter((verdict) => verdict.margins[metric] !== undefined)
      .map(({ density, margins, errors }) => ({
        density,
        margin: margins[metric] as number,
        error: errors[metric] ?? 0,
      }));
    const smooth = monotoneMargins(points);
    fitted.set(
      metric,
      points.map((point, i) => ({ ...point, margin: smooth[i] as number })),
    );
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

/**
 * Between-seed variance of each metric's margin that is the host's own, pooled over the densities from half the knee
 * upwards: a few seeds say little about a variance, several densities together say more.
 */
export function hostVariances(tested: readonly Verdict[], knee: number): ReadonlyMap<string, number> {
  const near = tested.filter(({ density, seeds, margin }) => density >= knee / 2 && seeds > 1 && margin > -1);
  const degrees = near.reduce((sum, verdict) => sum + verdict.seeds - 1, 0);
  const pooled = (of: (verdict: Verdict) => number | undefined): number =>
    degrees > 0 ? near.reduce((sum, verdict) => sum + (of(verdict) ?? 0) * (verdict.seeds - 1), 0) / degrees : 0;
  const variances = new Map<string, number>();
  for (const metric of new Set(near.flatMap((verdict) => Object.keys(verdict.margins)))) {
    const [total, own] = [pooled((v) => v.variances[metric]), pooled((v) => v.ownVariances[metric])];
    variances.set(metric, total > SIGNIFICANT * own ? total - own : 0);
  }
  return variances;
}

/** P(one host at this density is within every tolerance): metrics break together, so the least likely one decides. */
export function hostProbability(model: MarginModel, variances: ReadonlyMap<string, number>, density: number): number {
  let least = 1;
  for (const metric of model.metrics)
    least = Math.min(least, withinProbability(model.margin(metric, density), variances.get(metric) ?? 0));
  return least;
}
