// Vnodes bound to hosts: all of them, no host too full, on the fewest hosts, with less between hosts than by chance.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bind, crossHostShare, type Demand, type HostRoom, shuffle } from '../../models/index.js';
import { randomStream } from '../../sim/index.js';

const rooms = fc.array(
  fc.integer({ min: 1, max: 12 }).map((room): HostRoom => ({ room })),
  { minLength: 1, maxLength: 8 },
);
const goals = fc.constantFrom('hosts' as const, 'traffic' as const);
const held = (hostOf: readonly number[], hosts: readonly HostRoom[]): number[] =>
  hosts.map((_, host) => hostOf.filter((one) => one === host).length);

/** Some of all pairs, with weights. */
const demandAmong = (vnodes: number): fc.Arbitrary<Demand> =>
  fc
    .array(fc.tuple(fc.nat(vnodes - 1), fc.nat(vnodes - 1), fc.integer({ min: 1, max: 9 })), { maxLength: 60 })
    .map((pairs) => ({ kind: 'pairs', pairs: pairs.filter(([a, b]) => a !== b) }));

const some = fc
  .record({ vnodes: fc.integer({ min: 1, max: 40 }), hosts: rooms, goal: goals })
  .chain(({ vnodes, ...rest }) => demandAmong(vnodes).map((demand) => ({ vnodes, demand, ...rest })));

describe('a binding', () => {
  it('has every vnode on one host and no host too full; or none where there is no room', () => {
    fc.assert(
      fc.property(some, ({ vnodes, hosts, demand, goal }) => {
        const hostOf = bind(vnodes, hosts, demand, goal);
        const room = hosts.reduce((sum, host) => sum + host.room, 0);
        expect(hostOf === undefined).toBe(room < vnodes);
        if (!hostOf) return;
        expect(hostOf).toHaveLength(vnodes);
        const on = held(hostOf, hosts);
        expect(on.reduce((sum, count) => sum + count, 0)).toBe(vnodes);
        for (const [host, count] of on.entries()) expect(count).toBeLessThanOrEqual(hosts[host]!.room);
      }),
    );
  });

  it('takes as few hosts as hold all, when that is the goal', () => {
    fc.assert(
      fc.property(some, ({ vnodes, hosts, demand }) => {
        const hostOf = bind(vnodes, hosts, demand, 'hosts');
        if (!hostOf) return;
        const largest = hosts.map(({ room }) => room).sort((a, b) => b - a);
        let fewest = 0;
        for (let room = 0; room < vnodes; ) room += largest[fewest++]!;
        expect(new Set(hostOf).size).toBe(fewest);
      }),
    );
  });

  it('parts no pair when there is room to keep all together, and as few as it must otherwise', () => {
    const pairs: Demand = {
      kind: 'pairs',
      pairs: Array.from({ length: 50 }, (_, i) => [2 * i, 2 * i + 1, 1] as const),
    };
    const odd = Array.from({ length: 12 }, () => ({ room: 11 }));
    expect(crossHostShare(bind(100, odd, pairs, 'traffic')!, pairs)).toBe(0);
    expect(new Set(bind(100, odd, pairs, 'traffic')).size).toBe(10);
    // Ten hosts of ten room hold all in pairs; of nine, one vnode of each is left over, and two of them make a pair.
    const full = Array.from({ length: 10 }, () => ({ room: 10 }));
    expect(crossHostShare(bind(100, full, pairs, 'hosts')!, pairs)).toBe(0);
    const nine = [...Array.from({ length: 10 }, () => ({ room: 9 })), { room: 10 }];
    expect(crossHostShare(bind(100, nine, pairs, 'hosts')!, pairs)).toBe(5 / 50);
  });

  it('has less between hosts than chance, where everybody talks to the neighbours on a grid', () => {
    const side = 20;
    const near = Array.from({ length: side * side }, (_, i) => [
      ...(i % side < side - 1 ? [[i, i + 1, 1] as const] : []),
      ...(i < side * (side - 1) ? [[i, i + side, 1] as const] : []),
    ]).flat();
    const grid: Demand = { kind: 'pairs', pairs: near };
    const hosts = Array.from({ length: 8 }, () => ({ room: 50 }));
    const bound = crossHostShare(bind(side * side, hosts, grid, 'traffic')!, grid);
    const chance = Array.from({ length: 20 }, (_, seed) => {
      const mixed = shuffle(
        Array.from({ length: side * side }, (_each, i) => i % 8),
        randomStream(String(seed), 'binding'),
      );
      return crossHostShare(mixed, grid);
    });
    expect(bound).toBeLessThan(0.5 * Math.min(...chance));
  });

  it('puts a swarm of 10,000 on 100 hosts of 100, row M8, without a table of pairs', () => {
    const before = process.memoryUsage().heapUsed;
    const hosts = Array.from({ length: 100 }, () => ({ room: 100 }));
    const hostOf = bind(10_000, hosts, { kind: 'uniform' }, 'traffic')!;
    expect(held(hostOf, hosts)).toEqual(Array.from({ length: 100 }, () => 100));
    expect(crossHostShare(hostOf, { kind: 'uniform' })).toBeCloseTo(1 - 99 / 9999, 12);
    // A byte for each of 10,000 squared pairs would be 100 MB.
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(20e6);
  });
});
