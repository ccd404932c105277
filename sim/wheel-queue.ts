// An event queue whose cost hardly grows with its size: a wheel of buckets by time, of which only the present one is kept
// in order (after R. Brown, Calendar queues, 1988, and W. Tang et al., Ladder queue, 2005).

import { type EventQueue, QuaternaryQueue } from './event-queue.js';

/** ns that a bucket spans, and buckets: together 268 ms, so that a retransmission timer mostly finds its bucket. */
const WIDTH = 65_536;
const BUCKETS = 4096;
/** Buckets in a word of the map of those that hold something. */
const WORD = 32;

/** An entry that waits in a bucket; the next one in it is an integer. */
const ROW = 4;
const TIME = 0;
const SEQUENCE = 1;
const EVENT = 2;

export class WheelQueue implements EventQueue {
  size = 0;
  /** What comes before the end of the present bucket; and what comes after the last one. */
  private readonly near = new QuaternaryQueue();
  private readonly far = new QuaternaryQueue();
  /** The present bucket, counted from time zero, and when it ends. */
  private present = 0;
  private end = WIDTH;
  private readonly heads = new Int32Array(BUCKETS).fill(-1);
  private readonly filled = new Int32Array(BUCKETS / WORD);
  private rows = new Float64Array(1024 * ROW);
  private next = new Int32Array(1024);
  private free = -1;
  private used = 0;

  get nextTime(): number {
    if (this.near.size === 0) this.advance();
    return this.near.nextTime;
  }

  get nextSequence(): number {
    if (this.near.size === 0) this.advance();
    return this.near.nextSequence;
  }

  push(time: number, sequence: number, event: number): void {
    this.size++;
    if (time < this.end) this.near.push(time, sequence, event);
    else this.putOff(time, sequence, event);
  }

  pop(): number {
    if (this.near.size === 0) this.advance();
    const event = this.near.pop();
    this.size--;
    return event;
  }

  private putOff(time: number, sequence: number, event: number): void {
    const bucket = Math.floor(time / WIDTH);
    if (bucket >= this.present + BUCKETS) {
      this.far.push(time, sequence, event);
      return;
    }
    let entry = this.free;
    if (entry >= 0) this.free = this.next[entry];
    else {
      if (this.used === this.next.length) this.grow();
      entry = this.used++;
    }
    const { rows } = this;
    const row = entry * ROW;
    const place = bucket & (BUCKETS - 1);
    rows[row + TIME] = time;
    rows[row + SEQUENCE] = sequence;
    rows[row + EVENT] = event;
    this.next[entry] = this.heads[place];
    this.heads[place] = entry;
    this.filled[place >> 5] |= 1 << (place & (WORD - 1));
  }

  /** Goes on to the next bucket that holds something. */
  private advance(): void {
    if (this.size === 0) return;
    const next = this.nextFilled();
    const farthest = Math.floor(this.far.nextTime / WIDTH);
    this.present = next < farthest ? next : farthest;
    this.end = (this.present + 1) * WIDTH;
    this.takeUp(this.present & (BUCKETS - 1));
    const horizon = (this.present + BUCKETS) * WIDTH;
    while (this.far.nextTime < horizon) {
      const time = this.far.nextTime;
      const sequence = this.far.nextSequence;
      const event = this.far.pop();
      if (time < this.end) this.near.push(time, sequence, event);
      else this.putOff(time, sequence, event);
    }
  }

  /** The first bucket after the present one that holds something; Infinity: none does. */
  private nextFilled(): number {
    const { filled, present } = this;
    const first = (present + 1) & (BUCKETS - 1);
    let word = first >> 5;
    let bits = filled[word] & (-1 << (first & (WORD - 1)));
    for (let looked = 0; looked <= BUCKETS / WORD; looked++) {
      if (bits !== 0) {
        const place = word * WORD + 31 - Math.clz32(bits & -bits);
        return present + 1 + ((place - first) & (BUCKETS - 1));
      }
      word = (word + 1) & (BUCKETS / WORD - 1);
      bits = filled[word];
    }
    return Number.POSITIVE_INFINITY;
  }

  /** A bucket's entries come into order. */
  private takeUp(place: number): void {
    const { rows, next, near } = this;
    let entry = this.heads[place];
    this.heads[place] = -1;
    this.filled[place >> 5] &= ~(1 << (place & (WORD - 1)));
    while (entry >= 0) {
      const row = entry * ROW;
      near.push(rows[row + TIME], rows[row + SEQUENCE], rows[row + EVENT]);
      const following = next[entry];
      next[entry] = this.free;
      this.free = entry;
      entry = following;
    }
  }

  private grow(): void {
    const larger = new Float64Array(this.rows.length * 2);
    larger.set(this.rows);
    this.rows = larger;
    const next = new Int32Array(this.next.length * 2);
    next.set(this.next);
    this.next = next;
  }
}
