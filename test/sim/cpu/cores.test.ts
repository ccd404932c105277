// Cores against queueing theory, and the rules by which packet work and tasks share them.

import { describe, expect, it } from 'vitest';
import { type Host, type HostProfile, hostCatalogue, kernels, resolveHost } from '../../../models/index.js';
import { type Core, Cores, withoutTimers } from '../../../sim/cpu/index.js';
import { randomStream } from '../../../sim/random.js';
import { Simulator } from '../../../sim/simulator.js';

const FREE = {
  softirqStart: 0,
  idleExit: 0,
  deepIdleExit: 0,
  taskWake: 0,
  contextSwitch: 0,
  refillPerByte: 0,
  workingSet: 1,
  lowestClock: 1,
};

/** A host on which nothing but the work itself costs. */
function host(cores: number, cpu: Partial<Host['cpu']> = {}): Host {
  const real = resolveHost(hostCatalogue.t7500 as HostProfile, undefined, 'raised');
  return { ...real, cores, cpu: { ...real.cpu, ...FREE, ...cpu } };
}

const exponential = (random: { uniform(): number }, mean: number) => -Math.log(1 - random.uniform()) * mean;

/** Packet work arriving at `times` with `costs` on one core: the sojourn of each. */
function packetWork(times: readonly number[], costs: readonly number[]): { sojourns: number[]; cores: Cores } {
  const simulator = new Simulator();
  const cores = new Cores(simulator);
  cores.addHost(host(1));
  const sojourns: number[] = [];
  cores.connect(
    withoutTimers({
      start: (item) => costs[item],
      finish: (item) => void sojourns.push(simulator.now - times[item]),
    }),
    { begin: () => 0, finish: () => false },
  );
  const arrive = simulator.register({ handle: (item) => cores.raise(0, item) });
  for (const [item, time] of times.entries()) simulator.schedule(time, arrive, item);
  simulator.run(Infinity);
  return { sojourns, cores };
}

function arrivals(count: number, mean: number, name: string): number[] {
  const random = randomStream('oracle', name);
  let time = 0;
  return Array.from({ length: count }, () => {
    time += exponential(random, mean);
    return Math.round(time);
  });
}

const meanOf = (numbers: readonly number[]) => numbers.reduce((sum, n) => sum + n, 0) / numbers.length;

describe('a core against queueing theory', () => {
  const count = 400_000;
  const service = 10_000;

  it.each([0.5, 0.8])('M/D/1 packet work at load %f: mean sojourn within 2 %', (load) => {
    const times = arrivals(count, service / load, `cpu/md1/${load}`);
    const { sojourns } = packetWork(
      times,
      times.map(() => service),
    );
    const ratio = meanOf(sojourns) / (service * (1 + load / (2 * (1 - load))));
    expect(ratio).toBeGreaterThan(0.98);
    expect(ratio).toBeLessThan(1.02);
  });

  it('M/M/1 packet work at load 0.6: mean sojourn within 2 %', () => {
    const random = randomStream('oracle', 'cpu/mm1');
    const costs = Array.from({ length: count }, () => Math.max(1, Math.round(exponential(random, service))));
    const times = arrivals(count, meanOf(costs) / 0.6, 'cpu/mm1/times');
    const { sojourns } = packetWork(times, costs);
    const ratio = meanOf(sojourns) / (meanOf(costs) / 0.4);
    expect(ratio).toBeGreaterThan(0.98);
    expect(ratio).toBeLessThan(1.02);
  });

  it('accounts every ns of packet work once', () => {
    const times = arrivals(1000, 20_000, 'cpu/account');
    const { cores } = packetWork(
      times,
      times.map(() => service),
    );
    expect(cores.all[0].taken.softirq).toBe(1000 * service);
    expect(cores.all[0].busy).toBe(1000 * service);
  });
});

interface Load {
  readonly host: Host;
  /** Work of each vnode's task each time it runs, ns; it is always runnable. */
  readonly tasks: readonly number[];
  readonly shares?: readonly number[];
  readonly pinned?: boolean;
  readonly until: number;
  /** Packet work of this cost, this often, on core 0. */
  readonly packets?: { readonly cost: number; readonly interval: number };
}

