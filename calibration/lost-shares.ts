// Interference from a few rounds: the share of a victim's speed that each stress takes, with 90 % intervals of the mean.

import { STRESSES, type Stress } from '../models/index.js';
import { mean } from './distribution.js';
import { studentQuantile } from './normal.js';
import type { MeasuredInterference } from './observations/index.js';
import { pooledVariance, spreadOf } from './pooled-variance.js';

/** A victim's speed alone and beside each stress, in one round, in any one unit. */
export interface InterferenceRound {
  readonly alone: number;
  readonly beside: Readonly<Record<Stress, number>>;
}

/** @throws Error for fewer than two rounds: one says nothing of how far it is off. */
export function lostShares(rounds: readonly InterferenceRound[]): MeasuredInterference {
  if (rounds.length < 2) throw new Error('one round has no spread');
  const lost = STRESSES.map((stress) => rounds.map(({ alone, beside }) => 1 - beside[stress] / alone));
  const pooled = pooledVariance(lost) ?? 0;
  const shares = STRESSES.map((stress, i) => {
    const repeats = lost[i] as number[];
    const { variance, degrees } = spreadOf(repeats, pooled);
    const reach = studentQuantile(0.95, degrees) * Math.sqrt(variance / repeats.length);
    // Noise may make it faster beside a stress than alone: that is no interference.
    const share = (value: number) => Math.min(1, Math.max(0, value));
    const value = mean(repeats);
    return [stress, { value: share(value), low: share(value - reach), high: share(value + reach) }];
  });
  return Object.fromEntries(shares) as MeasuredInterference;
}
