// Core machines: how late their clock makes packets, what an overloaded one loses and what it keeps, what crosses.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CoreMachine, DistilledNetwork } from '../../../models/index.js';
import { hostCatalogue, idealHost, type RunRecord, resolveHost, scenarioSchema } from '../../../models/index.js';
import { simulate } from '../../../sim/index.js';
import { CoreMachines } from '../../../sim/network/core-machines.js';
import type { Routes } from '../../../sim/network/routes.js';
import { Packets } from '../../../sim/packets.js';
import { Simulator } from '../../../sim/simulator.js';

const TICK = 100_000;
const FREE: CoreMachine = {
  title: 'free',
  perPacket: 0,
  perHop: 0,
  perCrossing: 0,
  ring: Number.POSITIVE_INFINITY,
  nicRate: Number.POSITIVE_INFINITY,
  switchDelay: 0,
};
const PIPE = { rate: 10e6, delay: 1_000_000, loss: 0, queue: undefined };
const WIRE = 1000;

interface Told {
  readonly emerged: { readonly packet: number; readonly at: number }[];
  readonly drops: string[];
  readonly cores: CoreMachines;
  readonly simulator: Simulator;
}

/** Packets that arrive at these times at a core of `hops` equal pipes in a row, each core having every `count`-th of them. */
function core(
  machine: CoreMachine,
  hops: number,
  times: readonly number[],
  debt: boolean,
  count = 1,
  until = Infinity,
): Told {
  const simulator = new Simulator();
  const packets = new Packets();
  const emerged: { packet: number; at: number }[] = [];
  const drops: string[] = [];
  const network = {
    qualities: Array.from({ length: hops }, () => PIPE),
    origins: Array.from({ length: hops }, (_, i) => i),
    network: { pipes: Array.from({ length: hops }, (_, i) => ({ link: i })) },
    works: () => true,
  } as unknown as DistilledNetwork;
  const routes = {
    enter: (packet: number) => {
      packets.hop[packet] = 0;
      return true;
    },
    next: (packet: number) => (packets.hop[packet] < hops ? packets.hop[packet]++ : -1),
  } as unknown as Routes;
  const cores = new CoreMachines(
    {
      simulator,
      packets,
      routes,
      network,
      machine,
      count,
      debt,
      tick: TICK,
      mtu: 1500,
      seed: '1',
      assignment: Array.from({ length: hops }, (_, i) => i % count),
      entryOf: () => 0,
    },
    {
      emerge: (packet) => void emerged.push({ packet, at: simulator.now }),
      drop: (_, reason) => void drops.push(reason),
    },
  );
  const kind = simulator.register({
    handle(index) {
      const packet = packets.allocate(0, 0);
      packets.wire[packet] = WIRE;
      cores.arrive(packet, 0);
      if (index + 1 < times.length) simulator.schedule(times[index + 1]!, kind, index + 1);
    },
  });
  simulator.schedule(times[0]!, kind, 0);
  simulator.run(until);
  return { emerged, drops, cores, simulator };
}

/** When each packet leaves the last pipe on an exact clock: a chain of wires, by Lindley's recursion. */
function exact(hops: number, times: readonly number[]): number[] {
  const free = Array.from({ length: hops }, () => 0);
  return times.map((time) => {
    let at = time;
    for (let hop = 0; hop < hops; hop++) {
      free[hop] = Math.max(free[hop]!, at) + (WIRE * 8e9) / PIPE.rate;
      at = free[hop]! + PIPE.delay;
    }
    return at;
  });
}

const spaced = fc.array(fc.integer({ min: 1_000_000, max: 3_000_000 }), { minLength: 5, maxLength: 40 }).map((gaps) =>
  gaps.map(
    (
      (sum) => (gap: number) =>
        (sum += gap)
    )(0),
  ),
);

describe('an unloaded core with a clock of 10 kHz', () => {
  const latest = (hops: number, times: readonly number[], debt: boolean): number => {
    const { emerged } = core(FREE, hops, times, debt);
    const ideal = exact(hops, times);
    const late = emerged.map(({ at }, i) => at - ideal[i]!);
    expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
    return Math.max(...late);
  };

  it('gets a packet over h hops at most 100 us x h late', () => {
    fc.assert(
      fc.property(spaced, fc.integer({ min: 1, max: 12 }), (times, hops) => {
        expect(latest(hops, times, false)).toBeLessThanOrEqual(hops * TICK);
      }),
      { numRuns: 40 },
    );
  });

  it('with packet debt at most 100 us late in all, and less than without', () => {
    fc.assert(
      fc.property(spaced, fc.integer({ min: 3, max: 12 }), (times, hops) => {
        const owing = latest(hops, times, true);
        expect(owing).toBeLessThanOrEqual(TICK);
        expect(owing).toBeLessThanOrEqual(latest(hops, times, false));
      }),
      { numRuns: 40 },
    );
  });
});

