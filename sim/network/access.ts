// The access links of all vnodes, compiled to flat arrays: on an ideal host a pipe each way; on a host with costs a
// shaper each way, and a pipe behind it where the link has delay or loss.

import {
  type CompiledTopology,
  defaultBurst,
  defaultQueue,
  ETHERNET_HEADER,
  type Host,
  InputError,
  type PipeAttributes,
} from '../../models/index.js';
import { type RandomStream, randomStream } from '../random.js';
import type { Pipes } from './pipes.js';
import type { Shapers } from './shapers.js';

/** What veth claims to be (ethtool): the rate of an unshaped link where no CPU limits it. */
const VETH_RATE = 10e9;
/** Through an ideal unshaped link a packet takes this long, so that a round trip is never zero, ns. */
const VETH_DELAY = 2_000;
/** Bytes that no super-packet has: twice its 64 KiB of payload, since segments are longer than their headers. */
const MOST_WIRE = 131_072;

export const NONE = -1;

/** Roles of pipes, kept beside their owner so that a packet leaving one finds its way. */
export const ROLE = {
  up: 0,
  upTail: 1,
  down: 2,
  downTail: 3,
  nicOut: 4,
  nicIn: 5,
  core: 6,
  coreIn: 7,
  coreOut: 8,
} as const;

/** Which remote conditions a vnode's links are under: those of the other hosts of a composed range. */
export interface Surroundings {
  readonly delay: number;
  readonly loss: number;
  /** Share of the rate that is left. */
  readonly rate: number;
}

export class Access {
  readonly upShaper: number[] = [];
  readonly downShaper: number[] = [];
  /** Ideal hosts: the pipe that shapes. Hosts with costs: none. */
  readonly upPipe: number[] = [];
  readonly downPipe: number[] = [];
  /** Delay and loss behind the shaping, where they cannot be part of the same pipe. */
  readonly upTail: number[] = [];
  readonly downTail: number[] = [];
  readonly role: number[] = [];
  /** By pipe, how many links a packet has passed more when it leaves it: none where the link goes on behind it. */
  readonly passed: number[] = [];
  /** Per vnode: where it lives. */
  private readonly lives: { readonly host: Host; readonly around: Surroundings | undefined }[] = [];
  /** Sides of links that have another rate now than they were made with. */
  private readonly changed = { up: new Map<number, PipeAttributes>(), down: new Map<number, PipeAttributes>() };
  readonly owner: number[] = [];

  constructor(
    private readonly pipes: Pipes,
    private readonly shapers: Shapers,
    private readonly topology: Pick<CompiledTopology, 'up' | 'down'>,
    private readonly mtu: number,
    private readonly seed: string,
  ) {}

  /** What the vnode's uplink lets through in one go, bytes; Infinity: it has no token bucket. */
  burst(vnode: number): number {
    const { rate, burst } = this.asked('up', vnode);
    return rate === 'unshaped' ? Number.POSITIVE_INFINITY : (burst ?? defaultBurst(rate, this.mtu));
  }

  /** Registers a pipe with its role and owner. */
  pipe(id: number, role: number, owner: number): number {
    this.role[id] = role;
    this.owner[id] = owner;
    this.passed[id] = 1;
    return id;
  }

  /** Links for the next vnode, which lives on `host`. */
  addVnode(host: Host, surroundings: Surroundings | undefined): void {
    const vnode = this.upPipe.length;
    this.lives.push({ host, around: surroundings });
    this.side(vnode, 'up');
    this.side(vnode, 'down');
  }

  /**
   * Joins the ways out of `sender` and in to `receiver`, both on ideal hosts, where nobody else sends to the receiver and neither
   * link ever changes. Not where small queues must see when a packet leaves the first, nor where the second could lose it: a
   * link as fast as the one before never holds back more than that let through in one go, and a packet. Packets are TCP's,
   * which are cut where they are larger than the first link's bucket.
   */
  join(sender: number, receiver: number): void {
    const [up, tail, down] = [this.upPipe[sender], this.upTail[sender], this.downPipe[receiver]];
    const burst = this.burst(sender);
    const bucket = burst < Number.POSITIVE_INFINITY;
    const largest = bucket ? Math.max(burst, this.mtu + ETHERNET_HEADER) : MOST_WIRE;
    const watched = tail === NONE && this.lives[sender].host.kernel.smallQueues;
    if (watched || !this.pipes.neverLoses(up, down, (bucket ? burst : 0) + 2 * largest)) return;
    const first = tail === NONE ? up : tail;
    this.pipes.join(first, down);
    this.passed[down] += this.passed[first];
  }

