// Streams without TCP: each vnode's uplink and downlink serialise chunks at their rates, connections share an uplink
// in turn, and a window limits what is on its way. Enough of a network to judge a workload by.

import type { Endpoints } from '../../../sim/endpoints.js';
import type { Simulator } from '../../../sim/simulator.js';
import type { Application, StreamEvents, Streams, Tasks } from '../../../sim/transport.js';

const SYN = 0;
const SYNACK = 1;
const DATA = 2;
const FIN = 3;
const CHUNK = 1448;

export interface PlainLink {
  /** Bytes a second, and ns. */
  readonly up: number;
  readonly down: number;
  readonly delay: number;
}

interface End {
  readonly vnode: number;
  open: boolean;
  closing: boolean;
  closed: boolean;
  queued: number;
  /** Sent and not delivered. */
  onTheWay: number;
  readable: number;
  blocked: boolean;
  /** In the round of its vnode's uplink. */
  inTurn: boolean;
}

interface Hop {
  readonly kind: number;
  readonly to: number;
  readonly bytes: number;
}

export class PlainStreams implements Streams {
  events!: StreamEvents;
  /** Bytes that each vnode received, whatever they were. */
  readonly delivered: number[] = [];
  private readonly ends: End[] = [];
  private readonly turns: number[][] = [];
  private readonly upBusy: boolean[] = [];
  private readonly downFree: number[] = [];
  private readonly hops: Hop[] = [];
  private readonly spare: number[] = [];
  private readonly departure: number;
  private readonly arrival: number;

  constructor(
    private readonly simulator: Simulator,
    private readonly endpoints: Endpoints,
    private readonly linkOf: (vnode: number) => PlainLink,
    private readonly buffer = 65_536,
    private readonly window = 65_536,
  ) {
    this.departure = simulator.register({ handle: (vnode) => this.depart(vnode) });
    this.arrival = simulator.register({ handle: (hop) => this.arrive(hop) });
  }

  open(from: number, to: number): number {
    const endpoint = this.endpoints.pair(from, to);
    for (const vnode of [from, to]) {
      this.ends.push({
        vnode,
        open: false,
        closing: false,
        closed: false,
        queued: 0,
        onTheWay: 0,
        readable: 0,
        blocked: false,
        inTurn: false,
      });
      this.turns[vnode] ??= [];
      this.downFree[vnode] ??= 0;
      this.delivered[vnode] ??= 0;
    }
    this.travel(SYN, endpoint + 1, 0, this.simulator.now + this.linkOf(from).delay + this.linkOf(to).delay);
    return endpoint;
  }

  write(endpoint: number, bytes: number): void {
    const end = this.ends[endpoint];
    if (end.closing || end.closed) return;
    end.queued += bytes;
    if (this.space(endpoint) <= 0) end.blocked = true;
    this.enter(endpoint);
  }

  space(endpoint: number): number {
    const end = this.ends[endpoint];
    return Math.max(0, this.buffer - end.queued - end.onTheWay);
  }

  readable(endpoint: number): number {
    return this.ends[endpoint].readable;
  }

  read(endpoint: number): number {
    const end = this.ends[endpoint];
    const bytes = end.readable;
    end.readable = 0;
    return bytes;
  }

  close(endpoint: number): void {
    const end = this.ends[endpoint];
    if (end.closing || end.closed) return;
    end.closing = true;
    if (end.queued === 0) this.finishClosing(endpoint);
  }

  private enter(endpoint: number): void {
    const end = this.ends[endpoint];
    if (end.inTurn || !end.open || end.queued === 0 || end.onTheWay >= this.window) return;
    end.inTurn = true;
    this.turns[end.vnode].push(endpoint);
    if (!this.upBusy[end.vnode]) this.depart(end.vnode);
  }

  private depart(vnode: number): void {
    const endpoint = this.turns[vnode].shift();
    this.upBusy[vnode] = endpoint !== undefined;
    if (endpoint === undefined) return;
    const end = this.ends[endpoint];
    end.inTurn = false;
    const bytes = Math.min(CHUNK, end.queued);
    end.queued -= bytes;
    end.onTheWay += bytes;
    const out = this.simulator.now + Math.ceil((bytes * 1e9) / this.linkOf(vnode).up);
    this.simulator.schedule(out, this.departure, vnode);
    const to = this.ends[endpoint ^ 1].vnode;
    const link = this.linkOf(to);
    const begins = Math.max(out + this.linkOf(vnode).delay + link.delay, this.downFree[to]);
    this.downFree[to] = begins + Math.ceil((bytes * 1e9) / link.down);
    this.travel(DATA, endpoint ^ 1, bytes, this.downFree[to]);
    this.enter(endpoint);
    if (end.closing && end.queued === 0) this.finishClosing(endpoint);
  }

  private travel(kind: number, to: number, bytes: number, time: number): void {
    const id = this.spare.pop() ?? this.hops.length;
    this.hops[id] = { kind, to, bytes };
    this.simulator.schedule(time, this.arrival, id);
  }

  private arrive(id: number): void {
    const { kind, to, bytes } = this.hops[id];
    this.spare.push(id);
    const end = this.ends[to];
    const other = this.ends[to ^ 1];
    if (kind === SYN) {
      end.open = true;
      this.events.opened(to);
      this.travel(
        SYNACK,
        to ^ 1,
        0,
        this.simulator.now + this.linkOf(end.vnode).delay + this.linkOf(other.vnode).delay,
      );
    } else if (kind === SYNACK) {
      end.open = true;
      this.events.opened(to);
      this.enter(to);
    } else if (kind === FIN) {
      if (!end.closed) this.events.closed(to);
      end.closed = true;
    } else {
      this.delivered[end.vnode] += bytes;
      other.onTheWay -= bytes;
      this.enter(to ^ 1);
      if (other.blocked && !other.closing && this.space(to ^ 1) * 3 >= this.buffer) {
        other.blocked = false;
        this.events.writableNow(to ^ 1);
      }
      if (end.closing || end.closed) return;
      end.readable += bytes;
      this.events.readableNow(to);
    }
  }

  private finishClosing(endpoint: number): void {
    const end = this.ends[endpoint];
    end.closed = true;
    const to = this.ends[endpoint ^ 1].vnode;
    const time = Math.max(this.simulator.now + 2 * this.linkOf(to).delay + 1, this.downFree[to] ?? 0);
    // A FIN travels behind the data, through both queues; the sum of the windows bounds how long that takes.
    this.travel(FIN, endpoint ^ 1, 0, time + (end.onTheWay > 0 ? 60e9 : 0));
  }
}

/** The CPU of an ideal host: work takes no time. */
export class InstantTasks implements Tasks {
  application!: Application;

  wake(vnode: number): void {
    do this.application.begin(vnode);
    while (this.application.finish(vnode));
  }

  sleep(): void {
    throw new Error('nobody sleeps here');
  }
}
