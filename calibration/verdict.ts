// A verdict on one density: the margins of several seeds become one margin, its spread, and a probability.

import { mean, standardDeviation } from './distribution.js';
import { normalProbability } from './normal.js';

/** Margin per metric: 1 as good as ideal, 0 on the tolerance, negative broken. */
export type Margins = Readonly<Record<string, number>>;

/** What running one density gave. */
export interface Evaluation {
  /** One entry a seed. */
  readonly seeds: readonly Margins[];
  /** Margins of all seeds' vnodes taken together; absent: the seeds' mean. */
  readonly pooled?: Margins;
  /** Standard deviation between seeds that the ideal twin shows by itself; it is no fault of the host. */
  readonly noise?: Margins;
  /** Share in use of the busiest resource, 0 to 1. It steers the search and decides nothing. */
  readonly load?: number;
}

/**
 * One-sided 95 % point of the normal distribution. A metric is broken when it is so beyond what the ideal twin's own
 * differences from seed to seed explain; where it does not differ the allowance is nothing.
 */
const ALLOWANCE = 1.6448536269514722;

/** The margin that decides, from one with a standard error. */
export const allowed = (margin: number, error: number): number => margin + ALLOWANCE * error;

export interface Verdict {
  readonly density: number;
  /** The smallest over the metrics, with the allowance for their errors, and which that is. */
  readonly margin: number;
  readonly metric: string;
  readonly margins: Margins;
  /** Between-seed variance of each metric's margin, and the ideal twin's own. */
  readonly variances: Margins;
  readonly ownVariances: Margins;
  /** Standard error of each metric's margin: of the runs and of the ideal twins they are compared with. */
  readonly errors: Margins;
  /** The same if runs varied as their ideal twins do: what no host can be blamed for. */
  readonly ownErrors: Margins;
  /** Between-seed standard deviation of the smallest margin, the ideal twin's own included. */
  readonly spread: number;
  readonly seeds: number;
  readonly load?: number;
}

/** @throws Error without seeds or metrics. */
export function verdictOf(density: number, evaluation: Evaluation): Verdict {
  const { seeds, pooled, noise = {}, load } = evaluation;
  const metrics = Object.keys(pooled ?? seeds[0] ?? {}).sort();
  if (metrics.length === 0) throw new Error(`no margins at density ${density}`);
  const margins: Record<string, number> = {};
  const variances: Record<string, number> = {};
  const ownVariances: Record<string, number> = {};
  const errors: Record<string, number> = {};
  const ownErrors: Record<string, number> = {};
  for (const metric of metrics) {
    const values = seeds.flatMap((seed) => (seed[metric] === undefined ? [] : [seed[metric]]));
    margins[metric] = pooled?.[metric] ?? mean(values);
    const [total, own] = [standardDeviation(values), noise[metric] ?? 0];
    variances[metric] = total * total;
    ownVariances[metric] = own * own;
    ownErrors[metric] = own * Math.sqrt(2 / seeds.length);
    errors[metric] = Math.sqrt((Math.max(total, own) * Math.max(total, own) + own * own) / seeds.length);
  }
  const lenient = (id: string) => allowed(margins[id] as number, ownErrors[id] as number);
  const metric = metrics.reduce((a, b) => (lenient(b) < lenient(a) ? b : a));
  const smallest = seeds.map((seed) => Math.min(...metrics.map((id) => seed[id] ?? Number.POSITIVE_INFINITY)));
  return {
    density,
    margin: lenient(metric),
    metric,
    margins,
    variances,
    ownVariances,
    errors,
    ownErrors,
    spread: standardDeviation(smallest),
    seeds: seeds.length,
    ...(load === undefined ? {} : { load }),
  };
}

/** P(one host is within the tolerance): the margin is normal about `margin`; without variance it is a step. */
export function withinProbability(margin: number, variance: number): number {
  if (variance <= 0) return margin >= 0 ? 1 : 0;
  return normalProbability(margin / Math.sqrt(variance));
}
