// Segments in flight: one pool for all connections, each connection's a list by offset, so that memory follows what
// is in flight. A segment is what one packet carried: several MSS when it was a super-packet.

/** Row of `reals`: first and end offset, time of the last transmission. */
export const SEGMENT_START = 0;
export const SEGMENT_END = 1;
export const SEGMENT_SENT = 2;
/** Of paced connections, when it was sent: when data had last been delivered, and the flight's first segment sent. */
export const SEGMENT_DELIVERED_AT = 3;
export const SEGMENT_FIRST_SENT = 7;
export const SEGMENT_REALS = 8;

/** Row of `ints`, in the second half of the same 64 bytes: next by offset, flags, frames, neighbours by time of sending. */
export const SEGMENT_NEXT = 8;
export const SEGMENT_FLAGS = 9;
export const SEGMENT_COUNT = 10;
export const SEGMENT_EARLIER = 11;
export const SEGMENT_LATER = 12;
/** Of paced connections: segments delivered when it was sent. */
export const SEGMENT_DELIVERED = 13;
export const SEGMENT_INTS = 16;

/** Flags: selectively acknowledged, taken for lost, retransmitted since, retransmitted ever, listed by time, sent with nothing to follow. */
export const SACKED = 1;
export const LOST = 2;
export const RETRANSMITTED = 4;
export const EVER_RETRANSMITTED = 8;
export const LISTED = 16;
export const APP_LIMITED_WHEN_SENT = 32;

export class Segments {
  reals: Float64Array;
  ints: Int32Array;
  private capacity: number;
  private free = -1;
  private used = 0;

  constructor(capacity = 1024) {
    this.capacity = capacity;
    this.reals = new Float64Array(capacity * SEGMENT_REALS);
    this.ints = new Int32Array(this.reals.buffer);
  }

  /** A segment that nothing points to yet; the caller fills in its row. May replace `reals` and `ints`. */
  allocate(): number {
    const segment = this.free;
    if (segment >= 0) {
      this.free = this.ints[segment * SEGMENT_INTS + SEGMENT_NEXT];
      return segment;
    }
    if (this.used === this.capacity) this.grow();
    return this.used++;
  }

  release(segment: number): void {
    this.ints[segment * SEGMENT_INTS + SEGMENT_NEXT] = this.free;
    this.free = segment;
  }

  private grow(): void {
    this.capacity *= 2;
    const reals = new Float64Array(this.capacity * SEGMENT_REALS);
    reals.set(this.reals);
    this.reals = reals;
    this.ints = new Int32Array(reals.buffer);
  }
}
