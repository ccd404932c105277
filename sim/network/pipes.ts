// Pipes without a CPU behind them: rate, queue, propagation delay, loss. First in, first out, so the time a packet
// leaves is known when it arrives: one event per packet and hop, and one pending event per pipe.

import type { Packets } from '../packets.js';
import type { RandomStream } from '../random.js';
import type { EventHandler, Simulator } from '../simulator.js';

export interface PipeProperties {
  /** Infinity: no serialisation. */
  readonly bitsPerSecond: number;
  /** Bytes a token bucket saves up; 0: a wire, which a packet leaves when its last bit is out. */
  readonly burst: number;
  /** Bytes that may wait; the packet being served does not count. */
  readonly queue: number;
  /** Propagation, ns. */
  readonly delay: number;
  /** Share of packets lost at random, drawn from `random`. */
  readonly loss: number;
  readonly random?: RandomStream;
  /** Departures are rounded up to multiples of this, ns; 0: exact. */
  readonly tick: number;
}

/** Where packets go that come out of a pipe, and those that it lost. */
export interface PipeExit {
  leave(pipe: number, packet: number): void;
  lost(pipe: number, packet: number, reason: PipeLoss): void;
}

/** `down`: the pipe has failed. */
export type PipeLoss = 'queue' | 'loss' | 'down';

/** The record of a pipe: a row of numbers, so that it takes two lines of cache. */
const ROW = 16;
const NS_PER_BYTE = 0;
/** ns that a token bucket saves up; 0: a wire. */
const SAVED = 1;
/** When the bucket is full again, or the wire free, ns (not rounded). */
const FULL_AT = 2;
const LAST_SERVED = 3;
/** Bytes that wait, and that may. */
const WAITING = 4;
const QUEUE = 5;
const DELAY = 6;
const TICK = 7;
const LOSS = 8;
/** Packets lie in it as a list: the next one to exit, the last one, and the first that is counted as waiting; -1: none. Integers. */
const LINKS = 4;
const HEAD = 0;
const TAIL = 1;
const IN_QUEUE = 2;
/** The pipe that it is joined to, -1: none. */
const ONWARD = 3;
/** The loss of a pipe that has failed: more than everything. */
const DOWN = 2;

export class Pipes implements EventHandler {
  private readonly kind: number;
  private rows = new Float64Array(64 * ROW);
  private links = new Int32Array(64 * LINKS).fill(-1);
  private count = 0;
  private readonly random: (RandomStream | undefined)[] = [];

  constructor(
    private readonly simulator: Simulator,
    private readonly packets: Packets,
    private readonly door: PipeExit,
  ) {
    this.kind = simulator.register(this);
  }

  create(properties: PipeProperties): number {
    if ((this.count + 1) * ROW > this.rows.length) {
      const larger = new Float64Array(this.rows.length * 2);
      larger.set(this.rows);
      this.rows = larger;
      const links = new Int32Array(this.links.length * 2).fill(-1);
      links.set(this.links);
      this.links = links;
    }
    this.set(this.count, properties);
    return this.count++;
  }

  /** Whether `second` is as fast as `first`, loses nothing at random, and has room for `bytes`. */
  neverLoses(first: number, second: number, bytes: number): boolean {
    const { rows } = this;
    const [before, after] = [first * ROW, second * ROW];
    if (rows[after + NS_PER_BYTE] > rows[before + NS_PER_BYTE]) return false;
    return rows[after + LOSS] === 0 && rows[after + QUEUE] >= bytes;
  }

  /**
   * Makes one way of two pipes: all that leaves `first` enters `second`, nothing else does, and `second` never loses a packet
   * nor changes. When a packet comes out of both is known when it comes in then: one event instead of two. It leaves `second`.
   */
  join(first: number, second: number): void {
    this.links[first * LINKS + ONWARD] = second;
  }

