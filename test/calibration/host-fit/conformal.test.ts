// Intervals beside observations: 90 % of them hold, whatever the residuals' tails.

import { describe, expect, it } from 'vitest';
import { type Compared, conformal, type Experiment } from '../../../calibration/index.js';
import { randomStream } from '../../../sim/random.js';

const NINETY = 1.6448536;

/** One comparison: `off` from what was measured, with a standard error that was told to be 1. */
const compared = (metric: 'cpu' | 'rtt', off: number, heldOut: boolean): Compared => ({
  target: { experiment: { heldOut } as Experiment, metric, measured: 100, error: 0 },
  predicted: 100 + off,
  spread: 1,
});

/** Student's t with two degrees of freedom: tails that have no variance. */
function heavyTailed(seed: string): () => number {
  const random = randomStream('test', seed);
  return () => {
    const p = random.uniform();
    return (2 * p - 1) / Math.sqrt(2 * p * (1 - p));
  };
}

const share = (all: readonly Compared[]): number =>
  all.filter(({ target, predicted, spread }) => Math.abs(predicted - target.measured) <= NINETY * spread).length /
  all.length;

describe('conformal intervals', () => {
  it.each([0.2, 1, 8])('hold 90 %% of what was held out, where residuals are %d times what was told', (scale) => {
    const draw = heavyTailed(`tails ${scale}`);
    const all = Array.from({ length: 2000 }, (_, i) => compared('cpu', scale * draw(), i % 2 === 1));
    const heldOut = conformal(all).filter(({ target }) => target.experiment.heldOut);
    // 1000 held-out observations: one standard error of the share is 0.01, and as much again of the quantile.
    expect(Math.abs(share(heldOut) - 0.9)).toBeLessThan(0.04);
  });

  it('are told by fitted observations alone', () => {
    const fitted = Array.from({ length: 40 }, (_, i) => compared('cpu', i / 40, false));
    const [near] = conformal([...fitted, compared('cpu', 1, true)]).slice(-1) as [Compared];
    const [far] = conformal([...fitted, compared('cpu', 1000, true)]).slice(-1) as [Compared];
    expect(near.spread).toBe(far.spread);
    // The 37th of 40: 36/40, held by 1.645 standard errors.
    expect(near.spread).toBeCloseTo(36 / 40 / NINETY, 6);
  });

  it('stay where few observations were fitted, and of metrics that never are', () => {
    const few = Array.from({ length: 9 }, () => compared('cpu', 5, false));
    const never = Array.from({ length: 50 }, () => compared('rtt', 5, false));
    expect(conformal([...few, ...never]).every(({ spread }) => spread === 1)).toBe(true);
  });
});
