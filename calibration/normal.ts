// The normal distribution from + - * / alone, so that its last bit is the same on every Node version.

/** 1 / sqrt(2 pi). */
const DENSITY_AT_ZERO = 0.3989422804014327;
/** Past this many standard deviations the tail is below what a number can tell from one. */
const BEYOND = 8.3;

/** e to the power of `y`, for y in [-700, 700]: Taylor's series on a halved argument, squared back. */
export function exponential(y: number): number {
  let halvings = 0;
  let x = y;
  while (x > 0.25 || x < -0.25) {
    x /= 2;
    halvings++;
  }
  let term = 1;
  let sum = 1;
  for (let n = 1; n <= 14; n++) {
    term *= x / n;
    sum += term;
  }
  for (let i = 0; i < halvings; i++) sum *= sum;
  return sum;
}

/** P(Z <= z) for a standard normal Z; absolute error below 1e-13 (the series of Marsaglia, 2004). */
export function normalProbability(z: number): number {
  if (Number.isNaN(z)) throw new Error('the probability of no number');
  if (z < -BEYOND) return 0;
  if (z > BEYOND) return 1;
  let term = z;
  let sum = z;
  for (let n = 3; Math.abs(term) > 1e-17 * Math.abs(sum); n += 2) {
    term *= (z * z) / n;
    sum += term;
  }
  return 0.5 + sum * DENSITY_AT_ZERO * exponential(-(z * z) / 2);
}

/** The z with P(Z <= z) = p, for p in (0, 1), by bisection. */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) throw new Error(`a probability strictly between 0 and 1, not ${p}`);
  let low = -BEYOND;
  let high = BEYOND;
  // 60 halvings bring the bracket below the distance of neighbouring numbers.
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (normalProbability(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Student's quantile from the normal one (Cornish and Fisher; Abramowitz and Stegun 26.7.5). */
export function studentQuantile(p: number, degrees: number): number {
  const z = normalQuantile(p);
  const z3 = z * z * z;
  const z5 = z3 * z * z;
  const z7 = z5 * z * z;
  return (
    z +
    (z3 + z) / (4 * degrees) +
    (5 * z5 + 16 * z3 + 3 * z) / (96 * degrees * degrees) +
    (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * degrees * degrees * degrees)
  );
}

/** `base` to a whole, non-negative power: the chance that as many independent hosts all hold. */
export function wholePower(base: number, exponent: number): number {
  let result = 1;
  let square = base;
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= square;
    square *= square;
  }
  return result;
}
