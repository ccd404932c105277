// Cholesky's root of a correlation matrix, from + - * / and square roots alone: the same bytes on every Node.

/** What rounding may leave below zero on the diagonal. */
const LEAST = 1e-9;

/** The lower triangle L with L L' = `matrix`; a matrix that rounding made indefinite gets the nearest such root. */
export function triangularRoot(matrix: readonly (readonly number[])[]): number[][] {
  const root: number[][] = matrix.map((row) => row.map(() => 0));
  const at = (j: number, k: number) => root[j]?.[k] ?? 0;
  for (const [j, row] of matrix.entries())
    for (let k = 0; k <= j; k++) {
      let rest = row[k] ?? 0;
      for (let i = 0; i < k; i++) rest -= at(j, i) * at(k, i);
      (root[j] as number[])[k] = j === k ? Math.sqrt(Math.max(rest, LEAST)) : rest / at(k, k);
    }
  return root;
}
