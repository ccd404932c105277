// Packets as integers into a pool of typed arrays: no allocation per packet once the pool has grown.
// A packet is one skb: a data segment, a super-packet of several segments, an ACK, or a datagram.

export const SYN = 1;
export const ACK = 2;
export const FIN = 4;
/** The packet carries data that was sent before. */
export const RETRANSMISSION = 8;
export const DATAGRAM = 16;
/** Address resolution: its only cost to the network is its frames. */
export const ARP = 32;

/** SACK blocks an ACK can carry beside timestamps (RFC 2018). */
export const SACK_BLOCKS = 3;

export class Packets {
  /** Wire bytes, all headers of all segments included. */
  wire: Int32Array;
  /** Payload bytes. */
  payload: Int32Array;
  /** Frames this packet would be on a wire. */
  segments: Int32Array;
  /** The receiving endpoint (see tcp); its sender is `endpoint ^ 1`. */
  endpoint: Int32Array;
  /** Index of the route's next pipe. */
  hop: Int32Array;
  flags: Int32Array;
  /** First payload byte's offset in the stream, and the cumulative acknowledgement. */
  sequence: Float64Array;
  acknowledged: Float64Array;
  /** Advertised window, bytes. */
  window: Float64Array;
  /** ns: when the packet was sent, and the timestamp it echoes (RFC 7323); -1: none. */
  sentAt: Float64Array;
  echo: Float64Array;
  sackCount: Int32Array;
  /** `SACK_BLOCKS` (start, end) pairs of stream offsets per packet. */
  sacks: Float64Array;
  private next: Int32Array;
  private free = -1;
  private used = 0;
  /** Packets that are allocated now. */
  inFlight = 0;
  /** Counters of the conservation law: sent = delivered + dropped + in flight. */
  sent = 0;
  delivered = 0;
  dropped = 0;

  constructor(capacity = 4096) {
    this.wire = new Int32Array(capacity);
    this.payload = new Int32Array(capacity);
    this.segments = new Int32Array(capacity);
    this.endpoint = new Int32Array(capacity);
    this.hop = new Int32Array(capacity);
    this.flags = new Int32Array(capacity);
    this.sequence = new Float64Array(capacity);
    this.acknowledged = new Float64Array(capacity);
    this.window = new Float64Array(capacity);
    this.sentAt = new Float64Array(capacity);
    this.echo = new Float64Array(capacity);
    this.sackCount = new Int32Array(capacity);
    this.sacks = new Float64Array(capacity * 2 * SACK_BLOCKS);
    this.next = new Int32Array(capacity);
  }

  /** A fresh packet for `endpoint`; the caller fills in the rest. */
  allocate(endpoint: number, flags: number): number {
    let packet = this.free;
    if (packet >= 0) this.free = this.next[packet];
    else {
      if (this.used === this.wire.length) this.grow();
      packet = this.used++;
    }
    this.inFlight++;
    this.sent++;
    this.endpoint[packet] = endpoint;
    this.flags[packet] = flags;
    this.hop[packet] = 0;
    this.payload[packet] = 0;
    this.segments[packet] = 1;
    this.sackCount[packet] = 0;
    this.echo[packet] = -1;
    return packet;
  }

  /** The packet reached its endpoint. */
  deliver(packet: number): void {
    this.delivered++;
    this.release(packet);
  }

  /** The packet was lost; its place keeps count of the reason. */
  drop(packet: number): void {
    this.dropped++;
    this.release(packet);
  }

  private release(packet: number): void {
    this.inFlight--;
    this.next[packet] = this.free;
    this.free = packet;
  }

  private grow(): void {
    const capacity = this.wire.length * 2;
    for (const field of ['wire', 'payload', 'segments', 'endpoint', 'hop', 'flags', 'sackCount', 'next'] as const) {
      const larger = new Int32Array(capacity);
      larger.set(this[field]);
      this[field] = larger;
    }
    for (const field of ['sequence', 'acknowledged', 'window', 'sentAt', 'echo', 'sacks'] as const) {
      const larger = new Float64Array(field === 'sacks' ? capacity * 2 * SACK_BLOCKS : capacity);
      larger.set(this[field]);
      this[field] = larger;
    }
  }
}
