// Where tasks go on Linux 6.6 and later: idle cores are found while the host is not busy, and loads are evened out.

import { beforeEach, describe, expect, it } from 'vitest';
import { type HostProfile, hostCatalogue, kernels, resolveHost } from '../../../models/index.js';
import { Core, DOING } from '../../../sim/cpu/core.js';
import { Governor } from '../../../sim/cpu/governor.js';
import { Pace } from '../../../sim/cpu/pace.js';
import { SpreadByLoad } from '../../../sim/cpu/spread-by-load.js';
import { randomStream } from '../../../sim/random.js';

const MS = 1_000_000;
const PINNED = 9;
const even = new Pace(undefined, randomStream('even', 'pace'));

/** `count` idle cores, and tasks that left a core at `ranAt`. */
function spread(count: number, virtual = false) {
  const real = resolveHost(hostCatalogue.t7500 as HostProfile, undefined, 'raised');
  const cpu = { ...real.cpu, deepIdleAfter: MS / 20 };
  const host = { ...real, cpu, cores: count, virtual, kernel: kernels['linux-6.6'] };
  const cores = Array.from({ length: count }, (_, id) => new Core(id, 0, host, new Governor(1), even));
  const ranAt = new Map<number, number>();
  const shifts: number[] = [];
  const started: number[] = [];
  const tasks = {
    mayMove: (task: number) => task !== PINNED,
    ranAt: (task: number) => ranAt.get(task) ?? Number.NEGATIVE_INFINITY,
    shift: (_: number, by: number) => void shifts.push(by),
    enqueue: (task: number, core: Core) => core.waiting.push(task, 0),
    next: (core: Core) => {
      started.push(core.id);
      on.spreading.balance(core, on.now);
    },
  };
  const on = { cores, ranAt, shifts, started, now: 0, spreading: new SpreadByLoad(cores, tasks) };
  return on;
}

/** The core runs `running`, with the others waiting. */
function give(core: Core, running: number, ...waiting: number[]): void {
  core.begin(DOING.task, running, false, 0, MS);
  for (const task of waiting) core.waiting.push(task, 0);
}

/** Lets tasks have this share of all cores for a second. */
function busy({ cores, spreading }: ReturnType<typeof spread>, share: number): void {
  for (let now = 10 * MS; now <= 1000 * MS; now += 10 * MS) {
    for (const core of cores) {
      core.balancesAt = Number.POSITIVE_INFINITY;
      core.taskTime = share * 10 * MS;
    }
    spreading.balance(cores[0], now);
  }
}

it('starts the two ends of a pair on one core, and pairs on one core after the other', () => {
  const starts = (cores: number, tasks: number) =>
    Array.from({ length: tasks }, (_, index) => spread(cores).spreading.first(index).id);
  expect(starts(2, 6)).toEqual([0, 0, 1, 1, 0, 0]);
  expect(starts(1, 4)).toEqual([0, 0, 0, 0]);
});

describe('a virtual core', () => {
  it.each([
    [true, 0.04, 0],
    [true, 0.06, 1],
    [false, 0.06, 0],
  ])('of KVM: %s, idle for %f ms: a task that the other one wakes goes to core %i', (virtual, idle, to) => {
    const { cores, spreading } = spread(2, virtual);
    for (const core of cores) core.rest(0);
    // An interrupt on the idle second core.
    cores[1].begin(DOING.softirq, -1, false, idle * MS, MS);
    expect(spreading.place(1, cores[0], cores[1], idle * MS)).toBe(cores[to]);
    // By a timer of its own: that core has taken the interrupt.
    expect(spreading.place(1, cores[0], undefined, idle * MS)).toBe(cores[0]);
  });

  it('is not found idle when it has been for long', () => {
    for (const [now, found] of [
      [0.04 * MS, true],
      [0.06 * MS, false],
    ] as const) {
      const { cores, spreading } = spread(2, true);
      cores[1].rest(0);
      give(cores[0], 2);
      expect(spreading.place(1, cores[0], cores[0], now) === cores[1]).toBe(found);
    }
  });
});

