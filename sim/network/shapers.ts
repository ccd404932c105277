// Token buckets that need a core: tc's tbf. A packet that finds tokens passes at once; otherwise it waits, a timer is
// set for the moment when there will be enough, and releasing it is packet work like any other. Tokens beyond the
// burst are lost, so a core that comes late costs rate (net/sched/sch_tbf.c).

import type { Packets } from '../packets.js';
import type { EventHandler, Simulator } from '../simulator.js';
import { INITIAL_RING } from './pipes.js';

export interface ShaperProperties {
  readonly bitsPerSecond: number;
  /** Bytes of tokens it saves up at the most. */
  readonly burst: number;
  /** Bytes that may wait. */
  readonly queue: number;
  /** Timers fire at multiples of this, ns. */
  readonly timerTick: number;
}

/** Told that a shaper's timer fired on a core. */
export interface ShaperAlarm {
  alarm(shaper: number, core: number): void;
}

export class Shapers implements EventHandler {
  private readonly kind: number;
  private readonly properties: ShaperProperties[] = [];
  private readonly nsPerByte: number[] = [];
  /** When the bucket will be full, ns: tokens = burst - (fullAt - now) / nsPerByte. */
  private readonly fullAt: number[] = [];
  /** Bytes that have a place in the queue, those on their way to it included. */
  private readonly waiting: number[] = [];
  private readonly ring: Int32Array[] = [];
  private readonly head: number[] = [];
  private readonly tail: number[] = [];
  private readonly armed: boolean[] = [];
  private readonly core: number[] = [];

  constructor(
    private readonly simulator: Simulator,
    private readonly packets: Packets,
    private readonly listener: ShaperAlarm,
  ) {
    this.kind = simulator.register(this);
  }

  create(properties: ShaperProperties): number {
    this.nsPerByte.push(8e9 / properties.bitsPerSecond);
    this.fullAt.push(0);
    this.waiting.push(0);
    this.ring.push(new Int32Array(INITIAL_RING));
    this.head.push(0);
    this.tail.push(0);
    this.armed.push(false);
    this.core.push(0);
    return this.properties.push(properties) - 1;
  }

  burst(shaper: number): number {
    return this.properties[shaper].burst;
  }

  /** Keeps a place for a packet, which then passes, waits, or is cancelled; false: the queue is full. */
  reserve(shaper: number, wire: number): boolean {
    if (this.waiting[shaper] + wire > this.properties[shaper].queue) return false;
    this.waiting[shaper] += wire;
    return true;
  }

  cancel(shaper: number, wire: number): void {
    this.waiting[shaper] -= wire;
  }

  /** Takes tokens for a packet with a place, if none waits before it and there are enough now. */
  passes(shaper: number, wire: number): boolean {
    if (this.head[shaper] < this.tail[shaper] || this.enoughAt(shaper, wire) > this.simulator.now) return false;
    this.waiting[shaper] -= wire;
    this.take(shaper, wire);
    return true;
  }

  /** Lets a packet with a place wait; its timer will fire on `core`. */
  wait(shaper: number, packet: number, core: number): void {
    if (this.tail[shaper] - this.head[shaper] === this.ring[shaper].length) this.grow(shaper);
    const ring = this.ring[shaper];
    ring[this.tail[shaper]++ & (ring.length - 1)] = packet;
    this.arm(shaper, core);
  }

  /** The next packet for which there are tokens now, which leaves; -1: none, and the timer is set if some wait. */
  release(shaper: number, core: number): number {
    if (this.head[shaper] === this.tail[shaper]) return -1;
    const ring = this.ring[shaper];
    const packet = ring[this.head[shaper] & (ring.length - 1)];
    const wire = this.packets.wire[packet];
    if (this.enoughAt(shaper, wire) > this.simulator.now) {
      this.arm(shaper, core);
      return -1;
    }
    this.head[shaper]++;
    this.waiting[shaper] -= wire;
    this.take(shaper, wire);
    return packet;
  }

  handle(shaper: number): void {
    this.armed[shaper] = false;
    this.listener.alarm(shaper, this.core[shaper]);
  }

  /** Packets waiting in all shapers, by counting. */
  census(): number {
    return this.head.reduce((sum, head, shaper) => sum + this.tail[shaper] - head, 0);
  }

  private enoughAt(shaper: number, wire: number): number {
    const { burst } = this.properties[shaper];
    // A packet larger than the bucket passes when the bucket is full.
    const needed = wire < burst ? wire : burst;
    return Math.ceil(this.fullAt[shaper] - (burst - needed) * this.nsPerByte[shaper]);
  }

  private take(shaper: number, wire: number): void {
    const { now } = this.simulator;
    const full = this.fullAt[shaper];
    this.fullAt[shaper] = (full > now ? full : now) + wire * this.nsPerByte[shaper];
  }

  private arm(shaper: number, core: number): void {
    if (this.armed[shaper]) return;
    this.armed[shaper] = true;
    this.core[shaper] = core;
    const ring = this.ring[shaper];
    const wire = this.packets.wire[ring[this.head[shaper] & (ring.length - 1)]];
    const { now } = this.simulator;
    const { timerTick } = this.properties[shaper];
    const at = Math.max(now, this.enoughAt(shaper, wire));
    this.simulator.schedule(timerTick > 1 ? Math.ceil(at / timerTick) * timerTick : at, this.kind, shaper);
  }

  private grow(shaper: number): void {
    const old = this.ring[shaper];
    const larger = new Int32Array(old.length * 2);
    for (let position = this.head[shaper]; position < this.tail[shaper]; position++)
      larger[position & (larger.length - 1)] = old[position & (old.length - 1)];
    this.ring[shaper] = larger;
  }
}
