// What times of the same work on each core tell of others that use the cores, too.

import { describe, expect, it } from 'vitest';
import { type MeasuredSharing, sharedCores } from '../../calibration/index.js';
import { exponential } from '../../models/index.js';
import { randomStream } from '../../sim/random.js';

const EACH = 0.01;

/** Times of 1000 ns, those of slowed stretches longer, with noise of some percent on all. */
function times(core: number, count: number, { share, speed, stretch }: Record<'share' | 'speed' | 'stretch', number>) {
  const random = randomStream('shared-cores', String(core));
  let slow = random.uniform() < share;
  let left = 0;
  return Array.from({ length: count }, () => {
    while (left <= 0) {
      slow = !slow;
      left += exponential(random) * (slow ? stretch : (stretch * (1 - share)) / share);
    }
    left -= EACH;
    return (slow ? 1000 / speed : 1000) * (1 + 0.06 * (random.uniform() - 0.5));
  });
}

describe('cores that others use, too', () => {
  const truth = { share: 0.35, speed: 0.74, stretch: 0.3 };
  const found = sharedCores(
    [0, 1, 2, 3].map((core) => times(core, 4000, truth)),
    EACH,
  ) as MeasuredSharing;

  it.each([
    ['share', 0.1],
    ['speed', 0.02],
    ['stretch', 0.35],
  ] as const)('are told by their %s, within %d of it', (name, within) => {
    const { value, low, high } = found[name];
    expect(Math.abs(value / truth[name] - 1)).toBeLessThan(within);
    expect(low).toBeLessThanOrEqual(value);
    expect(high).toBeGreaterThanOrEqual(value);
  });

  it('may be others for some of it: the least is nothing', () => {
    const even = times(9, 2000, { ...truth, speed: 1 }).map(() => 1000);
    const some = sharedCores([even, times(1, 2000, truth)], EACH) as MeasuredSharing;
    expect(some.share.low).toBe(0);
    expect(some.speed.value).toBeCloseTo(truth.speed, 1);
  });
});

describe('cores of one’s own', () => {
  it.each([
    ['all times alike', () => 1000],
    ['noise of some percent', (i: number) => 1000 * (1 + 0.08 * (randomStream('noise', String(i)).uniform() - 0.5))],
    ['a time in a thousand that was taken away', (i: number) => (i % 1000 === 7 ? 9000 : 1000)],
  ])('are even: %s', (_, time) => {
    expect(sharedCores([Array.from({ length: 2000 }, (__, i) => time(i))], EACH)).toBeUndefined();
  });

  it('are not judged by a few times', () => {
    expect(() => sharedCores([[1, 2, 3]], EACH)).toThrow('3 times of a core');
  });
});
