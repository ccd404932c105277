// Fleets asked of a planner whose answers are known: what is told is what a plan of it confirms, or is said to be open.

import { describe, expect, it } from 'vitest';
import type { PlanRequest, QuickAnswer } from '../../../experiments/planner/index.js';
import { type FleetQuestion, fleetAnswer, type Planner } from '../../../experiments/whatif/fleet-question.js';

type Fleet = readonly { host: string; count: number }[];

/** What one host holds in a range of `vnodes`, of which `hosts` must hold together; null: not chosen yet. */
type Holds = (host: string, hosts: number | null, vnodes: number | null) => number;

interface World {
  readonly quick: Holds;
  /** As a full plan has it; absent: the same. */
  readonly full?: Holds;
  /** How far the intervals of a full plan go. */
  readonly spread?: number;
  readonly pairs?: boolean;
}

const sizeOf = (fleet: Fleet | null | undefined): number | null =>
  fleet ? fleet.reduce((sum, { count }) => sum + count, 0) : null;

/** A planner of this world, and the fleets that were planned in full. */
function plannerOf({ quick, full = quick, spread = 0.2, pairs = false }: World) {
  const planned: { vnodes: number; fleet: Fleet }[] = [];
  const planner = {
    answer: async ({ hosts, vnodes, fleet }: PlanRequest) => {
      const vnodesPerHost = quick(hosts[0]?.profile.name as string, sizeOf(fleet), vnodes);
      return { vnodesPerHost, pairsPerHost: pairs ? Math.floor(vnodesPerHost / 2) : null } as QuickAnswer;
    },
    confirm: async ({ vnodes, fleet = [] }: PlanRequest) => {
      planned.push({ vnodes, fleet });
      const each = fleet.map(({ host }) => {
        const value = full(host, sizeOf(fleet), vnodes);
        return { value, low: Math.round(value * (1 - spread)), high: Math.round(value * (1 + spread)) };
      });
      const holds = fleet.reduce((sum, { count }, i) => sum + count * (each[i]?.value ?? 0), 0);
      return { vnodesPerHost: each[0], hosts: each[0], fits: holds >= vnodes, each };
    },
  } as Planner;
  return { planner, planned };
}

const question = (
  kinds: Readonly<Record<string, number | null>>,
  vnodes: number | null,
  prices: Readonly<Record<string, number>> = {},
): FleetQuestion => {
  const request = (names: readonly string[], size: number | null, fleet: Fleet | null) =>
    ({ hosts: names.map((name) => ({ profile: { name } })), vnodes: size, ...(fleet && { fleet }) }) as never;
  return {
    hosts: Object.entries(kinds).map(([host, available]) => ({ host, available })),
    prices: new Map(Object.entries(prices)),
    vnodes,
    requestOf: (host, size, fleet) => request([host], size, fleet),
    planOf: (size, fleet) =>
      request(
        fleet.map(({ host }) => host),
        size,
        fleet,
      ),
  };
};

const HOLD: Readonly<Record<string, number>> = { big: 100, small: 30 };
const plain: Holds = (host) => HOLD[host] ?? 0;
const PRICES = { big: 100, small: 20 };