/** Runs tasks that always want the CPU. */
function contend({ host: of, tasks, shares, pinned, until, packets }: Load): {
  cores: Cores;
  runs: number[];
  packetsDone: number;
} {
  const simulator = new Simulator();
  const cores = new Cores(simulator);
  const on = cores.addHost(of);
  for (const vnode of tasks.keys()) cores.addTask(on, vnode, 0, shares?.[vnode] ?? 1024, pinned);
  const runs = tasks.map(() => 0);
  let packetsDone = 0;
  const finish = (vnode: number) => {
    runs[vnode]++;
    return true;
  };
  cores.connect(withoutTimers({ start: () => packets?.cost ?? 0, finish: () => void packetsDone++ }), {
    begin: (vnode) => tasks[vnode],
    finish,
  });
  if (packets) {
    const kind = simulator.register({
      handle() {
        cores.raise(0, 0);
        simulator.schedule(simulator.now + packets.interval, kind, 0);
      },
    });
    simulator.schedule(0, kind, 0);
  }
  for (const vnode of tasks.keys()) cores.wake(vnode);
  simulator.run(until);
  return { cores, runs, packetsDone };
}

describe('tasks on cores', () => {
  it('share one core by their shares, 25:75 within 2 points', () => {
    const { cores } = contend({ host: host(1), tasks: [1e6, 1e6], shares: [256, 768], pinned: true, until: 10e9 });
    const share = cores.got[0] / (cores.got[0] + cores.got[1]);
    expect(share).toBeGreaterThan(0.23);
    expect(share).toBeLessThan(0.27);
  });

  it('spread over idle cores', () => {
    const { cores } = contend({ host: host(2), tasks: [1e6, 1e6], until: 1e9 });
    for (const core of cores.all) expect(core.busyUntil(1e9) / 1e9).toBeGreaterThan(0.999);
  });

  it('pinned tasks leave the second core idle', () => {
    const { cores } = contend({ host: host(2), tasks: [1e6, 1e6], pinned: true, until: 1e9 });
    expect(cores.all[1].busyUntil(1e9)).toBe(0);
  });

  it('pay for every switch, and for a cold cache only when the working sets do not fit', () => {
    const costs = { contextSwitch: 1000, refillPerByte: 1, workingSet: 10_000, cache: 25_000 };
    const fits = contend({ host: host(1, costs), tasks: [1e5, 1e5], until: 1e9 }).cores.all[0];
    const thrashes = contend({ host: host(1, costs), tasks: [1e5, 1e5, 1e5], until: 1e9 }).cores.all[0];
    expect(fits.taken.switching / fits.contextSwitches).toBeLessThan(1100);
    expect(thrashes.taken.switching / thrashes.contextSwitches).toBeGreaterThan(10_000);
  });

  it('are not starved by packet work: after 2 ms it shares the core with them', () => {
    const packets = { cost: 2000, interval: 1000 };
    const { cores, packetsDone } = contend({ host: host(1), tasks: [1e5], until: 1e9, packets });
    const task = cores.got[0] / 1e9;
    expect(task).toBeGreaterThan(0.4);
    expect(task).toBeLessThan(0.6);
    expect((packetsDone * packets.cost) / 1e9).toBeGreaterThan(0.4);
  });

  /** On a kernel since 6.6, of which tasks and ksoftirqd keep the core for a slice. */
  const today = (cores: number, cpu: Partial<Host['cpu']> = {}): Host => ({
    ...host(cores, cpu),
    kernel: kernels['linux-6.6'],
  });

  it('are starved by interrupts that bring more packet work than a core can do, since Linux 6.4', () => {
    const packets = { cost: 2000, interval: 1000 };
    const { cores } = contend({ host: today(1), tasks: [1e5], until: 1e9, packets });
    expect(cores.got[0] / 1e9).toBeLessThan(0.02);
  });

  it('keep the core to the end of their slice, since Linux 6.6', () => {
    const costs = { contextSwitch: 1 };
    const switches = (of: Host) => contend({ host: of, tasks: [1e5, 1e5], until: 1e9 }).cores.all[0].contextSwitches;
    const slices = 1e9 / kernels['linux-6.6'].minimumGranularity;
    expect(switches(today(1, costs)) / slices).toBeGreaterThan(0.9);
    expect(switches(today(1, costs)) / slices).toBeLessThan(1.1);
  });

  it('wait for packet work below that', () => {
    const packets = { cost: 500, interval: 1000 };
    const { cores } = contend({ host: host(1), tasks: [1e5], until: 1e9, packets });
    expect(cores.got[0] / 1e9).toBeGreaterThan(0.49);
    expect(cores.got[0] / 1e9).toBeLessThan(0.51);
  });
});

