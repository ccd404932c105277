// Address resolution: before a vnode's first packet to another there is a broadcast, an answer, and an entry at both
// ends (RFC 826). Packets wait for it; where the table refuses, they are lost.

import { type Host, NEIGHBOUR_COLLECTION_INTERVAL, NeighbourState, NeighbourTable } from '../../models/index.js';
import { randomStream } from '../random.js';
import type { EventHandler, Simulator } from '../simulator.js';

/** Linux 3.3 keeps 64 KiB of packets for an unresolved entry, about 31 full frames; earlier kernels three packets. */
const UNRESOLVED_PACKETS = { old: 3, modern: 31 } as const;
/** retrans_time, and mcast_solicit: how often an unanswered request is repeated. */
const RETRANS = 1_000_000_000;
const SOLICITS = 3;
const PAIR = 2 ** 20;

/** What resolution asks of the network around it. */
export interface Surface {
  /** A broadcast by `vnode`: its cost is paid on its host and on every host that sees it. */
  flood(vnode: number): void;
  /** ns for a request and its answer between two vnodes, the hosts' own work apart. */
  roundTrip(vnode: number, other: number): number;
  /** The entry is there: the packets that waited for it go on. */
  proceed(packet: number): void;
  refuse(packet: number, reason: 'neighbour-refused' | 'neighbour-unresolved'): void;
}

export class Resolution implements EventHandler {
  /** Per host; hosts without costs have none. */
  readonly tables: (NeighbourTable | undefined)[];
  private readonly kind: number;
  private readonly collectKind: number;
  private readonly queued = new Map<number, number[]>();
  private readonly tries = new Map<number, number>();

  constructor(
    private readonly simulator: Simulator,
    private readonly hosts: readonly Host[],
    private readonly hostOf: readonly number[],
    private readonly surface: Surface,
    seed: string,
  ) {
    this.kind = simulator.register(this);
    this.collectKind = simulator.register({ handle: (host) => this.collect(host) });
    this.tables = hosts.map((host, index) => {
      if (host.ideal) return undefined;
      simulator.schedule(NEIGHBOUR_COLLECTION_INTERVAL, this.collectKind, index);
      const { limits, kernel } = host;
      return new NeighbourTable(limits.neighbours, kernel, randomStream(seed, `neighbours/${index}`));
    });
  }

  /** True: the packet may go. False: it waits for an answer, or was refused. */
  admit(packet: number, vnode: number, other: number): boolean {
    const table = this.tables[this.hostOf[vnode]];
    if (table === undefined) return true;
    const { now } = this.simulator;
    const entry = table.find(vnode, other);
    if (entry >= 0) {
      const state = table.used(entry, now);
      if (state !== NeighbourState.incomplete && state !== NeighbourState.failed) return true;
      if (state === NeighbourState.failed) table.resolve(entry, now);
    } else {
      const created = table.create(vnode, other, now);
      if (created < 0) {
        this.surface.refuse(packet, 'neighbour-refused');
        return false;
      }
      table.hold(created);
    }
    this.enqueue(packet, vnode, other);
    return false;
  }

  /** A packet from `other` reached `vnode`: the transport vouches for it, or the request before it told its address. */
  heard(vnode: number, other: number): void {
    const table = this.tables[this.hostOf[vnode]];
    if (table === undefined) return;
    const entry = table.find(vnode, other);
    if (entry >= 0) table.confirm(entry, this.simulator.now);
    else if (this.tables[this.hostOf[other]] === undefined) table.heard(vnode, other, this.simulator.now);
  }

  /** A request's answer comes back, or its time is over. */
  handle(element: number): void {
    const vnode = Math.floor(element / PAIR);
    const other = element % PAIR;
    const table = this.tables[this.hostOf[vnode]] as NeighbourTable;
    const { now } = this.simulator;
    const entry = table.find(vnode, other);
    const far = this.tables[this.hostOf[other]];
    if (entry >= 0 && (far === undefined || far.heard(other, vnode, now) >= 0)) {
      table.resolved(entry, now);
      this.tries.delete(element);
      for (const packet of this.take(element)) this.surface.proceed(packet);
      return;
    }
    const tried = (this.tries.get(element) ?? 0) + 1;
    if (entry >= 0 && tried < SOLICITS) {
      this.tries.set(element, tried);
      this.surface.flood(vnode);
      this.simulator.schedule(now + RETRANS, this.kind, element);
      return;
    }
    this.tries.delete(element);
    if (entry >= 0) table.failed(entry, now);
    for (const packet of this.take(element)) this.surface.refuse(packet, 'neighbour-unresolved');
  }

  /** Packets that wait, by counting. */
  census(): number {
    let count = 0;
    for (const packets of this.queued.values()) count += packets.length;
    return count;
  }

  private enqueue(packet: number, vnode: number, other: number): void {
    const element = vnode * PAIR + other;
    const waiting = this.queued.get(element);
    if (waiting === undefined) {
      this.queued.set(element, [packet]);
      this.surface.flood(vnode);
      this.simulator.schedule(this.simulator.now + this.surface.roundTrip(vnode, other), this.kind, element);
      return;
    }
    waiting.push(packet);
    const { smallQueues } = this.hosts[this.hostOf[vnode]].kernel;
    if (waiting.length > (smallQueues ? UNRESOLVED_PACKETS.modern : UNRESOLVED_PACKETS.old))
      this.surface.refuse(waiting.shift() as number, 'neighbour-unresolved');
  }

  private take(element: number): number[] {
    const packets = this.queued.get(element) ?? [];
    this.queued.delete(element);
    return packets;
  }

  private collect(host: number): void {
    (this.tables[host] as NeighbourTable).collectPeriodically(this.simulator.now);
    this.simulator.schedule(this.simulator.now + NEIGHBOUR_COLLECTION_INTERVAL, this.collectKind, host);
  }
}
