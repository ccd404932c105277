// The event queue: a total order by (time, sequence). Implementations behind one interface must agree to the byte:
// `ReferenceQueue` on heap-js is the oracle, `QuaternaryQueue` a heap on typed arrays; see wheel-queue for the fast one.

import { Heap } from 'heap-js';

export interface EventQueue {
  readonly size: number;
  /** Time of the earliest event in ns; Infinity when empty. */
  readonly nextTime: number;
  /** Sequence of the earliest event; the queue must not be empty. */
  readonly nextSequence: number;
  /** `time`: integer ns. `event`: what happens, an integer the simulator understands. */
  push(time: number, sequence: number, event: number): void;
  /** Removes the earliest event and returns it; the queue must not be empty. */
  pop(): number;
}

interface Entry {
  readonly time: number;
  readonly sequence: number;
  readonly event: number;
}

export class ReferenceQueue implements EventQueue {
  private readonly heap = new Heap<Entry>((a, b) => a.time - b.time || a.sequence - b.sequence);

  get size(): number {
    return this.heap.size();
  }

  get nextTime(): number {
    return this.heap.peek()?.time ?? Number.POSITIVE_INFINITY;
  }

  get nextSequence(): number {
    return (this.heap.peek() as Entry).sequence;
  }

  push(time: number, sequence: number, event: number): void {
    this.heap.push({ time, sequence, event });
  }

  pop(): number {
    const entry = this.heap.pop();
    if (!entry) throw new Error('pop from an empty event queue');
    return entry.event;
  }
}

/** A four-ary heap on three parallel arrays: shallow, and a node's children share cache lines. */
export class QuaternaryQueue implements EventQueue {
  private times: Float64Array;
  private sequences: Float64Array;
  private events: Float64Array;
  private count = 0;

  constructor(capacity = 1024) {
    this.times = new Float64Array(capacity);
    this.sequences = new Float64Array(capacity);
    this.events = new Float64Array(capacity);
  }

  get size(): number {
    return this.count;
  }

  get nextTime(): number {
    return this.count > 0 ? this.times[0] : Number.POSITIVE_INFINITY;
  }

  get nextSequence(): number {
    return this.sequences[0];
  }

  push(time: number, sequence: number, event: number): void {
    if (this.count === this.times.length) this.grow();
    const { times, sequences, events } = this;
    let hole = this.count++;
    while (hole > 0) {
      const parent = (hole - 1) >> 2;
      const parentTime = times[parent];
      if (parentTime < time || (parentTime === time && sequences[parent] < sequence)) break;
      times[hole] = parentTime;
      sequences[hole] = sequences[parent];
      events[hole] = events[parent];
      hole = parent;
    }
    times[hole] = time;
    sequences[hole] = sequence;
    events[hole] = event;
  }

  pop(): number {
    if (this.count === 0) throw new Error('pop from an empty event queue');
    const { times, sequences, events } = this;
    const top = events[0];
    const last = --this.count;
    if (last > 0) this.sink(times[last], sequences[last], events[last], last);
    return top;
  }

  private sink(time: number, sequence: number, event: number, count: number): void {
    const { times, sequences, events } = this;
    let hole = 0;
    for (;;) {
      const first = 4 * hole + 1;
      if (first >= count) break;
      const end = first + 4 < count ? first + 4 : count;
      let least = first;
      let leastTime = times[first];
      for (let child = first + 1; child < end; child++) {
        const childTime = times[child];
        if (childTime < leastTime || (childTime === leastTime && sequences[child] < sequences[least])) {
          least = child;
          leastTime = childTime;
        }
      }
      if (time < leastTime || (time === leastTime && sequence < sequences[least])) break;
      times[hole] = leastTime;
      sequences[hole] = sequences[least];
      events[hole] = events[least];
      hole = least;
    }
    times[hole] = time;
    sequences[hole] = sequence;
    events[hole] = event;
  }

  private grow(): void {
    const capacity = this.times.length * 2;
    for (const field of ['times', 'sequences', 'events'] as const) {
      const larger = new Float64Array(capacity);
      larger.set(this[field]);
      this[field] = larger;
    }
  }
}
