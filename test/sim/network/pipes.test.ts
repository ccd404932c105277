// A pipe against queueing theory, and against what its properties promise.

import { describe, expect, it } from 'vitest';
import { type PipeProperties, Pipes } from '../../../sim/network/pipes.js';
import { Packets } from '../../../sim/packets.js';
import { randomStream } from '../../../sim/random.js';
import { Simulator } from '../../../sim/simulator.js';

const WIRE = { bitsPerSecond: 8e6, burst: 0, queue: Infinity, delay: 0, loss: 0, tick: 0 };

/** Sends packets of `sizes` bytes at `times` ns through one pipe; the exit time of each, -1 where it was lost. */
function through(properties: PipeProperties, times: readonly number[], sizes: readonly number[]): number[] {
  const simulator = new Simulator();
  const packets = new Packets();
  const exits = times.map(() => -1);
  const index = new Map<number, number>();
  const pipes = new Pipes(simulator, packets, {
    leave(_, packet) {
      exits[index.get(packet) as number] = simulator.now;
      packets.deliver(packet);
    },
    lost: (_, packet) => packets.drop(packet),
  });
  const pipe = pipes.create(properties);
  const arrive = simulator.register({
    handle(i) {
      const packet = packets.allocate(0, 0);
      packets.wire[packet] = sizes[i];
      index.set(packet, i);
      pipes.enqueue(pipe, packet);
    },
  });
  for (const [i, time] of times.entries()) simulator.schedule(time, arrive, i);
  simulator.run(Infinity);
  expect(packets.sent).toBe(packets.delivered + packets.dropped);
  return exits;
}

/** Poisson arrivals with a mean distance in ns. */
function poisson(count: number, mean: number, name: string): number[] {
  const random = randomStream('oracle', name);
  let time = 0;
  return Array.from({ length: count }, () => {
    time += -Math.log(1 - random.uniform()) * mean;
    return Math.round(time);
  });
}

const meanOf = (numbers: readonly number[]) => numbers.reduce((sum, n) => sum + n, 0) / numbers.length;

describe('a pipe against queueing theory', () => {
  const count = 400_000;

  it.each([0.5, 0.8])('M/D/1 at load %f: mean sojourn within 2 %', (load) => {
    const service = 1_000_000;
    const times = poisson(count, service / load, `md1/${load}`);
    const exits = through(
      WIRE,
      times,
      times.map(() => 1000),
    );
    const sojourn = meanOf(exits.map((exit, i) => exit - times[i]));
    const expected = service * (1 + load / (2 * (1 - load)));
    expect(sojourn / expected).toBeGreaterThan(0.98);
    expect(sojourn / expected).toBeLessThan(1.02);
  });

  it('M/M/1 at load 0.6: mean sojourn within 2 %', () => {
    const load = 0.6;
    const random = randomStream('oracle', 'mm1/sizes');
    const sizes = Array.from({ length: count }, () =>
      Math.max(1, Math.round(-Math.log(1 - random.uniform()) * 10_000)),
    );
    const service = meanOf(sizes) * 1000;
    const times = poisson(count, service / load, 'mm1/times');
    const exits = through(WIRE, times, sizes);
    const ratio = meanOf(exits.map((exit, i) => exit - times[i])) / (service / (1 - load));
    expect(ratio).toBeGreaterThan(0.98);
    expect(ratio).toBeLessThan(1.02);
  });
});

describe('a pipe', () => {
  it('serialises, then delays', () => {
    expect(through({ ...WIRE, delay: 500 }, [0, 0], [1000, 1000])).toEqual([1_000_500, 2_000_500]);
  });

  it('lets a burst pass at once and then keeps the rate', () => {
    const exits = through({ ...WIRE, burst: 3000 }, [0, 0, 0, 0, 0], [1000, 1000, 1000, 1000, 1000]);
    expect(exits).toEqual([0, 0, 0, 1_000_000, 2_000_000]);
  });

  it('drops what its queue has no room for; the packet in service does not count', () => {
    expect(through({ ...WIRE, queue: 1000 }, [0, 0, 0], [1000, 1000, 1000])).toEqual([1_000_000, 2_000_000, -1]);
  });

  it('makes room as packets leave', () => {
    const exits = through({ ...WIRE, queue: 1000 }, [0, 0, 1_000_000], [1000, 1000, 1000]);
    expect(exits).toEqual([1_000_000, 2_000_000, 3_000_000]);
  });

  it('rounds exits up to its tick', () => {
    expect(through({ ...WIRE, delay: 1, tick: 100_000 }, [0], [1000])).toEqual([1_100_000]);
  });

  it('loses the asked share', () => {
    const times = Array.from({ length: 100_000 }, (_, i) => i * 1_000_000);
    const exits = through(
      { ...WIRE, loss: 0.1, random: randomStream('oracle', 'loss') },
      times,
      times.map(() => 100),
    );
    const lost = exits.filter((exit) => exit < 0).length / exits.length;
    expect(lost).toBeGreaterThan(0.095);
    expect(lost).toBeLessThan(0.105);
  });
});
