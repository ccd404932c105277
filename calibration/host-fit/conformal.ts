// Intervals that hold the share they are said to hold, whatever the tails: scaled by what the fitted observations show.

import { normalQuantile } from '../normal.js';
import { METRICS, type ObservedMetric } from '../observations/index.js';
import { type Compared, isFitted } from './residuals.js';

/** Share of the observations that an interval is to hold, and of how many at least that can be told. */
const COVERED = 0.9;
const ENOUGH = 10;
const NINETY = normalQuantile(0.5 + COVERED / 2);

/**
 * Comparisons whose spreads are scaled by metric so that 90 % of the fitted observations lie inside their 90 % intervals
 * (normalised conformal prediction: Lei et al. 2018). Residuals, repeats and derivatives have heavy tails, and a root mean square of each
 * makes intervals that hold nearly all. Held-out observations have no part in it. Of a metric with few fitted observations no
 * such share can be told: its intervals stay.
 */
export function conformal(compared: readonly Compared[]): Compared[] {
  const factorOf = (metric: ObservedMetric): number => {
    const off = compared
      .filter(({ target }) => target.metric === metric && isFitted(target))
      .map(({ target, predicted, spread }) => Math.abs(predicted - target.measured) / spread)
      .sort((a, b) => a - b);
    const rank = Math.ceil(COVERED * (off.length + 1));
    return off.length < ENOUGH ? 1 : (off[Math.min(rank, off.length) - 1] as number) / NINETY;
  };
  const factors = new Map(METRICS.map((metric) => [metric, factorOf(metric)]));
  return compared.map((one) => ({ ...one, spread: one.spread * (factors.get(one.target.metric) as number) }));
}