describe('a waking task', () => {
  it('stays where it last ran if that is idle, and goes to another idle core if not', () => {
    const { cores, spreading } = spread(2);
    expect(spreading.place(1, cores[0], undefined, 0)).toBe(cores[0]);
    give(cores[0], 2);
    expect(spreading.place(1, cores[0], undefined, 0)).toBe(cores[1]);
    expect(spreading.place(PINNED, cores[0], undefined, 0)).toBe(cores[0]);
  });

  it.each([
    [2, 0.55, true],
    [2, 0.65, false],
    [8, 0.75, true],
    [8, 0.85, false],
  ])('of %i cores, at a utilisation of %f: finds an idle one beside its own %s', (count, share, found) => {
    const on = spread(count);
    busy(on, share);
    give(on.cores[0], 2);
    expect(on.spreading.place(1, on.cores[0], undefined, 0) !== on.cores[0]).toBe(found);
  });

  it('goes to the core that wakes it when that is idle but for packet work and its own is not', () => {
    const on = spread(2);
    busy(on, 1);
    give(on.cores[0], 2, 3);
    on.cores[1].begin(DOING.softirq, -1, false, 0, 1000);
    expect(on.spreading.place(1, on.cores[0], on.cores[1], 0)).toBe(on.cores[1]);
    expect(on.spreading.place(1, on.cores[0], undefined, 0)).toBe(on.cores[0]);
  });

  it('stays where it last ran when a task wakes it', () => {
    const on = spread(2);
    busy(on, 1);
    const [home, waker] = on.cores as [Core, Core];
    give(home, 2, 3);
    give(waker, 4);
    expect(on.spreading.place(1, home, waker, 0)).toBe(home);
  });

  it('goes to the idle core whose packet work wakes it second, and stays when third', () => {
    const on = spread(2);
    busy(on, 1);
    const [home, waker] = on.cores as [Core, Core];
    give(home, 2, 3);
    waker.begin(DOING.softirq, -1, false, 0, 1000);
    // As `Cores` carries out packet work.
    waker.doing = DOING.finishing;
    waker.waiting.push(5, 0);
    expect(on.spreading.place(1, home, waker, 0)).toBe(waker);
    waker.waiting.push(6, 0);
    expect(on.spreading.place(1, home, waker, 0)).toBe(home);
  });

  it('keeps its place relative to the others in the queue', () => {
    const { cores, shifts, spreading } = spread(2);
    give(cores[0], 2);
    cores[0].minimumRuntime = 7 * MS;
    cores[1].minimumRuntime = 9 * MS;
    spreading.place(1, cores[0], undefined, 0);
    expect(shifts).toEqual([2 * MS]);
  });
});

describe('a core without tasks', () => {
  let on: ReturnType<typeof spread>;
  const waiting = () => on.cores[1].waiting.length;
  beforeEach(() => {
    on = spread(2);
    give(on.cores[0], 2, 3);
  });

  it('fetches none when it has just run out of them', () => {
    on.spreading.fetch();
    expect(waiting()).toBe(0);
  });

  it("is given one that waits on another core at that core's tick, unless it ran a moment ago", () => {
    on.ranAt.set(3, 9.8 * MS);
    const tick = (ms: number) => {
      on.now = ms * MS;
      on.spreading.balance(on.cores[0] as Core, on.now);
      return waiting();
    };
    expect([tick(10), tick(13), tick(14)]).toEqual([0, 0, 1]);
    expect(on.cores[0]?.waiting.length).toBe(0);
    expect(on.started).toEqual([1, 1]);
  });

  it('is woken beside all others by the tick of a core with tasks waiting, and takes none that another took', () => {
    const many = spread(4);
    give(many.cores[0], 2, 3, 4);
    many.now = 10 * MS;
    many.spreading.balance(many.cores[0] as Core, many.now);
    expect(many.started).toEqual([1, 2, 3]);
    expect(many.cores.map(({ waiting }) => waiting.length)).toEqual([0, 1, 1, 0]);
  });

  it('takes one that waits on another core at its next tick', () => {
    on.spreading.balance(on.cores[1], 10 * MS);
    expect([waiting(), on.cores[0].waiting.length]).toEqual([1, 0]);
  });

  it('leaves a task that ran within half a millisecond', () => {
    on.ranAt.set(3, 9.8 * MS);
    on.spreading.balance(on.cores[1], 10 * MS);
    expect(waiting()).toBe(0);
    on.spreading.balance(on.cores[1], 14 * MS);
    expect(waiting()).toBe(1);
  });
});

describe('a busy core', () => {
  it('takes from one that has had more to do for a while, once in 32 ms', () => {
    const { cores, spreading } = spread(2);
    give(cores[0], 2, 3, 4, 5);
    give(cores[1], 6);
    const balanced = (from: number, to: number) => {
      for (let now = from; now < to; now += 4) spreading.balance(cores[1], now * MS);
      return cores[1].waiting.length;
    };
    expect(balanced(4, 36)).toBe(0);
    expect(balanced(36, 68)).toBe(1);
  });
});
