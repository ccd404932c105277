// Sending again what was lost (tcp_xmit_retransmit_queue and tcp_retransmit_skb in Linux).

import { ACK, FIN, RETRANSMISSION } from '../packets.js';
import { inFlight } from './in-flight.js';
import { FRAME_HEADERS } from './options.js';
import { packetSegments, queueIsFull } from './output.js';
import { isPaced, notePaced, waitsForPace } from './pacing.js';
import { noteSent } from './rate-sample.js';
import { CWR, INT, INTS, REAL, REALS, RECOVERY } from './record.js';
import { split } from './scoreboard.js';
import {
  EVER_RETRANSMITTED,
  LOST,
  RETRANSMITTED,
  SEGMENT_COUNT,
  SEGMENT_END,
  SEGMENT_FLAGS,
  SEGMENT_INTS,
  SEGMENT_NEXT,
  SEGMENT_REALS,
  SEGMENT_SENT,
  SEGMENT_START,
} from './segments.js';
import { dispatch } from './send.js';
import type { Stack } from './stack.js';
import { beginTimeOrder, listByTime, unlist } from './time-order.js';

const { WRITTEN, RETRANS_STAMP, LAST_SENT } = REAL;
const { MSS, CWND, CA_STATE, HEAD, LOST_OUT, RETRANS_OUT, RETRANSMIT_HINT, PRR_OUT, UNDO_RETRANS } = INT;
const { RETRANSMITTED: RETRANSMITTED_COUNT } = INT;

/** Sends up to `most` frames of a segment again; false when the own qdisc refused it. */
export function retransmit(t: Stack, endpoint: number, segment: number, most: number): boolean {
  const { reals, ints, packets, segments } = t;
  const r = endpoint * REALS;
  const i = endpoint * INTS;
  const row = segment * SEGMENT_INTS;
  const place = segment * SEGMENT_REALS;
  beginTimeOrder(t, endpoint);
  if (segments.ints[row + SEGMENT_COUNT] > most)
    split(t, endpoint, segment, segments.reals[place + SEGMENT_START] + most * ints[i + MSS]);
  const start = segments.reals[place + SEGMENT_START];
  const end = segments.reals[place + SEGMENT_END];
  const count = segments.ints[row + SEGMENT_COUNT];
  const fin = end > reals[r + WRITTEN] ? FIN : 0;
  const packet = packets.allocate(endpoint ^ 1, ACK | RETRANSMISSION | fin);
  const payload = end - start - (fin !== 0 ? 1 : 0);
  packets.sequence[packet] = start;
  packets.payload[packet] = payload;
  packets.segments[packet] = count;
  packets.wire[packet] = payload + count * FRAME_HEADERS;
  if (!dispatch(t, endpoint, packet)) return false;
  const { now } = t.simulator;
  const flags = segments.ints[row + SEGMENT_FLAGS];
  if ((flags & RETRANSMITTED) === 0) ints[i + RETRANS_OUT] += count;
  unlist(t, endpoint, segment);
  segments.ints[row + SEGMENT_FLAGS] = (flags & LOST) | RETRANSMITTED | EVER_RETRANSMITTED;
  segments.reals[place + SEGMENT_SENT] = now;
  listByTime(t, endpoint, segment);
  if (isPaced(t, endpoint)) {
    notePaced(t, endpoint, payload, count);
    noteSent(t, endpoint, segment, false);
  }
  if (reals[r + RETRANS_STAMP] < 0) reals[r + RETRANS_STAMP] = now;
  if (ints[i + UNDO_RETRANS] < 0) ints[i + UNDO_RETRANS] = 0;
  ints[i + UNDO_RETRANS] += count;
  ints[i + RETRANSMITTED_COUNT] += count;
  reals[r + LAST_SENT] = now;
  return true;
}

/** Sends again, in order of offsets, what is lost and was not sent since, as far as the window goes. */
export function retransmitLost(t: Stack, endpoint: number): void {
  const { ints, segments } = t;
  const i = endpoint * INTS;
  if (ints[i + LOST_OUT] <= ints[i + RETRANS_OUT]) return;
  const state = ints[i + CA_STATE];
  let segment = ints[i + RETRANSMIT_HINT];
  if (segment < 0) segment = ints[i + HEAD];
  while (segment >= 0) {
    const row = segment * SEGMENT_INTS;
    if ((segments.ints[row + SEGMENT_FLAGS] & (LOST | RETRANSMITTED)) === LOST) {
      if (isPaced(t, endpoint) && waitsForPace(t, endpoint)) break;
      const quota = ints[i + CWND] - inFlight(t, endpoint);
      const most = packetSegments(t, endpoint);
      // What is sent again may queue twice as much (tcp_small_queue_check with a factor of 1).
      if (quota <= 0 || queueIsFull(t, endpoint, 2 * most)) break;
      if (!retransmit(t, endpoint, segment, quota < most ? quota : most)) break;
      if (state === CWR || state === RECOVERY) ints[i + PRR_OUT] += segments.ints[row + SEGMENT_COUNT];
      if (ints[i + LOST_OUT] <= ints[i + RETRANS_OUT]) {
        segment = segments.ints[row + SEGMENT_NEXT];
        break;
      }
    }
    segment = segments.ints[row + SEGMENT_NEXT];
  }
  // Past the end: whatever is marked lost later lies anywhere.
  ints[i + RETRANSMIT_HINT] = segment;
}
