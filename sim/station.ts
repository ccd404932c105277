// One pipe, or the cores of one host, fed at given times and with nothing else to do: what queueing theory describes.

import type { Host } from '../models/index.js';
import { Cores, withoutTimers } from './cpu/index.js';
import { Pipes } from './network/index.js';
import { Packets } from './packets.js';
import { Simulator } from './simulator.js';

/** Integer ns from each packet's arrival at a pipe to its exit. `times` in ns, ascending; `sizes` in bytes. */
export function pipeSojourns(bitsPerSecond: number, times: readonly number[], sizes: readonly number[]): number[] {
  const simulator = new Simulator();
  const packets = new Packets();
  const sojourns: number[] = [];
  const pipes = new Pipes(simulator, packets, {
    leave(_, packet) {
      sojourns.push(simulator.now - packets.sentAt[packet]);
      packets.deliver(packet);
    },
    lost: (_, packet) => packets.drop(packet),
  });
  const wire = { bitsPerSecond, burst: 0, queue: Number.POSITIVE_INFINITY, delay: 0, loss: 0, tick: 0 };
  const pipe = pipes.create(wire);
  arrivals(simulator, times, (index) => {
    const packet = packets.allocate(0, 0);
    packets.wire[packet] = sizes[index];
    packets.sentAt[packet] = simulator.now;
    pipes.enqueue(pipe, packet);
  });
  return sojourns;
}

/** A chain of pipes as dummynet and ModelNet have them: packets leave each on the ticks of a clock. */
export interface TickedChain {
  readonly hops: number;
  readonly bitsPerSecond: number;
  /** ns: of each pipe, and between two ticks. */
  readonly delay: number;
  readonly tick: number;
}

/** Integer ns through the whole chain, for packets of one size (bytes) that come at `times` (ns, ascending). */
export function chainSojourns(chain: TickedChain, times: readonly number[], size: number): number[] {
  const { hops, bitsPerSecond, delay, tick } = chain;
  const simulator = new Simulator();
  const packets = new Packets();
  const sojourns = times.map(() => Number.NaN);
  const own = new Map<number, number>();
  const line: number[] = [];
  const pipes = new Pipes(simulator, packets, {
    leave(pipe, packet) {
      const next = line[line.indexOf(pipe) + 1];
      if (next !== undefined) {
        pipes.enqueue(next, packet);
        return;
      }
      sojourns[own.get(packet) as number] = simulator.now - packets.sentAt[packet];
      packets.deliver(packet);
    },
    lost: (_, packet) => packets.drop(packet),
  });
  const wire = { bitsPerSecond, burst: 0, queue: Number.POSITIVE_INFINITY, delay, loss: 0, tick };
  for (let hop = 0; hop < hops; hop++) line.push(pipes.create(wire));
  arrivals(simulator, times, (index) => {
    const packet = packets.allocate(0, 0);
    packets.wire[packet] = size;
    packets.sentAt[packet] = simulator.now;
    own.set(packet, index);
    pipes.enqueue(line[0], packet);
  });
  return sojourns;
}

/** A host on which only the work itself costs. */
function costless(host: Host, cores: number): Host {
  const nothing = { softirqStart: 0, idleExit: 0, taskWake: 0, contextSwitch: 0, refillPerByte: 0, lowestClock: 1 };
  return { ...host, cores, ideal: false, cpu: { ...host.cpu, ...nothing } };
}

/** The same for packet work of `costs` ns on one core of such a host, its other costs left out. */
export function packetWorkSojourns(host: Host, times: readonly number[], costs: readonly number[]): number[] {
  const simulator = new Simulator();
  const cores = new Cores(simulator);
  cores.addHost(costless(host, 1));
  const sojourns: number[] = [];
  const idle = { begin: () => 0, finish: () => false };
  cores.connect(
    withoutTimers({
      start: (item) => costs[item],
      finish: (item) => void sojourns.push(simulator.now - times[item]),
    }),
    idle,
  );
  arrivals(simulator, times, (index) => cores.raise(0, index));
  return sojourns;
}

/** The same for tasks that each run once, for `costs` ns, on `count` cores. */
export function taskSojourns(host: Host, count: number, times: readonly number[], costs: readonly number[]): number[] {
  const simulator = new Simulator();
  const cores = new Cores(simulator);
  const on = cores.addHost(costless(host, count));
  const sojourns: number[] = [];
  for (const task of times.keys()) cores.addTask(on, task);
  cores.connect(withoutTimers({ start: () => 0, finish: () => undefined }), {
    begin: (task) => costs[task],
    finish(task) {
      sojourns.push(simulator.now - times[task]);
      return false;
    },
  });
  arrivals(simulator, times, (index) => cores.wake(index));
  return sojourns;
}

/** Runs the simulator to its end, with `arrive(i)` at each of the times. */
function arrivals(simulator: Simulator, times: readonly number[], arrive: (index: number) => void): void {
  const kind = simulator.register({
    handle(index) {
      arrive(index);
      if (index + 1 < times.length) simulator.schedule(times[index + 1], kind, index + 1);
    },
  });
  if (times.length > 0) simulator.schedule(times[0], kind, 0);
  simulator.run(Number.POSITIVE_INFINITY);
}
