// Margins made monotone: noise is averaged, what is surely broken stays so.

import { describe, expect, it } from 'vitest';
import { monotoneMargins as smooth } from '../../calibration/monotone.js';

const points = (margins: readonly number[], error: number | readonly number[] = 0) =>
  margins.map((margin, i) => ({
    density: i + 1,
    margin,
    error: typeof error === 'number' ? error : (error[i] as number),
  }));

const monotoneMargins = (given: ReturnType<typeof points>) => smooth(given).map(({ margin }) => margin);

describe('monotone margins', () => {
  it('leave falling margins as they are', () => {
    expect(monotoneMargins(points([1, 0.9, 0.2, -3], 0.5))).toEqual([1, 0.9, 0.2, -3]);
    expect(monotoneMargins([])).toEqual([]);
  });

  it('average what rises within its errors', () => {
    const [first, second, third] = monotoneMargins(points([0.8, 1, -1], 0.3));
    expect(first).toBeCloseTo(0.9);
    expect(second).toBeCloseTo(0.9);
    expect(third).toBe(-1);
  });

  it('have the error of their average', () => {
    expect(smooth(points([0.8, 1, -1], 0.3)).map(({ error }) => error)).toEqual([
      expect.closeTo(0.3 / Math.SQRT2),
      expect.closeTo(0.3 / Math.SQRT2),
      expect.closeTo(0.3),
    ]);
    expect(smooth(points([1, -1]))[0]?.error).toBe(0);
  });

  it('let precise margins outweigh a noisy one below them', () => {
    const margins = monotoneMargins(points([-3, 0.9, 0.8], [2, 0.1, 0.1]));
    expect(margins[0]).toBeGreaterThan(0.8);
  });

  it('keep a density broken that is broken beyond its error, and all above it', () => {
    expect(monotoneMargins(points([1, -1, 1, 1]))).toEqual([1, -1, -1, -1]);
    expect(monotoneMargins(points([-3, 0.9], [0.5, 0.1]))).toEqual([-3, -3]);
  });
});
