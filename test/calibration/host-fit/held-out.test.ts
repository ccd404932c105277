// The held-out check: medians against their bounds, and intervals that are neither too narrow nor too wide.

import { describe, expect, it } from 'vitest';
import { heldOutCheck } from '../../../calibration/index.js';
import type { Comparison } from '../../../models/index.js';

const one = (metric: string, measured: number, predicted: number, spread: number, more: Partial<Comparison> = {}) => ({
  ...{
    experiment: 'e',
    rung: 'r',
    heldOut: true,
    vnodes: 2,
    up: null,
    metric,
    unit: '',
    measured,
    predicted,
    spread,
    error: 0,
  },
  ...more,
});

/** `count` observations of CPU that are off by `error` points; `outside` of them beyond their intervals. */
const cpu = (count: number, error: number, outside: number): Comparison[] =>
  Array.from({ length: count }, (_, i) => one('cpu', 100, 100 + error, i < outside ? error / 3 : 2 * error));

describe('the held-out check', () => {
  it('takes the median of the absolute errors, in points of CPU and as shares of rates', () => {
    const comparisons = [...cpu(20, 4, 2), ...cpu(1, 90, 1), one('rate', 1e6, 1.02e6, 2e4)];
    const { metrics } = heldOutCheck({ comparisons });
    expect(metrics.map(({ metric, median, ok }) => [metric, Number(median.toFixed(6)), ok])).toEqual([
      ['cpu', 4, true],
      ['rate', 0.02, true],
    ]);
  });

  it('misses when the median is beyond its bound, unless repeats differ by more', () => {
    expect(heldOutCheck({ comparisons: cpu(20, 6, 2) }).ok).toBe(false);
    const noisy = (range: number) => cpu(20, 6, 2).map((comparison) => ({ ...comparison, range }));
    expect(heldOutCheck({ comparisons: noisy(7) }).ok).toBe(true);
    expect(heldOutCheck({ comparisons: noisy(5.5) }).ok).toBe(false);
  });

  it('has no such excuse for other metrics', () => {
    const rate = one('rate', 1e6, 1.04e6, 1e5, { range: 1e5, error: 1e5 });
    expect(heldOutCheck({ comparisons: [...cpu(20, 1, 2), rate] }).ok).toBe(false);
  });

  it('misses when the intervals hold too few of the observations, or all of many', () => {
    expect(heldOutCheck({ comparisons: cpu(40, 1, 4) }).coverageOk).toBe(true);
    expect(heldOutCheck({ comparisons: cpu(40, 1, 12) }).coverageOk).toBe(false);
    expect(heldOutCheck({ comparisons: cpu(40, 1, 0) }).coverageOk).toBe(false);
  });

  it('judges what unshaped flows carry together with the rates that were asked for', () => {
    const rates = [0.01, 0.02, 0.09].map((off) => one('rate', 1e6, 1e6 * (1 + off), 1e6));
    const free = [0.01, 0.02].map((off) => one('capacity', 1e10, 1e10 * (1 - off), 1e10));
    const { metrics } = heldOutCheck({ comparisons: [...rates, ...free] });
    expect(metrics).toMatchObject([{ metric: 'rate', count: 5, ok: true }]);
    expect(metrics[0]?.median).toBeCloseTo(0.02);
  });

  it('looks at nothing that was fitted', () => {
    const fitted = cpu(20, 50, 20).map((comparison) => ({ ...comparison, heldOut: false }));
    expect(heldOutCheck({ comparisons: [...fitted, ...cpu(20, 1, 2)] })).toMatchObject({ count: 20, ok: true });
  });
});
