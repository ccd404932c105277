// The Universal Scalability Law (Gunther, "Guerrilla Capacity Planning", 2007, chapter 5): throughput falls behind with
// contention and turns down with crosstalk, X(N) = g N / (1 + a (N - 1) + b N (N - 1)).

import { leastSquares } from '../../calibration/index.js';
import type { Baseline, BaselineQuestion } from './baseline.js';

export interface ScalabilityLaw {
  /** Throughput of one, contention and crosstalk. */
  readonly each: number;
  readonly contention: number;
  readonly crosstalk: number;
}

/** Throughput of `count` over that of one. */
export const capacityOf = ({ contention, crosstalk }: ScalabilityLaw, count: number): number =>
  count / (1 + contention * (count - 1) + crosstalk * count * (count - 1));

/** Three numbers need as many points. */
const FEWEST = 3;

/** @param points counts with their throughputs. Null: too few. */
export async function fitScalabilityLaw(
  points: readonly (readonly [number, number])[],
): Promise<ScalabilityLaw | null> {
  const [first] = points;
  if (points.length < FEWEST || !first) return null;
  const start = first[1] / first[0];
  const law = ([each = 0, contention = 0, crosstalk = 0]: readonly number[]): ScalabilityLaw => ({
    ...{ each: each * start, contention, crosstalk },
  });
  const fit = await leastSquares({
    parameters: [
      { name: 'each', start: 1, low: 1e-3, high: 1e3 },
      { name: 'contention', start: 0.01, low: 0, high: 1 },
      { name: 'crosstalk', start: 1e-4, low: 0, high: 1 },
    ],
    // Relative residuals: a share of a large throughput counts as much as that of a small one.
    residuals: async (all) =>
      all.map((values) =>
        points.map(([count, rate]) => (law(values).each * capacityOf(law(values), count)) / rate - 1),
      ),
  });
  return law(fit.values);
}

/** Beyond this many times the largest experiment nothing is looked for. */
const FURTHEST = 20;

export async function scalabilityLaw({ points, goodput, step }: BaselineQuestion): Promise<Baseline | null> {
  const seen = points.flatMap(({ vnodes, rate }) => (rate === null ? [] : [[vnodes / step, rate] as const]));
  const law = await fitScalabilityLaw(seen);
  if (!law) return null;
  const most = FURTHEST * Math.max(...seen.map(([count]) => count));
  let count = 1;
  while (count < most && capacityOf(law, count + 1) / (count + 1) >= goodput) count++;
  return {
    name: 'scalability law',
    how: `X(N) = ${law.each.toPrecision(3)} N / (1 + ${law.contention.toPrecision(2)} (N-1) + ${law.crosstalk.toPrecision(2)} N (N-1)), fit to the measured rates`,
    knee: count * step,
    cpuAt: () => null,
  };
}
