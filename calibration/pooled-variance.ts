// A few repeats say little about their own spread: that of everything measured alike is counted in.

import { mean, standardDeviation } from './distribution.js';

/** Degrees of freedom that the pooled variance counts for in one quantity's own. */
const POOLED_WEIGHT = 2;

export interface Spread {
  /** Of one repeat. */
  readonly variance: number;
  readonly degrees: number;
}

/** @param pooled variance of one repeat, over all that was measured alike. */
export function spreadOf(repeats: readonly number[], pooled: number): Spread {
  const own = repeats.length - 1;
  const degrees = own + POOLED_WEIGHT;
  return { variance: (standardDeviation(repeats) ** 2 * own + pooled * POOLED_WEIGHT) / degrees, degrees };
}

/** Mean variance of the groups that were repeated; undefined where none was. */
export function pooledVariance(groups: readonly (readonly number[])[]): number | undefined {
  const variances = groups.filter((repeats) => repeats.length > 1).map((repeats) => standardDeviation(repeats) ** 2);
  return variances.length > 0 ? mean(variances) : undefined;
}
