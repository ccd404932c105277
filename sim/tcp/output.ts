// New data on its way out: as much as the congestion window, the peer's window, small queues and super-packet sizing
// let go (net/ipv4/tcp_output.c in Linux: tcp_write_xmit and what it asks).

import { ACK, chargeOf, FIN } from '../packets.js';
import { leastSegments, sendingAgain } from './congestion/index.js';
import { validateWindow } from './cwnd.js';
import { inFlight } from './in-flight.js';
import { FRAME_HEADERS, LARGEST_PACKET, WITH_GSO, WITH_SMALL_QUEUES } from './options.js';
import { PACED as PACING } from './paced.js';
import { isPaced, notePaced, waitsForPace } from './pacing.js';
import { noteSent } from './rate-sample.js';
import { CWR, ESTABLISHED, INT, INTS, REAL, REALS, RECOVERY, THROTTLED, TIMER_WINDOW } from './record.js';
import {
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
import { listByTime } from './time-order.js';
import { armProbeOrRto, armTransmit } from './timers.js';

const { SND_NXT, SND_EDGE, WRITTEN, SRTT, MIN_RTT, RTO, LAST_SENT, LAST_RECEIVED, ACK_DELAY } = REAL;
const { STATE, MSS, OPTIONS, CA_STATE, CWND, SSTHRESH, PACKETS_OUT, HEAD, TAIL, FIN_QUEUED, FLAGS } = INT;
const { QDISC_BYTES, PRR_OUT, PINGPONG, TIMED, TIMER_KIND, PACED } = INT;
const { RATE } = PACING;

/** A small queue's and a super-packet's share of a second: 1/1024 (sk_pacing_shift of 10). */
const PACING_SHARE = 1024;
/** No more than this in the own qdisc (tcp_limit_output_bytes). */
const MOST_QUEUED = 1_048_576;
/** Super-packets have at least two segments (sysctl_tcp_min_tso_segs). */
const LEAST_SEGMENTS = 2;
/** Below 2^9 us x n of RTT super-packets grow by 64 KB / 2^n (tcp_tso_rtt_log). */
const RTT_STEP = 512_000;
/** A super-packet never waits for more data longer than this after the last one. */
const LONGEST_DEFERRAL = 1_000_000;
/** A third of the window is enough to send (tcp_tso_win_divisor). */
const WINDOW_DIVISOR = 3;

/** Bytes that about 1 ms carries: at the rate of a connection that is paced, otherwise twice the window a round trip in slow start, 1.2 times it later. */
function pacedBytes(t: Stack, endpoint: number): number {
  const { reals, ints } = t;
  const i = endpoint * INTS;
  if (ints[i + PACED] >= 0) return Math.floor(t.paced.reals[ints[i + PACED] + RATE] / PACING_SHARE);
  const window = Math.max(ints[i + CWND], ints[i + PACKETS_OUT]);
  const percent = ints[i + CWND] < ints[i + SSTHRESH] >> 1 ? 200 : 120;
  const srtt = Math.max(1, reals[endpoint * REALS + SRTT] / 8);
  return Math.floor((window * ints[i + MSS] * percent * 1e7) / srtt / PACING_SHARE);
}

/** Most segments of a super-packet now (tcp_tso_autosize). */
export function packetSegments(t: Stack, endpoint: number): number {
  const { ints, reals } = t;
  const i = endpoint * INTS;
  if ((ints[i + OPTIONS] & WITH_GSO) === 0) return 1;
  const mss = ints[i + MSS];
  let bytes = pacedBytes(t, endpoint);
  const step = Math.floor(reals[endpoint * REALS + MIN_RTT] / RTT_STEP);
  if (step < 17) bytes += LARGEST_PACKET >> step;
  const most = Math.floor((LARGEST_PACKET - 1 - FRAME_HEADERS) / mss);
  const least = ints[i + PACED] >= 0 ? leastSegments(t.paced.reals[ints[i + PACED] + RATE]) : LEAST_SEGMENTS;
  const segments = Math.max(least, Math.floor(bytes / mss));
  return segments < most ? segments : most;
}

/**
 * True while the own qdisc holds enough of this connection: twice the packet that would go now, of `segments`, or 1 ms,
 * the larger. So a small packet waits until the window has room for a larger one, about a third of it.
 */
export function queueIsFull(t: Stack, endpoint: number, segments: number): boolean {
  const { ints } = t;
  const i = endpoint * INTS;
  const queued = ints[i + QDISC_BYTES];
  if ((ints[i + OPTIONS] & WITH_SMALL_QUEUES) === 0 || queued === 0) return false;
  const packet = chargeOf(segments * ints[i + MSS]);
  const wanted = Math.max(2 * packet, pacedBytes(t, endpoint));
  const limit = isPaced(t, endpoint) ? wanted : Math.min(wanted, MOST_QUEUED);
  // The kernel's own count begins at one, so twice the packet is too much already (sk_wmem_alloc, net/core/sock.c).
  if (queued < limit) return false;
  ints[i + FLAGS] |= THROTTLED;
  return true;
}

/** Whether what the congestion window has room for would still find the own qdisc too full. */
export function heldBack(t: Stack, endpoint: number): boolean {
  const quota = Math.max(1, t.ints[endpoint * INTS + CWND] - inFlight(t, endpoint));
  return queueIsFull(t, endpoint, Math.min(quota, packetSegments(t, endpoint)));
}

/** Whether to wait for more acknowledgements, so that a larger super-packet may go (tcp_tso_should_defer). */
function defers(t: Stack, endpoint: number, sendable: number, quota: number, most: number): boolean {
  const { reals, ints } = t;
  const r = endpoint * REALS;
  const i = endpoint * INTS;
  const mss = ints[i + MSS];
  if (sendable <= mss || ints[i + CA_STATE] >= RECOVERY || ints[i + PACKETS_OUT] === 0) return false;
  const { now } = t.simulator;
  if (now - reals[r + LAST_SENT] > LONGEST_DEFERRAL) return false;
  const open = reals[r + SND_EDGE] - reals[r + SND_NXT];
  const room = Math.min(open, quota * mss);
  // All that was written goes: nothing to wait for.
  if (room >= most * mss || room >= sendable) return false;
  if (room >= Math.floor(Math.min(open, ints[i + CWND] * mss) / WINDOW_DIVISOR)) return false;
  // The next acknowledgement must not be more than half a round trip away.
  const head = t.segments.reals[ints[i + HEAD] * SEGMENT_REALS + SEGMENT_SENT];
  return now - head >= Math.floor(reals[r + SRTT] / 16);
}

/** Sends what may be sent. At most one segment beyond the window when `probing` (tail-loss probe). Returns segments. */
export function push(t: Stack, endpoint: number, probing = false): number {
  const { reals } = t;
  const r = endpoint * REALS;
  const i = endpoint * INTS;
  const end = reals[r + WRITTEN] + t.ints[i + FIN_QUEUED];
  if (reals[r + SND_NXT] >= end || t.ints[i + STATE] !== ESTABLISHED) return 0;
  const { ints } = t;
  const mss = ints[i + MSS];
  const bulk = (ints[i + OPTIONS] & WITH_GSO) !== 0;
  let sent = 0;
  let limited = false;
  while (reals[r + SND_NXT] < end) {
    if (isPaced(t, endpoint) && !probing && waitsForPace(t, endpoint)) break;
    const flying = inFlight(t, endpoint);
    let quota = probing ? 1 - sent : ints[i + CWND] - flying;
    if (quota <= 0) {
      limited = true;
      break;
    }
    const room = reals[r + SND_EDGE] - reals[r + SND_NXT];
    const sendable = reals[r + WRITTEN] - reals[r + SND_NXT];
    if (room < (sendable < mss ? sendable : mss)) break;
    let most = 1;
    if (bulk && !probing) {
      most = packetSegments(t, endpoint);
      if (defers(t, endpoint, sendable, quota, most)) {
        limited = quota * mss < room;
        break;
      }
      // At most half a window in one burst, so that acknowledgements keep their rhythm.
      const half = Math.max(ints[i + CWND] >> 1, 1);
      if (quota > half) quota = half;
      if (quota < most) most = quota;
    }
    let payload = most * mss;
    if (payload > room) payload = room - (room % mss);
    if (payload > sendable || payload === 0) payload = sendable;
    const count = payload <= mss ? 1 : Math.ceil(payload / mss);
    if (queueIsFull(t, endpoint, count)) break;
    if (!sendNew(t, endpoint, payload, count, payload === sendable)) break;
    sent += count;
  }
  if (!limited && inFlight(t, endpoint) >= ints[i + CWND]) limited = true;
  if (sent > 0 || limited) validateWindow(t, endpoint, limited);
  if (sent > 0) {
    const state = ints[i + CA_STATE];
    if (state === CWR || state === RECOVERY) ints[i + PRR_OUT] += sent;
    if (!probing) armProbeOrRto(t, endpoint);
  } else if (ints[i + PACKETS_OUT] === 0 && ints[i + TIMER_KIND] !== TIMER_WINDOW) {
    // Closed window, or own qdisc full, with nothing in flight that could wake this end.
    armTransmit(t, endpoint, TIMER_WINDOW, t.simulator.now + reals[r + RTO]);
  }
  return sent;
}

/** Sends `payload` new bytes as one packet; false when the own qdisc refused it. */
function sendNew(t: Stack, endpoint: number, payload: number, count: number, last: boolean): boolean {
  const { reals, ints, packets, segments } = t;
  const r = endpoint * REALS;
  const i = endpoint * INTS;
  const { now } = t.simulator;
  const first = ints[i + PACKETS_OUT] === 0;
  if (first) sendingAgain(t, endpoint);
  const start = reals[r + SND_NXT];
  const fin = last ? ints[i + FIN_QUEUED] : 0;
  const packet = packets.allocate(endpoint ^ 1, fin === 1 ? ACK | FIN : ACK);
  packets.sequence[packet] = start;
  packets.payload[packet] = payload;
  packets.segments[packet] = count;
  packets.wire[packet] = payload + count * FRAME_HEADERS;
  if (!dispatch(t, endpoint, packet)) return false;
  const segment = segments.allocate();
  const row = segment * SEGMENT_INTS;
  const place = segment * SEGMENT_REALS;
  segments.reals[place + SEGMENT_START] = start;
  segments.reals[place + SEGMENT_END] = start + payload + fin;
  segments.reals[place + SEGMENT_SENT] = now;
  const list = segments.ints;
  list[row + SEGMENT_NEXT] = -1;
  list[row + SEGMENT_FLAGS] = 0;
  list[row + SEGMENT_COUNT] = count;
  const tail = ints[i + TAIL];
  if (tail < 0) ints[i + HEAD] = segment;
  else list[tail * SEGMENT_INTS + SEGMENT_NEXT] = segment;
  ints[i + TAIL] = segment;
  if (ints[i + TIMED] !== 0) listByTime(t, endpoint, segment);
  if (isPaced(t, endpoint)) {
    notePaced(t, endpoint, payload, count);
    noteSent(t, endpoint, segment, first);
  }
  reals[r + SND_NXT] = start + payload + fin;
  reals[r + LAST_SENT] = now;
  ints[i + PACKETS_OUT] += count;
  // An answer soon after input: acknowledgements may ride on answers.
  if (reals[r + LAST_RECEIVED] >= 0 && now - reals[r + LAST_RECEIVED] < reals[r + ACK_DELAY]) ints[i + PINGPONG] = 1;
  return true;
}
