// Distributions over vnodes and over seeds: what fidelity compares instead of one peer with another.

/** NaN for no values. */
export function mean(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** Of a sample (n - 1); 0 for fewer than two values. */
export function standardDeviation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const middle = mean(values);
  let squares = 0;
  for (const value of values) squares += (value - middle) * (value - middle);
  return Math.sqrt(squares / (values.length - 1));
}

/** Linear between order statistics (type 7 of Hyndman and Fan, 1996); NaN for no values. */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) return Number.NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below] as number;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  return low + (high - low) * (place - below);
}

/** Mean of the lowest `share` of the values, at least one of them; NaN for no values. */
export function lowestMean(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return mean(sorted.slice(0, Math.max(1, Math.ceil(share * sorted.length))));
}
