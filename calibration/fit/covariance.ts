// What a fit knows of its parameters: their covariance, standard errors and correlations, from the Jacobian there.

import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { LeastSquaresFit } from './least-squares.js';

export interface Covariance {
  readonly matrix: readonly (readonly number[])[];
  readonly errors: readonly number[];
  readonly correlations: readonly (readonly number[])[];
  /** Of the residuals: 1 when the standard errors given for the observations were right. */
  readonly scatter: number;
  readonly degrees: number;
}

/** Directions whose information is below this share of the best-known one are beyond what numbers can tell. */
const NEGLIGIBLE = 1e-14;

/**
 * @param scatter `from residuals`: the observations' errors are known up to a common factor, which the residuals tell;
 * `at least given`: they are known, and the residuals may only show that they were too small.
 */
export function covarianceOf(
  { jacobian, squares }: Pick<LeastSquaresFit, 'jacobian' | 'squares'>,
  scatter: 'from residuals' | 'at least given',
): Covariance {
  const count = jacobian[0]?.length ?? 0;
  const degrees = jacobian.length - count;
  const seen = degrees > 0 ? Math.sqrt(squares / degrees) : 1;
  const factor = scatter === 'from residuals' ? seen : Math.max(1, seen);
  const inverse = inverseInformation(jacobian, count);
  const matrix = inverse.map((row) => row.map((value) => value * factor * factor));
  const errors = matrix.map((row, j) => Math.sqrt(Math.max(0, row[j] as number)));
  const correlations = matrix.map((row, j) =>
    row.map((value, k) => {
      if (j === k) return 1;
      const both = (errors[j] as number) * (errors[k] as number);
      return both > 0 && Number.isFinite(both) ? Math.min(1, Math.max(-1, value / both)) : 0;
    }),
  );
  return { matrix, errors, correlations, scatter: seen, degrees };
}

/** (J'J)^-1, its columns scaled to length one first; directions without information get an infinite variance. */
export function inverseInformation(jacobian: readonly (readonly number[])[], count: number): number[][] {
  const lengths = Array.from({ length: count }, (_, j) =>
    Math.sqrt(jacobian.reduce((sum, row) => sum + (row[j] as number) * (row[j] as number), 0)),
  );
  const scaled = jacobian.map((row) =>
    row.map((value, j) => ((lengths[j] as number) > 0 ? value / (lengths[j] as number) : 0)),
  );
  const one = new Matrix(scaled);
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(one.transpose().mmul(one), {
    assumeSymmetric: true,
  });
  const best = Math.max(...realEigenvalues);
  return Array.from({ length: count }, (_, j) =>
    Array.from({ length: count }, (_, k) => {
      let sum = 0;
      for (const [e, value] of realEigenvalues.entries()) {
        const share = eigenvectorMatrix.get(j, e) * eigenvectorMatrix.get(k, e);
        if (value > NEGLIGIBLE * best) sum += share / value;
        else if (Math.abs(share) > 1e-6) sum = j === k ? Number.POSITIVE_INFINITY : sum;
      }
      const lengthen = (lengths[j] as number) * (lengths[k] as number);
      if (lengthen === 0) return j === k ? Number.POSITIVE_INFINITY : 0;
      return sum / lengthen;
    }),
  );
}
