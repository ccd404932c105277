// What a connection's end has whose control paces it: one row more, so that the others' records stay as short as they are,
// and the rate that an acknowledgement shows.

import { places } from './record.js';

/** Counts are segments, times ns, bandwidths segments a ns unless said; flags are 0 or 1. */
export const PACED = places([
  // delivery (tcp_rate.c)
  'DELIVERED', // segments delivered so far
  'DELIVERED_AT', // when that last grew
  'FIRST_SENT', // when the first segment of the present flight was sent
  'APP_LIMITED', // the application had nothing to send: until so many are delivered, 0: it had
  // pacing
  'RATE', // bytes a second
  'WIRE_TIME', // when the next packet may go
  'PENDING', // time of the event that sends it, Infinity: none
  'SENT', // segments sent
  // bbr
  'MODE',
  'ROUNDS',
  'ROUND_END', // DELIVERED at which the round ends
  'ROUND_START', // this acknowledgement begins a round
  'MAX_ROUND_0', // greatest bandwidths of the last rounds, best first: round and value
  'MAX_0',
  'MAX_ROUND_1',
  'MAX_1',
  'MAX_ROUND_2',
  'MAX_2',
  'LEAST_RTT', // Infinity: none
  'LEAST_RTT_AT',
  'PROBE_RTT_UNTIL', // 0: not yet set
  'PROBE_RTT_ROUND', // a round has gone by with few in flight
  'FULL_BANDWIDTH', // that the pipe was last found to have
  'FULL_COUNT', // rounds without a quarter more
  'FULL', // the pipe is full
  'PACING_GAIN',
  'WINDOW_GAIN',
  'CYCLE', // phase of the gain cycle
  'CYCLE_AT',
  'SEEN_RTT',
  'IDLE_RESTART',
  'CONSERVES', // first round of a recovery: out what came in
  'STATE_BEFORE', // CA_STATE at the acknowledgement before
  'WINDOW_BEFORE', // before recovery, or before probing the round trip
  // bbr: policers
  'POLICED', // the long-term bandwidth is in use
  'POLICER_BANDWIDTH', // 0: none
  'POLICER_SAMPLING',
  'POLICER_ROUNDS',
  'POLICER_AT', // start of the sampling interval: time, delivered, lost
  'POLICER_DELIVERED',
  'POLICER_LOST',
  // bbr: aggregated acknowledgements
  'EPOCH_AT',
  'EPOCH_ACKED',
  'EXTRA_0', // most beyond what the bandwidth explains, in two windows of rounds
  'EXTRA_1',
  'EXTRA_WINDOW', // which of them is being filled
  'EXTRA_ROUNDS',
]);

/** Row length: rows begin on a cache line (64 bytes). */
export const PACED_ROW = 48;

export class PacedRows {
  reals = new Float64Array(0);
  private used = 0;

  /** Where a fresh row of zeros begins. May replace `reals`. */
  allocate(): number {
    const row = this.used;
    this.used += PACED_ROW;
    if (this.used > this.reals.length) {
      const reals = new Float64Array(Math.max(this.used, 2 * this.reals.length));
      reals.set(this.reals);
      this.reals = reals;
    }
    return row;
  }
}

/** What one acknowledgement tells about the rate. */
export class RateSample {
  /** Segments over ns; -1: it tells nothing. */
  delivered = -1;
  interval = -1;
  /** Segments that it delivered and showed lost, and that were in flight before it. */
  acked = 0;
  losses = 0;
  priorInFlight = 0;
  /** Round trip of the newest segment, ns, -1: none; that acknowledgement may have been delayed. */
  rtt = -1;
  delayed = false;
  appLimited = false;
  /** DELIVERED and DELIVERED_AT when the newest of the segments was sent; -1: none was. */
  priorDelivered = -1;
  priorAt = -1;
  sentOver = 0;
  newestEnd = -1;

  begin(flying: number): void {
    this.delivered = -1;
    this.interval = -1;
    this.acked = 0;
    this.losses = 0;
    this.priorInFlight = flying;
    this.rtt = -1;
    this.delayed = false;
    this.appLimited = false;
    this.priorDelivered = -1;
    this.priorAt = -1;
    this.sentOver = 0;
    this.newestEnd = -1;
  }
}