describe('the cheapest fleet', () => {
  it('is planned in full, and has the fewest and the most hosts that it may come to', async () => {
    const { planner, planned } = plannerOf({ quick: plain });
    const told = await fleetAnswer(question({ big: null, small: null }, 1000, PRICES), planner);
    expect(planned).toEqual([{ vnodes: 1000, fleet: [{ host: 'small', count: 34 }] }]);
    // 36 on each, or 24.
    expect(told).toMatchObject({
      fits: true,
      settled: true,
      hosts: { value: 34, low: 28, high: 42 },
      cost: { value: 680, low: 560, high: 840 },
      sentence: '1000 peers fit on 34 small for 680',
    });
  });

  it('says so when its hosts may not be enough', async () => {
    const { planner } = plannerOf({ quick: plain });
    const told = await fleetAnswer(question({ small: 36 }, 1000), planner);
    expect(told).toMatchObject({ fits: true, hosts: { value: 34, low: 28, high: null }, cost: null });
  });

  it('is asked again until the hosts that it has hold together', async () => {
    // The more must hold together, the fewer fit on each.
    const { planner, planned } = plannerOf({ quick: (_, hosts) => (hosts === null ? 100 : 100 - hosts) });
    const told = await fleetAnswer(question({ big: null }, 1000), planner);
    expect(told).toMatchObject({ settled: true, fits: true, hosts: { value: 12 } });
    expect(planned).toEqual([{ vnodes: 1000, fleet: [{ host: 'big', count: 12 }] }]);
  });

  it('is what a full plan says where that says less', async () => {
    const { planner, planned } = plannerOf({ quick: plain, full: (host) => 0.9 * plain(host, null, null) });
    const told = await fleetAnswer(question({ big: null }, 1000, { big: 7 }), planner);
    expect(planned.map(({ fleet }) => fleet[0]?.count)).toEqual([10, 12]);
    expect(told).toMatchObject({ settled: true, fits: true, hosts: { value: 12 }, cost: { value: 84 } });
    expect(told.shares[0]).toMatchObject({ used: 12, vnodesPerHost: 90 });
  });

  it('is not settled where the rounds end first, whether a plan of it fits or not', async () => {
    // With ten hosts twenty seem to be needed, and with twenty ten.
    const swinging: Holds = (_, hosts) => (hosts === 10 ? 50 : 100);
    const fits = await fleetAnswer(question({ big: null }, 1000), plannerOf({ quick: swinging }).planner);
    expect(fits).toMatchObject({ settled: false, fits: true, hosts: { value: 20 } });
    expect(fits.sentence).toBe('1000 peers fit on 20 big, and after 6 rounds it is not settled whether less would do');
    const never = plannerOf({ quick: swinging, full: () => 40 });
    const misses = await fleetAnswer(question({ big: null }, 1000), never.planner);
    expect(misses).toMatchObject({ settled: false, fits: false, hosts: null, cost: null });
    expect(misses.sentence).toMatch(/^the cheapest fleet is not settled: .* 20 big does not fit$/);
  });

  it('is none when all that there are do not hold the range', async () => {
    const { planner, planned } = plannerOf({ quick: plain });
    const told = await fleetAnswer(question({ big: 2, small: 3 }, 1000, PRICES), planner);
    expect(told).toMatchObject({ fits: false, settled: true, hosts: null, cost: null, holds: null });
    expect(told.sentence).toBe('1000 peers do not fit on these hosts');
    expect(planned).toEqual([]);
  });
});

describe('what hosts hold', () => {
  it('is planned in full, in whole pairs, with its interval', async () => {
    const { planner, planned } = plannerOf({ quick: (host) => (host === 'big' ? 101 : 31), pairs: true });
    const told = await fleetAnswer(question({ big: 2, small: 1 }, null), planner);
    expect(planned).toEqual([
      {
        vnodes: 230,
        fleet: [
          { host: 'big', count: 2 },
          { host: 'small', count: 1 },
        ],
      },
    ]);
    // 80 and 24 with the last fifth gone, 120 and 36 with one more.
    expect(told).toMatchObject({
      fits: true,
      settled: true,
      holds: { value: 230, low: 184, high: 276 },
      hosts: null,
      sentence: '2 big and 1 small hold 115 pairs',
    });
  });

  it('is not settled where every size gives another', async () => {
    // A range of 300 looks like one of 200, and that like one of 300.
    const swinging: Holds = (_, __, vnodes) => (vnodes === 300 ? 100 : 150);
    const { planner } = plannerOf({ quick: swinging, full: () => 90 });
    const told = await fleetAnswer(question({ big: 2 }, null), planner);
    expect(told).toMatchObject({ settled: false, fits: false, holds: null });
    expect(told.sentence).toMatch(/^what 2 big hold is not settled: after 6 rounds a plan of \d+ peers on them/);
  });

  it('is nothing where not one vnode is faithful', async () => {
    const told = await fleetAnswer(question({ big: 2 }, null), plannerOf({ quick: () => 0 }).planner);
    expect(told).toMatchObject({ vnodes: 0, fits: false, settled: true, holds: null });
    expect(told.sentence).toBe('these hosts hold nothing faithfully');
  });
});