/**
 * Packets of 1 us that wake task 0 and leave a tasklet, one each 100 us. If `during`, the task is woken from elsewhere meanwhile; if
 * `busy`, task 1 wants the CPU all the time.
 */
function tasklets({ during = false, busy = false }): { cores: Cores; switches: number; done: number } {
  const PACKET = 0;
  const TASKLET = 1;
  const packets = 100;
  const simulator = new Simulator();
  const cores = new Cores(simulator);
  const on = cores.addHost({
    ...host(1, { contextSwitch: 2000, taskWake: 3000 }),
    kernel: kernels['linux-6.6'],
  });
  cores.addTask(on, 0);
  cores.addTask(on, 1);
  const [core] = cores.all as [Core];
  let done = 0;
  cores.connect(
    withoutTimers({
      start: () => 1000,
      finish(item) {
        if (item === TASKLET) done++;
        else {
          if (!during) cores.wake(0);
          cores.leave(core, TASKLET);
        }
      },
    }),
    { begin: () => 5000, finish: (task) => task === 1 },
  );
  const kind = simulator.register({ handle: () => cores.raise(0, PACKET) });
  for (let i = 1; i <= packets; i++) simulator.schedule(i * 100_000, kind, 0);
  const wake = simulator.register({ handle: () => cores.wake(0) });
  if (during) for (let i = 1; i <= packets; i++) simulator.schedule(i * 100_000 + 500, wake, 0);
  if (busy) cores.wake(1);
  simulator.run(packets * 100_000 + 90_000);
  return { cores, switches: core.contextSwitches, done };
}

describe('tasklets, since Linux 6.6', () => {
  it.each([
    ['the packet work before them woke a task on an idle core', false],
    ['another core did', true],
  ])("are ksoftirqd's where %s", (_, during) => {
    const { cores, switches, done } = tasklets({ during });
    expect(done).toBe(100);
    // To the task, to ksoftirqd, and back to the idle task: each packet.
    expect(switches).toBe(300);
    // Both are switched to, but for whom the last packet's work ended with; ksoftirqd pays nothing to be woken.
    const each = 2 * 2000 + 3000;
    expect(cores.all[0]?.taken.switching).toBeGreaterThan(99 * each);
    expect(cores.all[0]?.taken.switching).toBeLessThanOrEqual(100 * each);
  });

  it('are done with the packet work where a task runs', () => {
    const { switches, done } = tasklets({ busy: true });
    expect(done).toBe(100);
    expect(switches).toBeLessThan(30);
  });
});

describe('a clock that follows the load', () => {
  it('reports more CPU than is taken while the clock is low, and the same when it is high', () => {
    const idleHalf = host(1, { lowestClock: 0.4 });
    const low = contend({ host: idleHalf, tasks: [], until: 4e9, packets: { cost: 1000, interval: 10_000 } }).cores
      .all[0];
    expect(low.busyUntil(4e9) / low.taken.softirq).toBeGreaterThan(2.4);
    const high = contend({ host: idleHalf, tasks: [], until: 4e9, packets: { cost: 9900, interval: 10_000 } }).cores
      .all[0];
    expect(high.busyUntil(4e9) / high.taken.softirq).toBeLessThan(1.1);
  });
});
