// What was carried and what was lost, per host and per vnode.

export type DropReason =
  | 'shaper-queue'
  | 'link-loss'
  | 'link-down'
  | 'pipe-queue'
  | 'no-route'
  | 'core-nic'
  | 'nic-queue'
  | 'remote-loss'
  | 'backlog'
  | 'neighbour-refused'
  | 'neighbour-unresolved'
  | 'socket-buffer'
  | 'vnode-lost';

/** Losses that the scenario did not ask for: neither its shapers' queues, nor its links' loss and queues. */
const UNEXPECTED: ReadonlySet<DropReason> = new Set([
  'nic-queue',
  'core-nic',
  'remote-loss',
  'backlog',
  'neighbour-refused',
  'neighbour-unresolved',
  'socket-buffer',
]);

export class HostTraffic {
  forwarded = 0;
  bytesForwarded = 0;
  bytesOut = 0;
  bytesIn = 0;
  broadcasts = 0;
  /** Copies of broadcasts that the backlog had no room for. */
  broadcastDrops = 0;
  readonly drops = new Map<DropReason, number>();
}

export class Traffic {
  readonly hosts: HostTraffic[];
  readonly wireSent: Float64Array;
  readonly wireReceived: Float64Array;
  readonly packetsSent: Float64Array;
  readonly unexpectedLosses: Float64Array;
  /** Packets that have passed links, joined ones both at once; waits in CPU queues apart. */
  packetHops = 0;

  constructor(hosts: number, vnodes: number) {
    this.hosts = Array.from({ length: hosts }, () => new HostTraffic());
    this.wireSent = new Float64Array(vnodes);
    this.wireReceived = new Float64Array(vnodes);
    this.packetsSent = new Float64Array(vnodes);
    this.unexpectedLosses = new Float64Array(vnodes);
  }

  drop(host: number, vnode: number, reason: DropReason): void {
    const { drops } = this.hosts[host];
    drops.set(reason, (drops.get(reason) ?? 0) + 1);
    if (UNEXPECTED.has(reason)) this.unexpectedLosses[vnode]++;
  }
}