  /** Another rate for one side of a vnode's link. @throws InputError when it has no rate to be changed. */
  change(vnode: number, side: 'up' | 'down', rate: number | 'unshaped'): void {
    const before = this.asked(side, vnode);
    if (before.rate === rate) return;
    if (before.rate === 'unshaped' || rate === 'unshaped')
      throw new InputError('scenario.changes', `a vnode whose link is shaped ${side}`, 'an unshaped one');
    this.changed[side].set(vnode, { ...before, rate });
    const { bucket, pipe } = this.design(vnode, side);
    const shaper = (side === 'up' ? this.upShaper : this.downShaper)[vnode];
    if (shaper !== NONE) this.shapers.change(shaper, bucket);
    else this.pipes.change((side === 'up' ? this.upPipe : this.downPipe)[vnode], pipe);
  }

  private asked(side: 'up' | 'down', vnode: number): PipeAttributes {
    return this.changed[side].get(vnode) ?? this.topology[side][vnode];
  }

  /** What one side of a link is made of: a bucket (on hosts with costs) or a pipe, and what lies behind it. */
  private design(vnode: number, side: 'up' | 'down') {
    const asked = this.asked(side, vnode);
    const { host, around } = this.lives[vnode];
    const shaped = asked.rate !== 'unshaped';
    const loss = 1 - (1 - asked.loss) * (1 - (around?.loss ?? 0) / 2);
    const delay = asked.delay + Math.round((around?.delay ?? 0) / 2);
    const random = loss > 0 ? { random: this.lossStream(vnode, side) } : {};
    const rate = asked.rate === 'unshaped' ? VETH_RATE : asked.rate * (around?.rate ?? 1);
    const burst = shaped ? (asked.burst ?? defaultBurst(rate, this.mtu)) : 0;
    const bucket = { bitsPerSecond: rate, burst, queue: asked.queue ?? defaultQueue(rate, this.mtu) };
    // Small queues must see when a packet leaves the queue, before it has crossed the link or was lost on it.
    const apart = !host.ideal || (host.kernel.smallQueues && (delay > 0 || loss > 0));
    const own = !shaped && !apart ? Math.max(delay, VETH_DELAY) : apart ? 0 : delay;
    const pipe = { ...bucket, delay: own, loss: apart ? 0 : loss, tick: 0, ...random };
    const behind = { bitsPerSecond: Infinity, burst: 0, queue: Infinity, delay, loss, tick: 0, ...random };
    return { shaped, bucket, pipe, behind: apart && (delay > 0 || loss > 0) ? behind : undefined };
  }

  private side(vnode: number, side: 'up' | 'down'): void {
    const shaper = side === 'up' ? this.upShaper : this.downShaper;
    const pipe = side === 'up' ? this.upPipe : this.downPipe;
    const tail = side === 'up' ? this.upTail : this.downTail;
    const { host } = this.lives[vnode];
    const design = this.design(vnode, side);
    shaper.push(NONE);
    pipe.push(NONE);
    tail.push(NONE);
    if (host.ideal) pipe[vnode] = this.pipe(this.pipes.create(design.pipe), ROLE[side], vnode);
    else if (design.shaped) shaper[vnode] = this.shapers.create({ ...design.bucket, timerTick: host.kernel.timerTick });
    if (!design.behind) return;
    tail[vnode] = this.pipe(this.pipes.create(design.behind), side === 'up' ? ROLE.upTail : ROLE.downTail, vnode);
    if (host.ideal) this.passed[pipe[vnode]] = 0;
  }

  private lossStream(vnode: number, side: string): RandomStream {
    return randomStream(this.seed, `loss/${vnode}/${side}`);
  }
}
