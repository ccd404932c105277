// Integer cube root: CUBIC needs one whose bits are the same everywhere.

/** Largest integer r with r^3 <= value; `value`: an integer in [0, 2^53). */
export function cubeRoot(value: number): number {
  if (!(value >= 0)) throw new Error(`cube root of ${value}`);
  let low = 0;
  let high = 1;
  while (high * high * high <= value) {
    low = high;
    high *= 2;
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (middle * middle * middle <= value) low = middle;
    else high = middle;
  }
  return low;
}
