// The pipes of a core machine: first in, first out, each with a deadline (the exit of its first packet), which the
// machine's scheduler looks at once a tick (ModelNet, OSDI 2002, section 2.2).

import type { Packets } from '../packets.js';
import type { PipeLoss, PipeProperties } from './pipes.js';

const INITIAL_RING = 8;

export class CorePipes {
  private readonly properties: PipeProperties[] = [];
  /** When the pipe's wire is free again, ns. */
  private readonly freeAt: number[] = [];
  private readonly waiting: number[] = [];
  /** Ring of each pipe: packet, end of its wait in the queue, exit after propagation. */
  private readonly packet: Int32Array[] = [];
  private readonly served: Float64Array[] = [];
  private readonly exit: Float64Array[] = [];
  /** Ring positions, ever growing: next to exit, next to be served, next free. */
  private readonly head: number[] = [];
  private readonly serving: number[] = [];
  private readonly tail: number[] = [];

  /** Packets before this position were inside when the pipe failed. */
  private readonly failedAt: number[] = [];
  private readonly down: boolean[] = [];

  constructor(private readonly packets: Packets) {}

  create(properties: PipeProperties): number {
    this.freeAt.push(0);
    this.waiting.push(0);
    this.packet.push(new Int32Array(INITIAL_RING));
    this.served.push(new Float64Array(INITIAL_RING));
    this.exit.push(new Float64Array(INITIAL_RING));
    this.head.push(0);
    this.serving.push(0);
    this.tail.push(0);
    this.failedAt.push(0);
    this.down.push(false);
    return this.properties.push(properties) - 1;
  }

  /** Other properties for all that comes from now on, and an end of any failure. */
  change(pipe: number, properties: PipeProperties): void {
    const { random = properties.random } = this.properties[pipe];
    this.properties[pipe] = random ? { ...properties, random } : properties;
    this.down[pipe] = false;
  }

  /** Dooms all that is in the pipe, and refuses what comes until it is changed again. */
  fail(pipe: number): void {
    this.failedAt[pipe] = this.tail[pipe];
    this.freeAt[pipe] = 0;
    this.down[pipe] = true;
  }

  /** Whether the first packet was lost in here. */
  doomed(pipe: number): boolean {
    return this.head[pipe] < this.failedAt[pipe];
  }

  /** When the first packet is due to leave, ns; Infinity: the pipe is empty. */
  deadline(pipe: number): number {
    if (this.head[pipe] === this.tail[pipe]) return Number.POSITIVE_INFINITY;
    return this.exit[pipe][this.head[pipe] & (this.exit[pipe].length - 1)];
  }

  /** Takes the first packet out, at `now`, not before its deadline. */
  take(pipe: number, now: number): number {
    this.settle(pipe, now);
    return this.packet[pipe][this.head[pipe]++ & (this.packet[pipe].length - 1)];
  }

  /**
   * Puts a packet in that arrived at `arrived`, which lies before `now` when the packet is owed its lateness.
   * @returns undefined, or why it was lost.
   */
  put(pipe: number, packet: number, arrived: number, now: number): PipeLoss | undefined {
    if (this.down[pipe]) return 'down';
    const { bitsPerSecond, queue, delay, loss, random } = this.properties[pipe];
    const wire = this.packets.wire[packet];
    this.settle(pipe, now);
    const served = Math.max(Math.ceil(this.freeAt[pipe]), arrived);
    if (served > now && this.waiting[pipe] + wire > queue) return 'queue';
    this.freeAt[pipe] = served + (wire * 8e9) / bitsPerSecond;
    if (loss > 0 && random !== undefined && random.uniform() < loss) return 'loss';
    if (this.tail[pipe] - this.head[pipe] === this.packet[pipe].length) this.grow(pipe);
    const mask = this.packet[pipe].length - 1;
    // Nobody overtakes, not even where the delay has become shorter.
    const before = this.tail[pipe] > this.head[pipe] ? this.exit[pipe][(this.tail[pipe] - 1) & mask] : 0;
    const slot = this.tail[pipe]++ & mask;
    this.packet[pipe][slot] = packet;
    this.served[pipe][slot] = served;
    this.exit[pipe][slot] = Math.max(before, Math.ceil(this.freeAt[pipe]) + delay);
    this.waiting[pipe] += wire;
    return undefined;
  }

  /** Packets inside, by counting. */
  census(): number {
    return this.head.reduce((sum, head, pipe) => sum + this.tail[pipe] - head, 0);
  }

  /** Bytes whose service has begun by now wait no longer. */
  private settle(pipe: number, now: number): void {
    const mask = this.packet[pipe].length - 1;
    let at = this.serving[pipe];
    for (; at < this.tail[pipe] && this.served[pipe][at & mask] <= now; at++)
      this.waiting[pipe] -= this.packets.wire[this.packet[pipe][at & mask]];
    this.serving[pipe] = at;
  }

  private grow(pipe: number): void {
    const size = this.packet[pipe].length;
    for (const rings of [this.packet, this.served, this.exit]) {
      const larger = rings === this.packet ? new Int32Array(2 * size) : new Float64Array(2 * size);
      for (let at = this.head[pipe]; at < this.tail[pipe]; at++)
        larger[at & (2 * size - 1)] = rings[pipe][at & (size - 1)];
      (rings as (Int32Array | Float64Array)[])[pipe] = larger;
    }
  }
}
