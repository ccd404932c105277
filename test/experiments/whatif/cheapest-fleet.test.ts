// The cheapest fleet, against every fleet that there is.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cheapestFleet, type Offer } from '../../../experiments/whatif/cheapest-fleet.js';

const offer = fc.record({
  vnodesPerHost: fc.integer({ min: 0, max: 12 }),
  available: fc.option(fc.integer({ min: 0, max: 4 })),
  price: fc.integer({ min: 0, max: 9 }),
});

/** The least cost by trying all; undefined: none holds the range. */
function leastCost(offers: readonly Offer[], vnodes: number): number | undefined {
  const [first, ...rest] = offers;
  if (!first) return vnodes <= 0 ? 0 : undefined;
  const most = first.available ?? (first.vnodesPerHost > 0 ? Math.ceil(Math.max(0, vnodes) / first.vnodesPerHost) : 0);
  let least: number | undefined;
  for (let count = 0; count <= most; count++) {
    const others = leastCost(rest, vnodes - count * first.vnodesPerHost);
    if (others === undefined) continue;
    least = Math.min(least ?? Number.POSITIVE_INFINITY, others + count * first.price);
  }
  return least;
}

describe('the cheapest fleet', () => {
  it('holds the range, is there, and costs no more than any other', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(offer, { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1, max: 40 }),
        async (kinds, vnodes) => {
          const offers = kinds.map((kind, i) => ({ ...kind, host: `h${i}` }));
          const counts = await cheapestFleet(offers, vnodes);
          const least = leastCost(offers, vnodes);
          if (counts === null) {
            expect(least).toBeUndefined();
            return;
          }
          const total = (of: (kind: Offer) => number) =>
            counts.reduce((sum, count, i) => sum + count * of(offers[i] as Offer), 0);
          expect(total(({ vnodesPerHost }) => vnodesPerHost)).toBeGreaterThanOrEqual(vnodes);
          for (const [i, count] of counts.entries())
            expect(count).toBeLessThanOrEqual(offers[i]?.available ?? Number.POSITIVE_INFINITY);
          expect(total(({ price }) => price)).toBe(least);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is not the one with the densest hosts first', async () => {
    const dense = { host: 'dense', vnodesPerHost: 100, available: null, price: 100 };
    const small = { host: 'small', vnodesPerHost: 30, available: null, price: 20 };
    expect(await cheapestFleet([dense, small], 1000)).toEqual([0, 34]);
    expect(await cheapestFleet([dense, { ...small, available: 10 }], 1000)).toEqual([7, 10]);
  });
});
