// Token buckets that need a core: tc's tbf. A packet that finds tokens passes at once; otherwise it waits, a timer is
// set for the moment when there will be enough, and releasing it is packet work like any other. Tokens beyond the
// burst are lost, so a core that comes late costs rate (net/sched/sch_tbf.c).

import type { Packets } from '../packets.js';
import type { EventHandler, Simulator } from '../simulator.js';

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
  /** It was set, for `at`, ns. */
  armed(shaper: number, core: number, at: number): void;
}

/** The record of a shaper: a row of numbers. The packets that wait in it are a list. */
const ROW = 16;
const NS_PER_BYTE = 0;
const BURST = 1;
/** When the bucket will be full, ns: tokens = burst - (fullAt - now) / nsPerByte. */
const FULL_AT = 2;
/** Bytes that have a place in the queue, those on their way to it included; and bytes that may. */
const WAITING = 3;
const QUEUE = 4;
/** First and last packet; -1: none. */
const HEAD = 5;
const TAIL = 6;
/** 1: the timer is set, on this core. */
const ARMED = 7;
const CORE = 8;
const TIMER_TICK = 9;

export class Shapers implements EventHandler {
  private readonly kind: number;
  private rows = new Float64Array(64 * ROW);
  private count = 0;

  constructor(
    private readonly simulator: Simulator,
    private readonly packets: Packets,
    private readonly listener: ShaperAlarm,
  ) {
    this.kind = simulator.register(this);
  }

  create({ bitsPerSecond, burst, queue, timerTick }: ShaperProperties): number {
    if ((this.count + 1) * ROW > this.rows.length) {
      const larger = new Float64Array(this.rows.length * 2);
      larger.set(this.rows);
      this.rows = larger;
    }
    const { rows } = this;
    const row = this.count * ROW;
    rows[row + NS_PER_BYTE] = 8e9 / bitsPerSecond;
    rows[row + BURST] = burst;
    rows[row + QUEUE] = queue;
    rows[row + HEAD] = -1;
    rows[row + TAIL] = -1;
    rows[row + TIMER_TICK] = timerTick;
    return this.count++;
  }

  /** Another bucket from now on (tc qdisc change): what waits goes at its rate. */
  change(shaper: number, { bitsPerSecond, burst, queue }: Omit<ShaperProperties, 'timerTick'>): void {
    const { rows } = this;
    const { now } = this.simulator;
    const row = shaper * ROW;
    const lacking = Math.max(0, rows[row + FULL_AT] - now) / rows[row + NS_PER_BYTE];
    rows[row + NS_PER_BYTE] = 8e9 / bitsPerSecond;
    rows[row + BURST] = burst;
    rows[row + QUEUE] = queue;
    rows[row + FULL_AT] = now + Math.min(lacking, burst) * rows[row + NS_PER_BYTE];
    // The timer that is set may be for much later.
    if (rows[row + HEAD] >= 0) this.simulator.schedule(now, this.kind, shaper);
  }

  burst(shaper: number): number {
    return this.rows[shaper * ROW + BURST];
  }

  /** Keeps a place for a packet, which then passes, waits, or is cancelled; false: the queue is full. */
  reserve(shaper: number, wire: number): boolean {
    const { rows } = this;
    const row = shaper * ROW;
    if (rows[row + WAITING] + wire > rows[row + QUEUE]) return false;
    rows[row + WAITING] += wire;
    return true;
  }

  cancel(shaper: number, wire: number): void {
    this.rows[shaper * ROW + WAITING] -= wire;
  }

  /** Takes tokens for a packet with a place, if none waits before it and there are enough now. */
  passes(shaper: number, wire: number): boolean {
    const row = shaper * ROW;
    if (this.rows[row + HEAD] >= 0 || this.enoughAt(row, wire) > this.simulator.now) return false;
    this.take(row, wire);
    return true;
  }

  /** Lets a packet with a place wait, until the shaper is run or its timer fires. */
  wait(shaper: number, packet: number): void {
    const { rows, packets } = this;
    const row = shaper * ROW;
    packets.next[packet] = -1;
    if (rows[row + HEAD] < 0) rows[row + HEAD] = packet;
    else packets.next[rows[row + TAIL]] = packet;
    rows[row + TAIL] = packet;
  }

  /** Its timer has fired, and what waits first could go now. */
  overdue(shaper: number): boolean {
    const { rows, packets, simulator } = this;
    const row = shaper * ROW;
    const head = rows[row + HEAD];
    return head >= 0 && rows[row + ARMED] === 0 && this.enoughAt(row, packets.wire[head]) <= simulator.now;
  }

  /** The next packet for which there are tokens now, which leaves; -1: none, and the timer is set if some wait. */
  release(shaper: number, core: number): number {
    const { rows, packets } = this;
    const row = shaper * ROW;
    const packet = rows[row + HEAD];
    if (packet < 0) return -1;
    const wire = packets.wire[packet];
    if (this.enoughAt(row, wire) > this.simulator.now) {
      this.arm(shaper, core);
      return -1;
    }
    rows[row + HEAD] = packets.next[packet];
    this.take(row, wire);
    return packet;
  }

  /** Sets the timer for what waits first, on `core`, unless it is set. */
  arm(shaper: number, core: number): void {
    const { rows } = this;
    const row = shaper * ROW;
    if (rows[row + ARMED] !== 0) return;
    rows[row + ARMED] = 1;
    rows[row + CORE] = core;
    const { now } = this.simulator;
    const timerTick = rows[row + TIMER_TICK];
    const at = Math.max(now, this.enoughAt(row, this.packets.wire[rows[row + HEAD]]));
    const due = timerTick > 1 ? Math.ceil(at / timerTick) * timerTick : at;
    this.simulator.schedule(due, this.kind, shaper);
    this.listener.armed(shaper, core, due);
  }

  handle(shaper: number): void {
    const row = shaper * ROW;
    this.rows[row + ARMED] = 0;
    this.listener.alarm(shaper, this.rows[row + CORE]);
  }

  /** Packets waiting in all shapers, by counting. */
  census(): number {
    let found = 0;
    for (let row = 0; row < this.count * ROW; row += ROW)
      for (let packet = this.rows[row + HEAD]; packet >= 0; packet = this.packets.next[packet]) found++;
    return found;
  }

  private enoughAt(row: number, wire: number): number {
    const { rows } = this;
    const burst = rows[row + BURST];
    // A packet larger than the bucket passes when the bucket is full.
    const needed = wire < burst ? wire : burst;
    return Math.ceil(rows[row + FULL_AT] - (burst - needed) * rows[row + NS_PER_BYTE]);
  }

  /** Takes a packet's tokens, and its place. */
  private take(row: number, wire: number): void {
    const { rows } = this;
    const { now } = this.simulator;
    const full = rows[row + FULL_AT];
    rows[row + WAITING] -= wire;
    rows[row + FULL_AT] = (full > now ? full : now) + wire * rows[row + NS_PER_BYTE];
  }
}
