// What the model cannot describe pulls the fit no harder than what is just too far off.

import { describe, expect, it } from 'vitest';
import { bounded, unbounded } from '../../../calibration/fit/huber.js';
import { leastSquares } from '../../../calibration/fit/index.js';

const SIZES = [0, 0.5, 1.999, 2, 2.001, 3, 10, 1000];

describe('a bounded residual', () => {
  it('is the residual up to two standard errors, and rises on, smoothly and ever slower', () => {
    for (const size of [0, 0.5, 1, 2]) expect(bounded(size)).toBe(size);
    const slope = (at: number) => (bounded(at + 1e-6) - bounded(at - 1e-6)) / 2e-6;
    expect(slope(2 + 1e-3)).toBeCloseTo(slope(2 - 1e-3), 2);
    expect(slope(4)).toBeGreaterThan(0);
    expect(slope(40)).toBeLessThan(slope(4));
  });

  it('has the square of twice the loss: beyond two, in proportion', () => {
    expect(bounded(10) ** 2 - bounded(9) ** 2).toBeCloseTo(4, 9);
    expect(bounded(1000) ** 2 - bounded(999) ** 2).toBeCloseTo(4, 6);
  });

  it('can be taken back, on both sides', () => {
    for (const size of SIZES)
      for (const residual of [size, -size]) expect(unbounded(bounded(residual))).toBeCloseTo(residual, 9);
  });

  it('keeps a mean near its sample where one value is a hundred standard errors away', async () => {
    const sample = [-1, -0.5, 0, 0.5, 1, -0.8, 0.8, 0.2, -0.2, 100];
    const parameters = [{ name: 'mean', start: 5, low: -200, high: 200 }];
    const meanBy = async (loss: (residual: number) => number) => {
      const residuals = async (points: readonly (readonly number[])[]) =>
        points.map(([mean = 0]) => sample.map((value) => loss(value - mean)));
      return (await leastSquares({ parameters, residuals })).values[0];
    };
    expect(await meanBy((residual) => residual)).toBeCloseTo(10, 6);
    // Nine values of mean nothing, and two standard errors' pull from the tenth.
    expect(await meanBy(bounded)).toBeCloseTo(2 / 9, 6);
  });
});
