// Bootstrap: the fit repeated on experiments drawn with replacement, each on the model linearised at the fit. It makes
// no assumption about how the residuals are distributed, and keeps those of one experiment together.

import { Matrix, QrDecomposition } from 'ml-matrix';
import { type RandomStream, randomStream } from '../../sim/index.js';
import { quantile } from '../distribution.js';
import type { FitParameter, LeastSquaresFit } from './least-squares.js';

export interface Bootstrap {
  /** Refitted parameter vectors. */
  readonly draws: readonly (readonly number[])[];
  /** 5 % and 95 % points per parameter. */
  readonly intervals: readonly { readonly low: number; readonly high: number }[];
}

/** How often each group is in one draw, so that as many are drawn as there are. */
function timesDrawn(groups: readonly string[], random: RandomStream): Map<string, number> {
  const times = new Map<string, number>();
  for (let i = 0; i < groups.length; i++) {
    const group = groups[random.below(groups.length)] as string;
    times.set(group, (times.get(group) ?? 0) + 1);
  }
  return times;
}

/**
 * @param groupOf the experiment of each residual; null: a prior, which is in every draw
 */
export function bootstrap(
  parameters: readonly Pick<FitParameter, 'low' | 'high'>[],
  { values, residuals, jacobian }: Pick<LeastSquaresFit, 'values' | 'residuals' | 'jacobian'>,
  groupOf: readonly (string | null)[],
  count: number,
  seed: string,
): Bootstrap {
  const groups = [...new Set(groupOf.flatMap((group) => (group === null ? [] : [group])))];
  /** The linear model's way to its least squares under these weights; null: they leave a direction without information. */
  const stepUnder = (weights: readonly number[]): number[] | null => {
    const rows = weights.flatMap((weight, i) => (weight > 0 ? [{ weight, i }] : []));
    const left = new Matrix(rows.map(({ weight, i }) => (jacobian[i] as readonly number[]).map((v) => v * weight)));
    const right = Matrix.columnVector(rows.map(({ weight, i }) => -weight * (residuals[i] as number)));
    const decomposition = new QrDecomposition(left);
    return decomposition.isFullRank() ? decomposition.solve(right).to1DArray() : null;
  };
  // A fit that ended close to its minimum, not at it, has this step left with all experiments once: no draw's merit.
  const left = stepUnder(groupOf.map(() => 1)) ?? parameters.map(() => 0);
  const draws = Array.from({ length: count }, (_, draw) => {
    const times = timesDrawn(groups, randomStream(seed, `bootstrap/${draw}`));
    const step = stepUnder(groupOf.map((group) => (group === null ? 1 : Math.sqrt(times.get(group) ?? 0))));
    if (!step) return values;
    return parameters.map(({ low, high }, j) =>
      Math.min(high, Math.max(low, (values[j] as number) + (step[j] as number) - (left[j] as number))),
    );
  });
  const intervals = parameters.map((_, j) => {
    const drawn = draws.map((draw) => draw[j] as number);
    return { low: quantile(drawn, 0.05), high: quantile(drawn, 0.95) };
  });
  return { draws, intervals };
}
