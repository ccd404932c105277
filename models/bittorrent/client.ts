// A client profile: what a BitTorrent client does and what it costs, apart from the host that runs it.

export interface ClientProfile {
  readonly name: string;
  readonly title: string;
  /** Habits of the protocol. */
  readonly maxConnections: number;
  /** Peers asked from the tracker in one announce. */
  readonly wantPeers: number;
  /** New outgoing connections a second. */
  readonly connectsPerSecond: number;
  /** Regular unchoke slots, the optimistic one apart. */
  readonly uploadSlots: number;
  readonly optimisticSlots: number;
  /** ns between choking rounds, and between changes of the optimistic unchoke. */
  readonly chokeInterval: number;
  readonly optimisticInterval: number;
  /** Block requests kept outstanding per connection: at least, at most; in between, what the rate needs. */
  readonly minimumRequests: number;
  readonly maximumRequests: number;
  /** Peers on the local network are exempt from the unchoke slots. */
  readonly favoursLocal: boolean;
  /** Announce interval, ns, when the tracker does not say. */
  readonly announceInterval: number;
  /** CPU on one core of a T7500 at 2.2 GHz: ns a byte of file data, a message, a hashed byte, a connection set up. */
  readonly perByte: number;
  readonly perMessage: number;
  readonly hashPerByte: number;
  readonly perConnection: number;
  /** The client's own timer: how often a second, ns of work each time. */
  readonly ticksPerSecond: number;
  readonly tickWork: number;
  /** Memory, bytes: process, each connection, buffers and cached pieces while transferring. */
  readonly memoryBase: number;
  readonly memoryPerConnection: number;
  readonly memoryCache: number;
  readonly source: 'measured' | 'published' | 'assumed';
  readonly note: string;
}
