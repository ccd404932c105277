// Explained shares: near the true ones where those are known, and nothing of what does not matter.

import { describe, expect, it } from 'vitest';
import { radicalInverse } from '../../../experiments/whatif/design.js';
import { lessChance, shareOfGroups, shareOfParabola } from '../../../experiments/whatif/explained-share.js';

const points = (count: number) =>
  Array.from({ length: count }, (_, i) => [2, 3, 5].map((base) => radicalInverse(i + 1, base)));

/** Of a sample of so many points of `x + 2 y`, of which x explains a fifth and y the rest; the third does nothing. */
const shares = (count: number) =>
  [0, 1, 2].map((axis) => {
    const all = points(count);
    const { share, terms } = shareOfParabola(
      all.map((point) => point[axis] as number),
      all.map(([x = 0, y = 0]) => x + 2 * y),
    );
    return lessChance(share, count, terms);
  });

describe('explained shares', () => {
  it('of a sample near the true ones as the points grow', () => {
    const [x = 0, y = 0, none] = shares(24);
    expect(Math.abs(x - 0.2)).toBeLessThan(0.1);
    expect(Math.abs(y - 0.8)).toBeLessThan(0.1);
    expect(none).toBe(0);
    const [x2 = 0, y2 = 0] = shares(200);
    expect(Math.abs(x2 - 0.2)).toBeLessThan(0.02);
    expect(Math.abs(y2 - 0.8)).toBeLessThan(0.02);
  });

  it('of all combinations are exact', () => {
    const values = [0, 1, 2].flatMap((x) => [0, 10].map((y) => ({ x, y })));
    const by = (of: (value: { x: number; y: number }) => number) =>
      [...new Set(values.map(of))].map((one) => values.filter((v) => of(v) === one).map(({ x, y }) => x + y));
    const [x, y] = [shareOfGroups(by((v) => v.x)), shareOfGroups(by((v) => v.y))];
    expect(x + y).toBeCloseTo(1, 12);
    expect(x).toBeCloseTo(4 / (4 + 150), 12);
  });

  it('are nothing where nothing varies, or where there are no more points than terms', () => {
    expect(shareOfGroups([[5], [5, 5]])).toBe(0);
    expect(shareOfParabola([0, 0.5, 1], [7, 7, 7]).share).toBe(0);
    expect(shareOfParabola([0.5, 0.5, 0.5], [1, 2, 3])).toEqual({ share: 0, terms: 1 });
  });
});
