// The clock and the loop: time goes forward only, ties run in the order of their scheduling, one trajectory, one digest.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EventQueue, QuaternaryQueue, ReferenceQueue } from '../../sim/event-queue.js';
import { Simulator } from '../../sim/simulator.js';

function recording(queue?: EventQueue) {
  const simulator = new Simulator(queue);
  const seen: [number, number][] = [];
  const kind = simulator.register({ handle: (element) => void seen.push([simulator.now, element]) });
  return { simulator, kind, seen };
}

describe('a simulator', () => {
  it('handles events by time, ties in the order they were scheduled in', () => {
    const { simulator, kind, seen } = recording();
    for (const [time, element] of [
      [5, 1],
      [3, 2],
      [5, 3],
      [3, 4],
      [0, 5],
    ] as const)
      simulator.schedule(time, kind, element);
    simulator.run(Number.POSITIVE_INFINITY);
    expect(seen).toEqual([
      [0, 5],
      [3, 2],
      [3, 4],
      [5, 1],
      [5, 3],
    ]);
    expect(simulator.events).toBe(5);
    expect(simulator.now).toBe(5);
  });

  it('gives each kind its own elements', () => {
    const simulator = new Simulator();
    const seen: string[] = [];
    const kinds = ['a', 'b', 'c'].map((name) =>
      simulator.register({ handle: (element) => void seen.push(name + element) }),
    );
    kinds.forEach((kind, i) => {
      simulator.schedule(1, kind, 1_000_000 + i);
    });
    simulator.run(1);
    expect(seen).toEqual(['a1000000', 'b1000001', 'c1000002']);
  });

  it('refuses to go back, and times that are no time', () => {
    const { simulator, kind } = recording();
    simulator.schedule(10, kind, 0);
    simulator.run(10);
    expect(() => simulator.schedule(9, kind, 0)).toThrow('before now');
    expect(() => simulator.schedule(Number.NaN, kind, 0)).toThrow('before now');
    expect(() => simulator.schedule(10, kind, 0)).not.toThrow();
  });

  it('runs up to and including the end, then stands there, and goes on later', () => {
    const { simulator, kind, seen } = recording();
    for (const time of [1, 2, 3]) simulator.schedule(time, kind, time);
    simulator.run(2);
    expect([seen.length, simulator.now]).toEqual([2, 2]);
    simulator.run(10);
    expect([seen.length, simulator.now]).toEqual([3, 10]);
  });

  it('stops when a handler says so, at that event', () => {
    const simulator = new Simulator();
    const kind = simulator.register({
      handle: (element) => {
        if (element === 2) simulator.stop();
      },
    });
    for (const time of [1, 2, 3]) simulator.schedule(time, kind, time);
    simulator.run(100);
    expect([simulator.now, simulator.events]).toEqual([2, 2]);
  });

  it('has room for 32 kinds and says when there are more', () => {
    const simulator = new Simulator();
    for (let i = 0; i < 32; i++) simulator.register({ handle: () => undefined });
    expect(() => simulator.register({ handle: () => undefined })).toThrow('kinds');
  });

  it('follows the same trajectory with either queue', () => {
    const step = fc.tuple(fc.nat(3), fc.nat(40), fc.nat(1000));
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 400 }), (steps) => {
        const runs = [new ReferenceQueue(), new QuaternaryQueue()].map((queue) => {
          const simulator = new Simulator(queue);
          let left = 2000;
          const kinds = Array.from({ length: 4 }, () =>
            simulator.register({
              handle: (element) => {
                const [which, delay, next] = steps[element % steps.length] as [number, number, number];
                if (left-- > 0) simulator.schedule(simulator.now + delay, kinds[which] as number, next);
              },
            }),
          );
          for (let i = 0; i < 20; i++) simulator.schedule(i % 3, kinds[i % 4] as number, i);
          simulator.run(Number.POSITIVE_INFINITY);
          return [simulator.digest(), simulator.events, simulator.now];
        });
        expect(runs[1]).toEqual(runs[0]);
      }),
      { numRuns: 30 },
    );
  });

  it('divided into parts is not stopped from within one of them', () => {
    const simulator = new Simulator();
    simulator.divide([new QuaternaryQueue(1), new QuaternaryQueue(1)], () => undefined);
    const kind = simulator.register({ handle: () => simulator.stop() });
    simulator.begin(1, 5, kind, 0);
    expect(() => simulator.run(10)).toThrow('a part of a run cannot stop it');
  });

  /** Parts that bring about events of their own, and common ones that look at all of them. */
  function moments(parts: number, steps: readonly (readonly [number, number])[], divided: boolean) {
    const simulator = new Simulator(new QuaternaryQueue());
    const queues = Array.from({ length: parts }, () => new QuaternaryQueue(1));
    let meetings = 0;
    if (divided) simulator.divide(queues, () => meetings++);
    const seen: [number, number][][] = Array.from({ length: parts }, () => []);
    const looks: [number, number[]][] = [];
    const kind = simulator.register({
      handle: (element) => {
        const own = seen[element % parts];
        own.push([simulator.now, element]);
        const [delay, children] = steps[(element + own.length) % steps.length];
        if (own.length < 60)
          for (let child = 0; child < children; child++)
            simulator.schedule(simulator.now + delay * child, kind, element + parts * child);
      },
    });
    const common = simulator.register({
      handle: (left) => {
        looks.push([simulator.now, seen.map((own) => own.length)]);
        if (left > 0) simulator.schedule(simulator.now + 7, common, left - 1);
      },
    });
    simulator.schedule(3, common, 12);
    for (let part = 0; part < parts; part++) simulator.begin(part, part % 5, kind, part);
    simulator.run(40);
    const halfway = simulator.now;
    simulator.run(Number.POSITIVE_INFINITY);
    return { seen, looks, halfway, end: simulator.now, events: simulator.events, digest: simulator.digest(), meetings };
  }

  it('divided into parts shows each part, and what looks at all of them, what one order of all events would', () => {
    const step = fc.tuple(fc.nat(9), fc.integer({ min: 0, max: 2 }));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.array(step, { minLength: 1, maxLength: 30 }), (parts, steps) => {
        const { digest, meetings, ...divided } = moments(parts, steps, true);
        const { digest: inOneOrder, meetings: none, ...together } = moments(parts, steps, false);
        expect(divided).toEqual(together);
        // Thirteen common events, and the end of either call of run.
        expect([meetings, none]).toEqual([15, 0]);
        expect(moments(parts, steps, true).digest).toBe(digest);
        expect(digest).not.toBe(inOneOrder);
      }),
      { numRuns: 60 },
    );
  });
});
