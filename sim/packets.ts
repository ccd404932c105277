// Packets as integers into one typed array, a row each: no allocation per packet once the pool has grown.
// A packet is one skb: a data segment, a super-packet of several segments, an ACK, or a datagram.

export const SYN = 1;
export const ACK = 2;
export const FIN = 4;
/** The packet carries data that was sent before. */
export const RETRANSMISSION = 8;
export const DATAGRAM = 16;
/** Address resolution: its only cost to the network is its frames. */
export const ARP = 32;

/** Bytes of an skb beside its payload: structures and room for headers (truesize of a TCP segment less its data, Linux 6). */
const SKB_OVERHEAD = 832;
/** Bytes that an skb without data is charged. */
const PURE_ACK = 2;

/** What a socket is charged for an skb: its truesize, and next to nothing for one without data (skb_set_tcp_pure_ack). */
export const chargeOf = (payload: number): number => (payload > 0 ? payload + SKB_OVERHEAD : PURE_ACK);

/** How much more `pieces` of a packet are charged together than it was as a whole. */
export const chargeOfCuts = (pieces: number): number => (pieces - 1) * SKB_OVERHEAD;

/** SACK blocks an ACK can carry beside timestamps (RFC 2018). */
export const SACK_BLOCKS = 3;

/** Numbers of a packet's row. A packet's id is where its row begins, so that every field is found by the id alone. */
const ROW = 16;
/** Bytes of a number. */
const WIDTH = 8;

/**
 * Fields are views of one array, each shifted to its column: `wire[packet]` and `endpoint[packet]` lie beside each other,
 * and a packet costs two lines of cache however many are in flight. Half of the columns is for pipes, half for TCP.
 */
export class Packets {
  /** Wire bytes, all headers of all segments included. */
  wire!: Float64Array;
  /** Frames this packet would be on a wire. */
  segments!: Float64Array;
  /** The receiving endpoint (see tcp); its sender is `endpoint ^ 1`. */
  endpoint!: Float64Array;
  /** The packet behind this one in the same queue, -1: none. Whoever holds the packet may set it. */
  next!: Float64Array;
  /** ns: end of its wait in a pipe's queue, and exit after propagation. */
  departure!: Float64Array;
  exit!: Float64Array;
  flags!: Float64Array;
  /** Index of the route's next pipe. */
  hop!: Float64Array;
  /** Payload bytes. */
  payload!: Float64Array;
  /** First payload byte's offset in the stream, and the cumulative acknowledgement. */
  sequence!: Float64Array;
  acknowledged!: Float64Array;
  /** Advertised window, bytes. */
  window!: Float64Array;
  /** ns: when the packet was sent, and the timestamp it echoes (RFC 7323); -1: none. */
  sentAt!: Float64Array;
  echo!: Float64Array;
  sackCount!: Float64Array;
  /** Bytes that its sender's socket is charged until this packet has left the qdisc (sk_wmem_alloc). */
  charged!: Float64Array;
  /** From the packet's id on: `SACK_BLOCKS` (start, end) pairs of stream offsets. */
  sacks!: Float64Array;
  private rows!: Float64Array;
  private free = -1;
  private used = 0;
  /** Packets that are allocated now. */
  inFlight = 0;
  /** Counters of the conservation law: sent = delivered + dropped + in flight. */
  sent = 0;
  delivered = 0;
  dropped = 0;

  constructor(capacity = 4096) {
    this.lay(new Float64Array(capacity * ROW));
    this.sacks = new Float64Array(capacity * ROW);
  }

  /** Packets there is room for before the pool grows. */
  get capacity(): number {
    return this.rows.length / ROW;
  }

  /** A fresh packet for `endpoint`; the caller fills in the rest. */
  allocate(endpoint: number, flags: number): number {
    let packet = this.free;
    if (packet >= 0) this.free = this.next[packet];
    else {
      if (this.used === this.rows.length) this.grow();
      packet = this.used;
      this.used += ROW;
    }
    this.inFlight++;
    this.sent++;
    this.endpoint[packet] = endpoint;
    this.flags[packet] = flags;
    this.hop[packet] = 0;
    this.payload[packet] = 0;
    this.segments[packet] = 1;
    this.sackCount[packet] = 0;
    this.charged[packet] = 0;
    this.echo[packet] = -1;
    return packet;
  }

  /** Which of all packets it is, counted from 0: dense, where the id is not. */
  ordinal(packet: number): number {
    return packet / ROW;
  }

  /** The packet of that ordinal. */
  at(ordinal: number): number {
    return ordinal * ROW;
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
    const rows = new Float64Array(this.rows.length * 2);
    rows.set(this.rows);
    const sacks = new Float64Array(this.rows.length * 2);
    sacks.set(this.sacks);
    this.lay(rows);
    this.sacks = sacks;
  }

  private lay(rows: Float64Array): void {
    const column = (index: number) => new Float64Array(rows.buffer, index * WIDTH);
    this.rows = rows;
    this.wire = column(0);
    this.segments = column(1);
    this.endpoint = column(2);
    this.next = column(3);
    this.departure = column(4);
    this.exit = column(5);
    this.flags = column(6);
    this.hop = column(7);
    this.payload = column(8);
    this.sequence = column(9);
    this.acknowledged = column(10);
    this.window = column(11);
    this.sentAt = column(12);
    this.echo = column(13);
    this.sackCount = column(14);
    this.charged = column(15);
  }
}