  /**
   * Other properties from now on, and an end of any failure: what waits is served at the new rate, what is on its way
   * arrives after the new delay, and the packet that is being sent is sent as it was begun. A bucket stays a bucket.
   */
  change(pipe: number, properties: PipeProperties): void {
    const { rows, links, packets, simulator } = this;
    const { now } = simulator;
    const row = pipe * ROW;
    const link = pipe * LINKS;
    if (links[link + IN_QUEUE] >= 0) this.settle(pipe, now);
    const waiting = links[link + IN_QUEUE];
    const [oldDelay, oldNsPerByte, saved] = [rows[row + DELAY], rows[row + NS_PER_BYTE], rows[row + SAVED]];
    // What the bucket lacked, or the wire was busy for, without those that wait.
    let busy = Math.max(0, rows[row + FULL_AT] - rows[row + WAITING] * oldNsPerByte - now);
    this.set(pipe, properties);
    let last = -1;
    for (let packet = links[link + HEAD]; packet >= 0 && packet !== waiting; packet = packets.next[packet]) {
      packets.exit[packet] = Math.max(now, packets.exit[packet] - oldDelay + properties.delay);
      last = packet;
    }
    if (saved > 0 && oldNsPerByte > 0) busy *= rows[row + NS_PER_BYTE] / oldNsPerByte;
    rows[row + FULL_AT] = now + busy;
    rows[row + LAST_SERVED] = now;
    rows[row + WAITING] = 0;
    links[link + IN_QUEUE] = -1;
    links[link + TAIL] = last;
    if (last < 0) links[link + HEAD] = -1;
    else {
      packets.next[last] = -1;
      simulator.schedule(packets.exit[links[link + HEAD]], this.kind, pipe);
    }
    // Those that wait were spared by the loss when they came.
    const loss = rows[row + LOSS];
    rows[row + LOSS] = 0;
    for (let packet = waiting; packet >= 0; ) {
      const next = packets.next[packet];
      this.enqueue(pipe, packet);
      packet = next;
    }
    rows[row + LOSS] = loss;
  }

  /** Loses all that is in the pipe, and all that comes until it is changed again. */
  fail(pipe: number): void {
    const { rows, links, packets } = this;
    const row = pipe * ROW;
    const link = pipe * LINKS;
    const first = links[link + HEAD];
    links[link + HEAD] = -1;
    links[link + TAIL] = -1;
    links[link + IN_QUEUE] = -1;
    rows[row + WAITING] = 0;
    rows[row + NS_PER_BYTE] = 0;
    rows[row + FULL_AT] = 0;
    rows[row + LOSS] = DOWN;
    for (let packet = first; packet >= 0; ) {
      const next = packets.next[packet];
      this.door.lost(pipe, packet, 'down');
      packet = next;
    }
  }

  /** Puts a packet into the pipe; false when its queue was full and the packet is lost. */
  enqueue(pipe: number, packet: number): boolean {
    const { rows } = this;
    const { now } = this.simulator;
    const row = pipe * ROW;
    const wire = this.packets.wire[packet];
    const served = this.servedAt(row, wire, now);
    const room = rows[row + QUEUE] - wire;
    if (served > now && rows[row + WAITING] > room && this.settle(pipe, now) > room) {
      this.door.lost(pipe, packet, 'queue');
      return false;
    }
    const leaves = this.serve(row, wire, served);
    const loss = rows[row + LOSS];
    if (loss > 0 && (loss === DOWN || (this.random[pipe] as RandomStream).uniform() < loss)) {
      this.door.lost(pipe, packet, loss === DOWN ? 'down' : 'loss');
      return true;
    }
    const tick = rows[row + TICK];
    let exit = leaves + rows[row + DELAY];
    if (tick > 0) exit = Math.ceil(exit / tick) * tick;
    const onward = this.links[pipe * LINKS + ONWARD];
    if (onward >= 0) {
      this.packets.between[packet] = exit;
      const next = onward * ROW;
      exit = this.serve(next, wire, this.servedAt(next, wire, exit)) + rows[next + DELAY];
    }
    this.append(pipe, packet, wire, served, exit);
    return true;
  }

  handle(pipe: number): void {
    const { links, packets, simulator } = this;
    const link = pipe * LINKS;
    const packet = links[link + HEAD];
    // Changes leave events behind that were for another time.
    if (packet < 0 || packets.exit[packet] > simulator.now) return;
    const next = packets.next[packet];
    links[link + HEAD] = next;
    if (links[link + IN_QUEUE] === packet) {
      this.rows[pipe * ROW + WAITING] -= packets.wire[packet];
      links[link + IN_QUEUE] = next;
    }
    if (next >= 0) simulator.schedule(packets.exit[next], this.kind, pipe);
    const onward = links[link + ONWARD];
    this.door.leave(onward >= 0 ? onward : pipe, packet);
  }

