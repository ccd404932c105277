// Generated networks: connected, of the size asked for, the same for the same seed, and of the shape they are named for.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  attachVnodes,
  flawOf,
  generate,
  generatorSchema,
  linkCount,
  type TargetNetwork,
} from '../../../models/index.js';
import { decay } from '../../../models/network/generators/random.js';
import { randomStream } from '../../../sim/index.js';

const make = (description: object, seed = '1'): TargetNetwork =>
  generate(generatorSchema.parse(description), randomStream(seed, 'topology'));

const degrees = ({ places, pipes }: TargetNetwork): number[] =>
  places.map((_, place) => pipes.filter(({ from }) => from === place).length);

describe('a generated network', () => {
  it('is connected and has the links of its kind, whatever its size and seed', () => {
    const sizes = fc.record({
      a: fc.integer({ min: 3, max: 30 }),
      b: fc.integer({ min: 1, max: 6 }),
      seed: fc.string(),
    });
    fc.assert(
      fc.property(sizes, ({ a, b, seed }) => {
        const links: readonly (readonly [object, number | undefined])[] = [
          [{ kind: 'ring', routers: a }, a],
          [{ kind: 'ring', routers: a, closed: false }, a - 1],
          [{ kind: 'star', stubs: a }, a],
          [{ kind: 'dumbbell', left: a, right: b }, a + b + 1],
          [{ kind: 'transit-stub', transits: b, stubs: 2, routers: 3 }, undefined],
          [{ kind: 'waxman', routers: a }, undefined],
          [{ kind: 'preferential', routers: a, links: 2 }, 2 * a - 3],
        ];
        for (const [description, expected] of links) {
          const network = make(description, seed);
          expect(flawOf(attachVnodes(network, 5, network.pipes[0]!, network.pipes[0]!))).toBeUndefined();
          if (expected !== undefined) expect(linkCount(network)).toBe(expected);
          expect(make(description, seed)).toEqual(network);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('differs by its seed', () => {
    expect(make({ kind: 'waxman' }, '1')).not.toEqual(make({ kind: 'waxman' }, '2'));
  });

  it('has hubs when attachment is preferential, and none in a ring', () => {
    const hubs = degrees(make({ kind: 'preferential', routers: 300 })).sort((a, b) => b - a);
    expect(hubs[0]).toBeGreaterThan(20);
    expect(degrees(make({ kind: 'ring', routers: 300 }))).toEqual(Array.from({ length: 300 }, () => 2));
  });

  it('links near routers more often than far ones when it is a Waxman network', () => {
    const { pipes } = make({ kind: 'waxman', routers: 200, delay: '10ms' });
    // Two random points of the unit square are 0.37 diagonals apart on average.
    const mean = pipes.reduce((sum, { delay }) => sum + delay, 0) / pipes.length / 10e6;
    expect(mean).toBeLessThan(0.25);
  });

  it('gets its vnodes in turn, on stubs where there are some', () => {
    const star = make({ kind: 'star', stubs: 3 });
    const grown = attachVnodes(star, 7, star.pipes[0]!, star.pipes[0]!);
    expect(degrees(grown).slice(0, 4)).toEqual([3, 4, 3, 3]);
  });

  it('draws by an exponential that agrees with the real one', () => {
    for (const x of [0, 0.1, 0.5, 1, 3, 10, 40]) expect(decay(x) / Math.exp(-x)).toBeCloseTo(1, 12);
  });
});
