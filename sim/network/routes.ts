// Routes of flows through a distilled network: found when a flow's first packet comes, and kept flat.

import type { DistilledNetwork } from '../../models/index.js';
import type { Endpoints } from '../endpoints.js';
import type { Packets } from '../packets.js';

/** Ends a route in the flat list of routes. */
const END = -1;
/** Says of an endpoint that its route was not looked for; there, starts are stored as one more than they are. */
const UNKNOWN = -1;

export class Routes {
  /** All routes, one after the other, each ended; only ever added to, so that packets under way keep theirs. */
  private readonly flat: number[] = [];
  /** Where the route of a pair of vnodes begins; END where there is no way. */
  private readonly startOf = new Map<number, number>();
  /** The same by endpoint, for the flows there are. */
  private starts = new Int32Array(1024).fill(UNKNOWN);

  /** `access`: the vnodes' own links are part of their routes. */
  constructor(
    private readonly packets: Packets,
    private readonly endpoints: Endpoints,
    private readonly network: DistilledNetwork,
    private readonly access: boolean,
  ) {}

  /** Sets a packet at the start of its route; false: there is no way to its receiver. */
  enter(packet: number): boolean {
    const start = this.start(this.packets.endpoint[packet]);
    this.packets.hop[packet] = start;
    return start !== END;
  }

  /** The next pipe of the packet's route, which it is taken to go through now; -1: it has crossed. */
  next(packet: number): number {
    return this.flat[this.packets.hop[packet]++];
  }

  /** Looks for all routes anew; packets under way keep theirs. */
  forget(): void {
    this.starts.fill(UNKNOWN);
    this.startOf.clear();
  }

  private start(endpoint: number): number {
    if (endpoint >= this.starts.length) {
      const larger = new Int32Array(2 * Math.max(this.starts.length, endpoint)).fill(UNKNOWN);
      larger.set(this.starts);
      this.starts = larger;
    }
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
    const route = this.network.route(from, to, this.access);
    const start = route ? this.flat.length : END;
    if (route) this.flat.push(...route, END);
    this.startOf.set(key, start);
    return start;
  }
}