  /** Packets inside all pipes, by counting. */
  census(): number {
    let found = 0;
    for (let link = 0; link < this.count * LINKS; link += LINKS)
      for (let packet = this.links[link + HEAD]; packet >= 0; packet = this.packets.next[packet]) found++;
    return found;
  }

  /** Frames that have come through the first of two joined pipes, and not yet through the second, by counting. */
  framesBetween(): number {
    const { links, packets, simulator } = this;
    let found = 0;
    for (let link = 0; link < this.count * LINKS; link += LINKS) {
      if (links[link + ONWARD] < 0) continue;
      for (let packet = links[link + HEAD]; packet >= 0; packet = packets.next[packet])
        if (packets.between[packet] <= simulator.now) found += packets.segments[packet];
    }
    return found;
  }

  /** From the queue into service, for a packet that comes at `now`. */
  private servedAt(row: number, wire: number, now: number): number {
    const { rows } = this;
    const saved = rows[row + SAVED];
    const full = rows[row + FULL_AT];
    const last = rows[row + LAST_SERVED];
    const soonest = last < now ? now : last;
    if (saved > 0) {
      const enough = Math.ceil(full - saved + wire * rows[row + NS_PER_BYTE]);
      return enough > soonest ? enough : soonest;
    }
    return full > soonest ? Math.ceil(full) : soonest;
  }

  /** Takes it into service and returns when it leaves: at once out of a bucket, when its last bit is out on a wire. */
  private serve(row: number, wire: number, served: number): number {
    const { rows } = this;
    const full = rows[row + FULL_AT];
    const fullAt = (full > served ? full : served) + wire * rows[row + NS_PER_BYTE];
    rows[row + FULL_AT] = fullAt;
    rows[row + LAST_SERVED] = served;
    return rows[row + SAVED] > 0 ? served : Math.ceil(fullAt);
  }

  private set(pipe: number, { bitsPerSecond, burst, queue, delay, loss, random, tick }: PipeProperties): void {
    const { rows } = this;
    const row = pipe * ROW;
    const nsPerByte = 8e9 / bitsPerSecond;
    rows[row + NS_PER_BYTE] = nsPerByte;
    rows[row + SAVED] = burst * nsPerByte;
    rows[row + QUEUE] = queue;
    rows[row + DELAY] = delay;
    rows[row + TICK] = tick;
    // A pipe goes on with the stream that it has.
    this.random[pipe] ??= random;
    rows[row + LOSS] = this.random[pipe] === undefined ? 0 : loss;
  }

  private append(pipe: number, packet: number, wire: number, departure: number, exit: number): void {
    const { links, packets, simulator } = this;
    const link = pipe * LINKS;
    packets.departure[packet] = departure;
    packets.exit[packet] = exit;
    packets.next[packet] = -1;
    if (departure > simulator.now) {
      this.rows[pipe * ROW + WAITING] += wire;
      if (links[link + IN_QUEUE] < 0) links[link + IN_QUEUE] = packet;
    } else if (links[link + IN_QUEUE] >= 0) {
      // Served at once, hence behind nobody who still waits.
      this.rows[pipe * ROW + WAITING] = 0;
      links[link + IN_QUEUE] = -1;
    }
    if (links[link + HEAD] < 0) {
      links[link + HEAD] = packet;
      simulator.schedule(exit, this.kind, pipe);
    } else packets.next[links[link + TAIL]] = packet;
    links[link + TAIL] = packet;
  }

  /**
   * Bytes that wait now; those that have left the queue no longer do. Found out only when it matters, for it fetches packets
   * that nobody has looked at for long.
   */
  private settle(pipe: number, now: number): number {
    const { rows, links } = this;
    const row = pipe * ROW;
    const link = pipe * LINKS;
    const { departure, wire, next } = this.packets;
    let packet = links[link + IN_QUEUE];
    while (packet >= 0 && departure[packet] <= now) {
      rows[row + WAITING] -= wire[packet];
      packet = next[packet];
    }
    links[link + IN_QUEUE] = packet;
    return rows[row + WAITING];
  }
}
