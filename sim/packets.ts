// Packets as integers into two typed arrays, a row each: no allocation per packet once the pool has grown.
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

/**
 * Numbers of a packet's row, in either array. A packet's id is where its rows begin, so that every field is found by the id
 * alone.
 */
const ROW = 16;

/**
 * Fields are views of two arrays, of integers and of reals, each shifted to its column: `wire[packet]` and `endpoint[packet]`
 * lie beside each other, and a packet without SACK costs two lines of cache however many are in flight. What is used as an
 * index is an integer, for a real would be checked and converted each time.
 */
export class Packets {
  /** Wire bytes, all headers of all segments included. */
  wire!: Int32Array;
  /** Frames this packet would be on a wire. */
  segments!: Int32Array;
  /** The receiving endpoint (see tcp); its sender is `endpoint ^ 1`. */
  endpoint!: Int32Array;
  /** The packet behind this one in the same queue, -1: none. Whoever holds the packet may set it. */
  next!: Int32Array;
  /** ns: end of its wait in a pipe's queue, and exit after propagation. */
  departure!: Float64Array;
  exit!: Float64Array;
  /** ns: between two joined pipes, while it is in them. */
  between!: Float64Array;
  flags!: Int32Array;
  /** Index of the route's next pipe. */
  hop!: Int32Array;
  /** Payload bytes. */
  payload!: Int32Array;
  /** First payload byte's offset in the stream, and the cumulative acknowledgement. */
  sequence!: Float64Array;
  acknowledged!: Float64Array;
  /** Advertised window, bytes. */
  window!: Float64Array;
  /** ns: when the packet was sent, and the timestamp it echoes (RFC 7323); -1: none. */
  sentAt!: Float64Array;
  echo!: Float64Array;
  sackCount!: Int32Array;
  /** Bytes that its sender's socket is charged until this packet has left the qdisc (sk_wmem_alloc). */
  charged!: Int32Array;
  /** From the packet's id on: `SACK_BLOCKS` (start, end) pairs of stream offsets. */
  sacks!: Float64Array;
  private ints!: Int32Array;
  private reals!: Float64Array;
  private free = -1;
  private used = 0;
  /** Packets that are allocated now. */
  inFlight = 0;
  /** Counters of the conservation law: sent = delivered + dropped + in flight. */
  sent = 0;
  delivered = 0;
  dropped = 0;

  constructor(capacity = 4096) {
    this.lay(new Int32Array(capacity * ROW), new Float64Array(capacity * ROW));
  }

  /** Packets there is room for before the pool grows. */
  get capacity(): number {
    return this.ints.length / ROW;
  }

  /** A fresh packet for `endpoint`; the caller fills in the rest. */
  allocate(endpoint: number, flags: number): number {
    let packet = this.free;
    if (packet >= 0) this.free = this.next[packet];
    else {
      if (this.used === this.ints.length) this.grow();
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
    const ints = new Int32Array(this.ints.length * 2);
    ints.set(this.ints);
    const reals = new Float64Array(this.reals.length * 2);
    reals.set(this.reals);
    this.lay(ints, reals);
  }

  private lay(ints: Int32Array, reals: Float64Array): void {
    const integers = (column: number) => new Int32Array(ints.buffer, column * Int32Array.BYTES_PER_ELEMENT);
    const numbers = (column: number) => new Float64Array(reals.buffer, column * Float64Array.BYTES_PER_ELEMENT);
    this.ints = ints;
    this.reals = reals;
    this.wire = integers(0);
    this.segments = integers(1);
    this.endpoint = integers(2);
    this.next = integers(3);
    this.flags = integers(4);
    this.hop = integers(5);
    this.payload = integers(6);
    this.sackCount = integers(7);
    this.charged = integers(8);
    this.departure = numbers(0);
    this.exit = numbers(1);
    this.sequence = numbers(2);
    this.acknowledged = numbers(3);
    this.window = numbers(4);
    this.sentAt = numbers(5);
    this.echo = numbers(6);
    this.between = numbers(7);
    this.sacks = numbers(8);
  }
}
