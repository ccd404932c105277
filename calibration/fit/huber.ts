// Huber's loss (1964) as a residual: a run that the model cannot describe pulls no harder than one just beyond the bend, so
// that it does not bend the costs of all others.

/** Standard errors from which on a residual counts in proportion instead of squared. */
const BEND = 2;

/** The number whose square is twice the loss. As it is up to the bend; smooth and rising beyond. */
export function bounded(residual: number): number {
  const size = Math.abs(residual);
  return size <= BEND ? residual : Math.sign(residual) * Math.sqrt(2 * BEND * size - BEND * BEND);
}

/** What `bounded` makes this of. */
export function unbounded(value: number): number {
  const size = Math.abs(value);
  return size <= BEND ? value : (Math.sign(value) * (size * size + BEND * BEND)) / (2 * BEND);
}
