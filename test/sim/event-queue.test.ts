// Both event queues give one total order, by time and then by sequence, whatever comes in between.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EventQueue, QuaternaryQueue, ReferenceQueue } from '../../sim/event-queue.js';
import { WheelQueue } from '../../sim/wheel-queue.js';

const queues: readonly [string, () => EventQueue][] = [
  ['reference', () => new ReferenceQueue()],
  ['heap', () => new QuaternaryQueue()],
  ['wheel', () => new WheelQueue()],
];

/** Few distinct times, so that ties are common, and some at the far end of a run's 104 days. */
const time = fc.oneof(fc.nat(5), fc.nat(1_000_000), fc.integer({ min: 2 ** 52, max: Number.MAX_SAFE_INTEGER }));
const event = fc.oneof(fc.nat(100), fc.integer({ min: 2 ** 31, max: 2 ** 40 }));
/** A number is a push at that time; null a pop. */
const operations = fc.array(fc.oneof({ weight: 3, arbitrary: fc.tuple(time, event) }, fc.constant(null)), {
  maxLength: 3000,
  size: 'max',
});

describe.each(queues)('the %s queue', (_name, create) => {
  it('keeps first in, first out among equal times', () => {
    const queue = create();
    for (let i = 0; i < 5000; i++) queue.push(i % 2, i, i);
    const order = Array.from({ length: 5000 }, () => queue.pop());
    expect(order).toEqual([
      ...Array.from({ length: 2500 }, (_, i) => 2 * i),
      ...Array.from({ length: 2500 }, (_, i) => 2 * i + 1),
    ]);
    expect(queue.size).toBe(0);
  });

  it('tells size and next time; Infinity when empty', () => {
    const queue = create();
    expect([queue.size, queue.nextTime]).toEqual([0, Number.POSITIVE_INFINITY]);
    queue.push(7, 0, 1);
    queue.push(3, 1, 2);
    expect([queue.size, queue.nextTime]).toEqual([2, 3]);
    queue.pop();
    expect([queue.size, queue.nextTime]).toEqual([1, 7]);
  });

  it('throws on a pop from an empty queue, also after it held something', () => {
    const queue = create();
    expect(() => queue.pop()).toThrow('empty');
    queue.push(1, 0, 1);
    queue.pop();
    expect(() => queue.pop()).toThrow('empty');
  });

  it('pops in the order of (time, sequence), as sorting would', () => {
    fc.assert(
      fc.property(operations, (list) => {
        const queue = create();
        const waiting: { time: number; sequence: number; event: number }[] = [];
        list.forEach((operation, sequence) => {
          if (operation) {
            queue.push(operation[0], sequence, operation[1]);
            waiting.push({ time: operation[0], sequence, event: operation[1] });
          } else if (waiting.length > 0) {
            waiting.sort((a, b) => a.time - b.time || a.sequence - b.sequence);
            const first = waiting.shift();
            expect(queue.nextTime).toBe(first?.time);
            expect(queue.pop()).toBe(first?.event);
          }
          expect(queue.size).toBe(waiting.length);
        });
      }),
      { numRuns: 25 },
    );
  });
});

/** Ties, the next buckets of the wheel, its far side, and what lies beyond it. */
const delay = fc.oneof(fc.nat(50), fc.nat(200_000), fc.nat(300_000_000), fc.nat(20_000_000_000));

it.each(queues)('the reference and the %s queue agree pop by pop over a long run with many ties', (_name, create) => {
  fc.assert(
    fc.property(fc.array(fc.tuple(delay, fc.nat(3)), { minLength: 2000, maxLength: 6000, size: 'max' }), (steps) => {
      const reference = new ReferenceQueue();
      const typed = create();
      let now = 0;
      steps.forEach(([wait, pops], sequence) => {
        for (const queue of [reference, typed]) queue.push(now + wait, sequence, sequence * 32 + pops);
        for (let i = 1; i < pops && reference.size > 0; i++) {
          now = reference.nextTime;
          expect(typed.nextTime).toBe(now);
          expect(typed.pop()).toBe(reference.pop());
        }
      });
      while (reference.size > 0) expect(typed.pop()).toBe(reference.pop());
      expect(typed.size).toBe(0);
    }),
    { numRuns: 5 },
  );
});
