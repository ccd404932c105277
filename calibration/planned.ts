// The planned density: the highest at which all hosts of the range are within tolerance together.

import { wholePower } from './normal.js';
import { type Verdict, withinProbability } from './verdict.js';

/** All hosts together, as design.md section 4 has it. */
export const TOGETHER = 0.9;

/** Margin and variance per metric at any density, from those tested. */
export interface MarginModel {
  margin(metric: string, density: number): number;
  variance(metric: string): number;
  readonly metrics: readonly string[];
}

/**
 * Runs vary no more than their ideal twins do unless the variances differ by this factor: about the 95 % point of
 * Fisher's F for the ten degrees of freedom that three seeds at five densities have. Below it a difference is chance,
 * and what chance adds would be counted once for every host of the range.
 */
const SIGNIFICANT = 3;

/**
 * Margins are linear between tested densities and constant outside them. Variances are pooled over the densities from
 * half the knee upwards: a few seeds say little about a variance, several densities together say more. What the ideal
 * twin varies by itself is no fault of the host.
 */
export function marginModel(tested: readonly Verdict[], knee: number): MarginModel {
  const near = tested.filter((verdict) => verdict.density >= knee / 2 && verdict.seeds > 1 && verdict.margin > -1);
  const metrics = [...new Set(tested.flatMap((verdict) => Object.keys(verdict.margins)))].sort();
  const pooled = new Map<string, number>();
  for (const metric of metrics) {
    const over = (of: (verdict: Verdict) => number | undefined): number => {
      const degrees = near.reduce((sum, verdict) => sum + verdict.seeds - 1, 0);
      const squares = near.reduce((sum, verdict) => sum + (of(verdict) ?? 0) * (verdict.seeds - 1), 0);
      return degrees > 0 ? squares / degrees : 0;
    };
    const [total, own] = [over((v) => v.variances[metric]), over((v) => v.ownVariances[metric])];
    pooled.set(metric, total > SIGNIFICANT * own ? total - own : 0);
  }
  return {
    metrics,
    variance: (metric) => pooled.get(metric) ?? 0,
    margin(metric, density) {
      const points = tested.filter((verdict) => verdict.margins[metric] !== undefined);
      const value = (verdict: Verdict) => verdict.margins[metric] as number;
      const above = points.find((verdict) => verdict.density >= density);
      const below = points.findLast((verdict) => verdict.density <= density);
      if (!above || !below) return value((above ?? below) as Verdict);
      if (above === below) return value(above);
      const share = (density - below.density) / (above.density - below.density);
      return value(below) + share * (value(above) - value(below));
    },
  };
}

/** P(one host at this density is within every tolerance): metrics break together, so the least likely one decides. */
export function hostProbability(model: MarginModel, density: number): number {
  let least = 1;
  for (const metric of model.metrics)
    least = Math.min(least, withinProbability(model.margin(metric, density), model.variance(metric)));
  return least;
}

/**
 * The highest multiple of `step` up to the knee at which `hostsAt(density)` hosts are within tolerance together with
 * probability 0.9; 0 when there is none.
 */
export function plannedDensity(
  tested: readonly Verdict[],
  knee: number,
  hostsAt: (density: number) => number,
  step = 1,
): number {
  const model = marginModel(tested, knee);
  for (let density = knee; density >= step; density -= step)
    if (wholePower(hostProbability(model, density), hostsAt(density)) >= TOGETHER) return density;
  return 0;
}
