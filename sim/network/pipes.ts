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
  lost(pipe: number, packet: number, reason: 'queue' | 'loss'): void;
}

export const INITIAL_RING = 8;

export class Pipes implements EventHandler {
  private readonly kind: number;
  private readonly nsPerByte: number[] = [];
  private readonly properties: PipeProperties[] = [];
  /** When the bucket is full again, or the wire free, ns (not rounded). */
  private readonly fullAt: number[] = [];
  private readonly lastServed: number[] = [];
  private readonly waiting: number[] = [];
  /** Ring of each pipe: packet, end of its wait in the queue, exit after propagation. */
  private readonly packet: Int32Array[] = [];
  private readonly departure: Float64Array[] = [];
  private readonly exit: Float64Array[] = [];
  /** Ring positions, ever growing: next to exit, next to depart, next free. */
  private readonly head: number[] = [];
  private readonly departed: number[] = [];
  private readonly tail: number[] = [];

  constructor(
    private readonly simulator: Simulator,
    private readonly packets: Packets,
    private readonly door: PipeExit,
  ) {
    this.kind = simulator.register(this);
  }

  create(properties: PipeProperties): number {
    this.nsPerByte.push(8e9 / properties.bitsPerSecond);
    this.fullAt.push(0);
    this.lastServed.push(0);
    this.waiting.push(0);
    this.packet.push(new Int32Array(INITIAL_RING));
    this.departure.push(new Float64Array(INITIAL_RING));
    this.exit.push(new Float64Array(INITIAL_RING));
    this.head.push(0);
    this.departed.push(0);
    this.tail.push(0);
    return this.properties.push(properties) - 1;
  }

  /** Puts a packet into the pipe; false when its queue was full and the packet is lost. */
  enqueue(pipe: number, packet: number): boolean {
    const { now } = this.simulator;
    const { burst, queue, delay, loss, random, tick } = this.properties[pipe];
    const wire = this.packets.wire[packet];
    this.settle(pipe, now);
    const serialisation = wire * this.nsPerByte[pipe];
    const full = this.fullAt[pipe];
    // From the queue into service, and out of service: one moment for a bucket, two for a wire.
    let served = this.lastServed[pipe];
    if (served < now) served = now;
    if (burst > 0) {
      const enough = Math.ceil(full - burst * this.nsPerByte[pipe] + serialisation);
      if (enough > served) served = enough;
    } else if (full > served) served = Math.ceil(full);
    if (served > now && this.waiting[pipe] + wire > queue) {
      this.door.lost(pipe, packet, 'queue');
      return false;
    }
    this.fullAt[pipe] = (full > served ? full : served) + serialisation;
    this.lastServed[pipe] = served;
    const leaves = burst > 0 ? served : Math.ceil(this.fullAt[pipe]);
    if (loss > 0 && random !== undefined && random.uniform() < loss) {
      this.door.lost(pipe, packet, 'loss');
      return true;
    }
    this.append(pipe, packet, wire, served, tick > 0 ? Math.ceil((leaves + delay) / tick) * tick : leaves + delay);
    return true;
  }

  handle(pipe: number): void {
    this.settle(pipe, this.simulator.now);
    const head = this.head[pipe]++;
    const mask = this.packet[pipe].length - 1;
    const packet = this.packet[pipe][head & mask];
    if (this.head[pipe] < this.tail[pipe]) this.simulator.schedule(this.exit[pipe][(head + 1) & mask], this.kind, pipe);
    this.door.leave(pipe, packet);
  }

  /** Packets inside all pipes, by counting. */
  census(): number {
    return this.head.reduce((sum, head, pipe) => sum + this.tail[pipe] - head, 0);
  }

  private append(pipe: number, packet: number, wire: number, departure: number, exit: number): void {
    let ring = this.packet[pipe];
    const tail = this.tail[pipe];
    if (tail - this.head[pipe] === ring.length) {
      this.grow(pipe);
      ring = this.packet[pipe];
    }
    const slot = tail & (ring.length - 1);
    ring[slot] = packet;
    this.departure[pipe][slot] = departure;
    this.exit[pipe][slot] = exit;
    this.waiting[pipe] += wire;
    this.tail[pipe] = tail + 1;
    if (tail === this.head[pipe]) this.simulator.schedule(exit, this.kind, pipe);
  }

  /** Bytes that have left the queue by now wait no longer. */
  private settle(pipe: number, now: number): void {
    let position = this.departed[pipe];
    const mask = this.packet[pipe].length - 1;
    const departure = this.departure[pipe];
    while (position < this.tail[pipe] && departure[position & mask] <= now) {
      this.waiting[pipe] -= this.packets.wire[this.packet[pipe][position & mask]];
      position++;
    }
    this.departed[pipe] = position;
  }

  private grow(pipe: number): void {
    const old = this.packet[pipe].length;
    const head = this.head[pipe];
    const larger = {
      packet: new Int32Array(old * 2),
      departure: new Float64Array(old * 2),
      exit: new Float64Array(old * 2),
    };
    for (let position = head; position < this.tail[pipe]; position++) {
      const from = position & (old - 1);
      const to = position & (2 * old - 1);
      larger.packet[to] = this.packet[pipe][from];
      larger.departure[to] = this.departure[pipe][from];
      larger.exit[to] = this.exit[pipe][from];
    }
    this.packet[pipe] = larger.packet;
    this.departure[pipe] = larger.departure;
    this.exit[pipe] = larger.exit;
  }
}
