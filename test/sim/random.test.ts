// Named random streams: repeatable, apart from each other, the same on every platform.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shuffle } from '../../models/index.js';
import { randomStream } from '../../sim/random.js';

const draws = (seed: string, name: string, count = 20): number[] => {
  const stream = randomStream(seed, name);
  return Array.from({ length: count }, () => stream.uniform());
};

describe('a stream', () => {
  it('repeats itself for the same seed and name', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (seed, name) => {
        expect(draws(seed, name)).toEqual(draws(seed, name));
      }),
    );
  });

  it('differs with the seed and with the name', () => {
    expect(draws('1', 'peer-1')).not.toEqual(draws('2', 'peer-1'));
    expect(draws('1', 'peer-1')).not.toEqual(draws('1', 'peer-2'));
  });

  it('is not shifted by what others draw', () => {
    const alone = draws('1', 'peer-7');
    const stream = randomStream('1', 'peer-7');
    const others = ['peer-6', 'peer-8', 'tracker'].map((name) => randomStream('1', name));
    const mixed = alone.map(() => {
      for (const other of others) other.below(10);
      return stream.uniform();
    });
    expect(mixed).toEqual(alone);
  });

  it('draws from [0, 1), and integers below the bound', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 2 ** 31 }), (seed, bound) => {
        const stream = randomStream(seed, 'range');
        for (let i = 0; i < 50; i++) {
          const value = stream.uniform();
          expect(value >= 0 && value < 1).toBe(true);
          const whole = stream.below(bound);
          expect(Number.isInteger(whole) && whole >= 0 && whole < bound).toBe(true);
        }
      }),
    );
  });

  it('gives the same numbers on every platform', () => {
    const stream = randomStream('1', 'golden');
    expect([stream.uniform(), stream.uniform(), stream.below(1000), stream.below(1000)]).toMatchInlineSnapshot(`
      [
        0.9665795619393036,
        0.4662685474632817,
        201,
        931,
      ]
    `);
  });

  it('is uniform: a hundred thousand draws fill ten bins evenly', () => {
    const bins = new Array<number>(10).fill(0);
    const stream = randomStream('1', 'uniform');
    for (let i = 0; i < 100_000; i++) bins[stream.below(10)]++;
    const chiSquare = bins.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    // The 99.9 % quantile with nine degrees of freedom.
    expect(chiSquare).toBeLessThan(27.88);
  });
});

describe('shuffle', () => {
  it('keeps every item, in place', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.string(), (items, seed) => {
        const shuffled = [...items];
        expect(shuffle(shuffled, randomStream(seed, 'shuffle'))).toBe(shuffled);
        expect([...shuffled].sort((a, b) => a - b)).toEqual([...items].sort((a, b) => a - b));
      }),
    );
  });

  it('gives every order of three the same share', () => {
    const counts = new Map<string, number>();
    const stream = randomStream('1', 'orders');
    for (let i = 0; i < 60_000; i++) {
      const order = shuffle(['a', 'b', 'c'], stream).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  });
});
