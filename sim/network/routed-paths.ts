// The routers between vnodes: each flow's packets go through the pipes of its route, which are made when first used.

import { type DistilledNetwork, defaultQueue } from '../../models/index.js';
import type { Endpoints } from '../endpoints.js';
import type { Packets } from '../packets.js';
import { randomStream } from '../random.js';
import { type Access, ROLE } from './access.js';
import type { Pipes } from './pipes.js';

/** Ends a route in the flat list of routes. */
const END = -1;
const UNKNOWN = -1;

export class RoutedPaths {
  /** All routes, one after the other, each ended; only ever added to, so that packets under way keep theirs. */
  private readonly flat: number[] = [];
  /** Where the route of a pair of vnodes begins; END where there is no way. */
  private readonly startOf = new Map<number, number>();
  /** The same by endpoint, for the flows there are. */
  private starts = new Int32Array(1024).fill(UNKNOWN);
  /** Per pipe of the distilled network: the pipe that it is here. */
  private readonly made: number[] = [];

  constructor(
    private readonly pipes: Pipes,
    private readonly access: Access,
    private readonly packets: Packets,
    private readonly endpoints: Endpoints,
    private readonly network: DistilledNetwork,
    private readonly mtu: number,
    private readonly seed: string,
  ) {}

  /** Sets a packet at the start of its route; false: there is no way to its receiver. */
  enter(packet: number): boolean {
    const start = this.start(this.packets.endpoint[packet]);
    this.packets.hop[packet] = start;
    return start !== END;
  }

  /** Into the next pipe of its route; false: there is none, it has crossed. */
  forward(packet: number): boolean {
    const pipe = this.flat[this.packets.hop[packet]++];
    if (pipe === END) return false;
    this.pipes.enqueue(this.made[pipe] ?? this.make(pipe), packet);
    return true;
  }

  private start(endpoint: number): number {
    if (endpoint >= this.starts.length) {
      const larger = new Int32Array(2 * Math.max(this.starts.length, endpoint)).fill(UNKNOWN);
      larger.set(this.starts);
      this.starts = larger;
    }
    // 0 is the first start; what is stored is one more than it, so that END and UNKNOWN stay apart.
    const known = this.starts[endpoint];
    if (known !== UNKNOWN) return known - 1;
    const { vnode } = this.endpoints;
    const start = this.startBetween(vnode[endpoint ^ 1], vnode[endpoint]);
    this.starts[endpoint] = start + 1;
    return start;
  }

  private startBetween(from: number, to: number): number {
    const key = from * this.network.vnodes + to;
    const known = this.startOf.get(key);
    if (known !== undefined) return known;
    const route = this.network.route(from, to, false);
    const start = route ? this.flat.length : END;
    if (route) this.flat.push(...route, END);
    this.startOf.set(key, start);
    return start;
  }

  private make(pipe: number): number {
    const { rate, delay, loss, queue } = this.network.qualities[pipe];
    const random = loss > 0 ? { random: randomStream(this.seed, `loss/pipe/${pipe}`) } : {};
    const room = Number.isFinite(rate) ? (queue ?? defaultQueue(rate, this.mtu)) : Number.POSITIVE_INFINITY;
    const properties = { bitsPerSecond: rate, burst: 0, queue: room, delay, loss, tick: 0, ...random };
    this.made[pipe] = this.access.pipe(this.pipes.create(properties), ROLE.core, pipe);
    return this.made[pipe];
  }
}
