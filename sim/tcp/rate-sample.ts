// Delivery rate as a sender sees it: what was delivered between the sending of a segment and its acknowledgement, over the
// longer of the times in which that was sent and acknowledged (net/ipv4/tcp_rate.c in Linux; Cheng and others,
// draft-cheng-iccrg-delivery-rate-estimation).

import { inFlight } from './in-flight.js';
import { PACED } from './paced.js';
import { INT, INTS, REAL, REALS } from './record.js';
import {
  APP_LIMITED_WHEN_SENT,
  SEGMENT_DELIVERED,
  SEGMENT_DELIVERED_AT,
  SEGMENT_END,
  SEGMENT_FIRST_SENT,
  SEGMENT_FLAGS,
  SEGMENT_INTS,
  SEGMENT_REALS,
  SEGMENT_SENT,
} from './segments.js';
import type { Stack } from './stack.js';

const { DELIVERED, DELIVERED_AT, FIRST_SENT, APP_LIMITED } = PACED;
const { WRITTEN, SND_NXT, MIN_RTT } = REAL;
const { MSS, PACED: ROW, QDISC_BYTES, CWND, LOST_OUT, RETRANS_OUT } = INT;

/** A segment goes out, for the first time or again; `first`: nothing else is in flight. */
export function noteSent(t: Stack, endpoint: number, segment: number, first: boolean): void {
  const { reals } = t.paced;
  const p = t.ints[endpoint * INTS + ROW];
  const { now } = t.simulator;
  if (first) {
    reals[p + FIRST_SENT] = now;
    reals[p + DELIVERED_AT] = now;
  }
  const { segments } = t;
  const place = segment * SEGMENT_REALS;
  segments.reals[place + SEGMENT_FIRST_SENT] = reals[p + FIRST_SENT];
  segments.reals[place + SEGMENT_DELIVERED_AT] = reals[p + DELIVERED_AT];
  const row = segment * SEGMENT_INTS;
  segments.ints[row + SEGMENT_DELIVERED] = reals[p + DELIVERED];
  if (reals[p + APP_LIMITED] > 0) segments.ints[row + SEGMENT_FLAGS] |= APP_LIMITED_WHEN_SENT;
  else segments.ints[row + SEGMENT_FLAGS] &= ~APP_LIMITED_WHEN_SENT;
}

/** A segment was acknowledged for the first time, cumulatively or selectively: the one sent last counts. */
export function noteAcknowledged(t: Stack, endpoint: number, segment: number): void {
  const { segments, sample } = t;
  const place = segment * SEGMENT_REALS;
  const sent = segments.reals[place + SEGMENT_SENT];
  const end = segments.reals[place + SEGMENT_END];
  const { reals } = t.paced;
  const p = t.ints[endpoint * INTS + ROW];
  const latest = reals[p + FIRST_SENT];
  if (sample.priorAt >= 0 && !(sent > latest || (sent === latest && end > sample.newestEnd))) return;
  const row = segment * SEGMENT_INTS;
  sample.priorDelivered = segments.ints[row + SEGMENT_DELIVERED];
  sample.priorAt = segments.reals[place + SEGMENT_DELIVERED_AT];
  sample.appLimited = (segments.ints[row + SEGMENT_FLAGS] & APP_LIMITED_WHEN_SENT) !== 0;
  sample.newestEnd = end;
  sample.sentOver = sent - segments.reals[place + SEGMENT_FIRST_SENT];
  reals[p + FIRST_SENT] = sent;
}

/** The acknowledgement is taken in: `delivered` segments left the network and `lost` ones were found lost. */
export function finishSample(t: Stack, endpoint: number, delivered: number, lost: number): void {
  const { sample } = t;
  const { reals } = t.paced;
  const p = t.ints[endpoint * INTS + ROW];
  const { now } = t.simulator;
  reals[p + DELIVERED] += delivered;
  if (reals[p + APP_LIMITED] > 0 && reals[p + DELIVERED] > reals[p + APP_LIMITED]) reals[p + APP_LIMITED] = 0;
  if (delivered > 0) reals[p + DELIVERED_AT] = now;
  sample.acked = delivered;
  sample.losses = lost;
  if (sample.priorAt < 0) return;
  sample.delivered = reals[p + DELIVERED] - sample.priorDelivered;
  const over = now - sample.priorAt;
  const interval = over > sample.sentOver ? over : sample.sentOver;
  // Shorter than any round trip: of a spurious retransmission.
  if (interval >= t.reals[endpoint * REALS + MIN_RTT]) sample.interval = interval;
}

/** Before the application writes: had it nothing left to send, while there was room? (tcp_rate_check_app_limited) */
export function noteApplicationLimit(t: Stack, endpoint: number): void {
  const { reals, ints } = t;
  const r = endpoint * REALS;
  const i = endpoint * INTS;
  if (reals[r + WRITTEN] - reals[r + SND_NXT] >= ints[i + MSS] || ints[i + QDISC_BYTES] > 0) return;
  const flying = inFlight(t, endpoint);
  if (flying >= ints[i + CWND] || ints[i + LOST_OUT] > ints[i + RETRANS_OUT]) return;
  limitedByApplication(t, endpoint);
}

/** What is in flight now says nothing about the most that the path carries. */
export function limitedByApplication(t: Stack, endpoint: number): void {
  const { reals } = t.paced;
  const p = t.ints[endpoint * INTS + ROW];
  reals[p + APP_LIMITED] = Math.max(1, reals[p + DELIVERED] + inFlight(t, endpoint));
}