describe('an overloaded core', () => {
  // One packet each 50 us where taking one in costs 100 us.
  const times = Array.from({ length: 4000 }, (_, i) => i * 50_000);
  const slow = { ...FREE, perPacket: 100_000, perHop: 10_000, ring: 64 };

  it('loses packets at its NIC and none that it has accepted', () => {
    const { emerged, drops, cores, simulator } = core(
      slow,
      2,
      times.map((time) => time * 20),
      true,
    );
    expect(drops).toEqual([]);
    expect(emerged).toHaveLength(4000);
    expect(cores.record(simulator.now)[0]!.physicalDrops).toBe(0);
    const busy = core(
      { ...slow, perPacket: 2_000_000 },
      2,
      times.map((time) => time * 20),
      true,
    );
    const [record] = busy.cores.record(busy.simulator.now);
    expect(new Set(busy.drops)).toEqual(new Set(['core-nic']));
    expect(record!.physicalDrops).toBe(busy.drops.length);
    expect(busy.emerged.length).toBe(record!.received);
    expect(busy.emerged.length + busy.drops.length).toBe(4000);
    expect(busy.drops.length).toBeGreaterThan(1000);
  });

  it('is as exact at full CPU as at rest, for moving comes before receiving', () => {
    const busy = core(
      { ...slow, perPacket: 2_000_000 },
      2,
      times.map((time) => time * 20),
      true,
      1,
      4e9,
    );
    const [record] = busy.cores.record(4e9);
    expect(record!.cpuPercent).toBeGreaterThan(98);
    expect(record!.lateness.most * 1e9).toBeLessThanOrEqual(TICK + slow.perHop * 4);
  });
});

describe('several cores', () => {
  it('hand a packet over at each hop to another core, and back to where it came in', () => {
    const times = Array.from({ length: 50 }, (_, i) => i * 1_000_000);
    const { cores, simulator, emerged } = core({ ...FREE, switchDelay: 20_000 }, 4, times, true, 2);
    const records = cores.record(simulator.now);
    expect(emerged).toHaveLength(50);
    // 0 > 1 > 0 > 1, and back to 0.
    expect(records.map(({ crossings }) => crossings)).toEqual([100, 50]);
    expect(records.map(({ detours }) => detours)).toEqual([0, 50]);
  });

  it('carry less the more crosses between them', () => {
    const host = idealHost(resolveHost(hostCatalogue.pc3000!, undefined, 'raised'));
    const run = (assign: readonly number[]): RunRecord =>
      simulate(
        scenarioSchema.parse({
          name: 'cores',
          workload: { kind: 'pairs', pairs: 60, duration: '300ms' },
          link: { up: '40Mbit/s', down: '40Mbit/s', delay: '1ms' },
          network: {
            attach: 'two-port-bridge',
            topology: {
              generate: { kind: 'star', stubs: 1, rate: '10Gbit/s', delay: '0ns' },
              cores: { count: 2, assign: [...assign] },
            },
          },
        }),
        host,
        '1',
        { perHost: 60 },
      );
    // Link 0 is the star's only one; then one link a vnode, in pairs of sender and receiver on the same host.
    const apart = (crossed: number) => [
      0,
      ...Array.from({ length: 120 }, (_, i) => (i < 60 ? 0 : 1) ^ (i % 60 < crossed && i % 2 === 1 ? 1 : 0)),
    ];
    const runs = [0, 30, 60].map((crossed) => run(apart(crossed)));
    const crossings = runs.map(({ cores }) => cores!.reduce((sum, one) => sum + one.crossings + one.detours, 0));
    const goodput = runs.map(({ totals }) => totals.payloadBytes);
    expect(crossings[0]).toBeLessThan(crossings[1]!);
    expect(crossings[1]).toBeLessThan(crossings[2]!);
    expect(goodput[0]).toBeGreaterThan(goodput[1]!);
    expect(goodput[1]).toBeGreaterThan(goodput[2]!);
  });
});
