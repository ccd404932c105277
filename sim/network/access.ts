// The access links of all vnodes, compiled to flat arrays: on an ideal host a pipe each way; on a host with costs a
// shaper each way, and a pipe behind it where the link has delay or loss.

import { type CompiledTopology, defaultBurst, defaultQueue, type Host } from '../../models/index.js';
import { type RandomStream, randomStream } from '../random.js';
import type { Pipes } from './pipes.js';
import type { Shapers } from './shapers.js';

/** What veth claims to be (ethtool): the rate of an unshaped link where no CPU limits it. */
const VETH_RATE = 10e9;
/** Through an ideal unshaped link a packet takes this long, so that a round trip is never zero, ns. */
const VETH_DELAY = 2_000;

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
    const { rate, burst } = this.topology.up[vnode];
    return rate === 'unshaped' ? Number.POSITIVE_INFINITY : (burst ?? defaultBurst(rate, this.mtu));
  }

  /** Registers a pipe with its role and owner. */
  pipe(id: number, role: number, owner: number): number {
    this.role[id] = role;
    this.owner[id] = owner;
    return id;
  }

  /** Links for the next vnode, which lives on `host`. */
  addVnode(host: Host, surroundings: Surroundings | undefined): void {
    const vnode = this.upPipe.length;
    this.side(vnode, host, 'up', surroundings);
    this.side(vnode, host, 'down', surroundings);
  }

  private side(vnode: number, host: Host, side: 'up' | 'down', around?: Surroundings): void {
    const asked = this.topology[side][vnode];
    const shaped = asked.rate !== 'unshaped';
    const shaper = side === 'up' ? this.upShaper : this.downShaper;
    const pipe = side === 'up' ? this.upPipe : this.downPipe;
    const tail = side === 'up' ? this.upTail : this.downTail;
    const loss = 1 - (1 - asked.loss) * (1 - (around?.loss ?? 0) / 2);
    const delay = asked.delay + Math.round((around?.delay ?? 0) / 2);
    const random = loss > 0 ? { random: this.lossStream(vnode, side) } : {};
    const rate = asked.rate === 'unshaped' ? VETH_RATE : asked.rate * (around?.rate ?? 1);
    const burst = shaped ? (asked.burst ?? defaultBurst(rate, this.mtu)) : 0;
    const queue = asked.queue ?? defaultQueue(rate, this.mtu);
    shaper.push(NONE);
    pipe.push(NONE);
    tail.push(NONE);
    if (!host.ideal) {
      if (shaped)
        shaper[vnode] = this.shapers.create({ bitsPerSecond: rate, burst, queue, timerTick: host.kernel.timerTick });
    } else {
      // Small queues must see when a packet leaves the queue, before it has crossed the link or was lost on it.
      const apart = host.kernel.smallQueues && (delay > 0 || loss > 0);
      const own = !shaped && !apart ? Math.max(delay, VETH_DELAY) : apart ? 0 : delay;
      const fused = { bitsPerSecond: rate, burst, queue, delay: own, loss: apart ? 0 : loss, tick: 0, ...random };
      pipe[vnode] = this.pipe(this.pipes.create(fused), ROLE[side], vnode);
      if (!apart) return;
    }
    if (delay === 0 && loss === 0) return;
    const behind = { bitsPerSecond: Infinity, burst: 0, queue: Infinity, delay, loss, tick: 0, ...random };
    tail[vnode] = this.pipe(this.pipes.create(behind), side === 'up' ? ROLE.upTail : ROLE.downTail, vnode);
  }

  private lossStream(vnode: number, side: string): RandomStream {
    return randomStream(this.seed, `loss/${vnode}/${side}`);
  }
}
