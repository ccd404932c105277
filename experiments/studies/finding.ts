// Findings: a figure held against what was expected, by the kinds of tolerance that the reference table knows.

import type { Finding } from './row.js';

type Values = Readonly<Record<string, number>>;

/** Four significant digits. */
export const figure = (value: number): string => String(Number(value.toPrecision(4)));

/** Values named after what was varied: share8, share9, ... */
export const byCount = (name: string, counts: readonly number[], values: readonly number[]): Record<string, number> =>
  Object.fromEntries(counts.map((count, i) => [`${name}${count}`, values[i] as number]));

/** Relative: each `[got, expected]` within `tolerance`, a share; the error told is the largest. */
export function within(
  got: string,
  tolerance: number,
  pairs: readonly (readonly [number, number])[],
  values?: Values,
): Finding {
  const error = pairs
    .map(([found, expected]) => found / expected - 1)
    .reduce((worst, one) => (Math.abs(one) > Math.abs(worst) ? one : worst), 0);
  return { got, error, ok: Math.abs(error) <= tolerance, ...(values && { values }) };
}

/** Absolute, in `unit`. */
export function near(
  got: string,
  found: number,
  expected: number,
  tolerance: number,
  unit: string,
  values?: Values,
): Finding {
  const error = found - expected;
  return { got, error, errorUnit: unit, ok: Math.abs(error) <= tolerance, ...(values && { values }) };
}

/** Between two bounds, both included; the error is the distance to the nearer one, as a share of it. */
export function inBand(got: string, found: number, low: number, high: number, values?: Values): Finding {
  const ok = found >= low && found <= high;
  const error = ok ? 0 : found < low ? found / low - 1 : found / high - 1;
  return { got, error, ok, ...(values && { values }) };
}

/** Equal numbers, in order. */
export function exactly(got: string, found: readonly number[], expected: readonly number[]): Finding {
  const ok = found.length === expected.length && found.every((value, i) => value === expected[i]);
  const largest = Math.max(0, ...expected.map((value, i) => Math.abs((found[i] as number) / value - 1)));
  return { got, error: ok ? 0 : largest, ok };
}

/** A trend, a sign, an order: it is there or it is not. */
export const shape = (got: string, ok: boolean, values?: Values): Finding => ({
  got,
  error: null,
  ok,
  ...(values && { values }),
});
