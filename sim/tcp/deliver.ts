// Data comes in: in order it can be read, out of order it waits; and whether an acknowledgement is owed now or may wait
// (RFC 9293, RFC 2018, RFC 5681, 4.2; tcp_data_queue and __tcp_ack_snd_check in net/ipv4/tcp_input.c in Linux).

import { FIN } from '../packets.js';
import { WITH_READER_ACKS } from './options.js';
import { ACK_NOW, INT, INTS, REAL, REALS } from './record.js';
import { sendAck } from './send.js';
import type { Stack } from './stack.js';
import { armAcknowledge } from './timers.js';

const { RCV_NXT, RCV_READ, RCV_EDGE, RCV_WUP, RCV_BUFFER, TS_RECENT, LAST_RECEIVED, ACK_DELAY, FIN_AT, RTO } = REAL;
const { ACK_DEADLINE, DSACK_START, DSACK_END, BLOCK_START_0, RCV_RTT, RCV_BUFFER_MAX } = REAL;
const { MSS, OPTIONS, QUICK, PINGPONG, BLOCKS, RANGES, FLAGS } = INT;

/** Acknowledgements sent at once at the start of a stream or after idleness (TCP_MAX_QUICKACKS). */
const MOST_QUICK = 16;
const MOST_BLOCKS = 3;

/** Takes in a packet's data and FIN; returns whether new in-order offsets came. */
export function takeData(t: Stack, endpoint: number, packet: number): boolean {
  const { reals, ints, packets } = t;
  const r = endpoint * REALS;
  const i = endpoint * INTS;
  const start = packets.sequence[packet];
  const payload = packets.payload[packet];
  const fin = (packets.flags[packet] & FIN) !== 0 ? 1 : 0;
  const end = start + payload + fin;
  const next = reals[r + RCV_NXT];
  noteArrival(t, endpoint);
  if (reals[r + RCV_BUFFER] < reals[r + RCV_BUFFER_MAX]) measureAsReceiver(t, endpoint, packet);
  if (end <= next || start + payload > reals[r + RCV_EDGE]) {
    // Nothing new, or more than was asked for: the peer learns where this end stands.
    if (end <= next) noteDuplicate(t, endpoint, start, end);
    ints[i + FLAGS] |= ACK_NOW;
    return false;
  }
  if (fin === 1) reals[r + FIN_AT] = end - 1;
  if (start > next) {
    takeLate(t, endpoint, start, end);
    return false;
  }
  if (start < next) noteDuplicate(t, endpoint, start, next);
  reals[r + RCV_NXT] = end;
  if (fin === 1) ints[i + FLAGS] |= ACK_NOW;
  if (ints[i + RANGES] >= 0) fillGap(t, endpoint);
  return true;
}

/** A packet's timestamp is the one to echo when it begins where the last acknowledgement ended (RFC 7323, 4.3). */
export function takeTimestamp(t: Stack, endpoint: number, packet: number): void {
  const { reals, packets } = t;
  const r = endpoint * REALS;
  if (packets.sequence[packet] <= reals[r + RCV_WUP] && packets.sentAt[packet] > reals[r + TS_RECENT])
    reals[r + TS_RECENT] = packets.sentAt[packet];
}

/** The round trip as a receiver sees it, from the echo of its own acknowledgements (tcp_rcv_rtt_measure_ts). */
function measureAsReceiver(t: Stack, endpoint: number, packet: number): void {
  const { reals, packets } = t;
  const r = endpoint * REALS;
  const echo = packets.echo[packet];
  if (echo < 0 || packets.payload[packet] < t.ints[endpoint * INTS + MSS]) return;
  const rtt = t.simulator.now - echo;
  const smoothed = reals[r + RCV_RTT];
  reals[r + RCV_RTT] = smoothed === 0 ? rtt * 8 : smoothed + rtt - Math.floor(smoothed / 8);
}

/** The first data, and data after an idle time, is acknowledged quickly: the sender is in slow start. */
function noteArrival(t: Stack, endpoint: number): void {
  const { reals, ints } = t;
  const r = endpoint * REALS;
  const i = endpoint * INTS;
  const last = reals[r + LAST_RECEIVED];
  const { now } = t.simulator;
  reals[r + LAST_RECEIVED] = now;
  if (last < 0 || now - last > reals[r + RTO]) beginQuick(t, endpoint);
  else if (ints[i + PINGPONG] !== 0 && now - last > reals[r + ACK_DELAY]) ints[i + PINGPONG] = 0;
}

function beginQuick(t: Stack, endpoint: number): void {
  const { reals, ints } = t;
  const i = endpoint * INTS;
  const held = Math.floor(reals[endpoint * REALS + RCV_BUFFER] / (2 * ints[i + MSS]));
  const quick = Math.max(2, held < MOST_QUICK ? held : MOST_QUICK);
  if (quick > ints[i + QUICK]) ints[i + QUICK] = quick;
  ints[i + PINGPONG] = 0;
}

function noteDuplicate(t: Stack, endpoint: number, start: number, end: number): void {
  const r = endpoint * REALS;
  t.reals[r + DSACK_START] = start;
  t.reals[r + DSACK_END] = end;
  beginQuick(t, endpoint);
}

/** Data beyond a gap: kept, and told of at once. */
function takeLate(t: Stack, endpoint: number, start: number, end: number): void {
  const { ints } = t;
  const i = endpoint * INTS;
  ints[i + FLAGS] |= ACK_NOW;
  beginQuick(t, endpoint);
  if (t.ranges.covers(ints[i + RANGES], start, end)) {
    t.reals[endpoint * REALS + DSACK_START] = start;
    t.reals[endpoint * REALS + DSACK_END] = end;
    return;
  }
  ints[i + RANGES] = t.ranges.insert(ints[i + RANGES], start, end);
  addBlock(t, endpoint, start, end);
}

/** The block that the newest data belongs to goes first; blocks it joins become one with it (RFC 2018, section 4). */
function addBlock(t: Stack, endpoint: number, start: number, end: number): void {
  const { reals, ints } = t;
  const base = endpoint * REALS + BLOCK_START_0;
  const i = endpoint * INTS;
  const before = ints[i + BLOCKS];
  let low = start;
  let high = end;
  let kept = 0;
  for (let block = 0; block < before; block++) {
    const blockStart = reals[base + 2 * block];
    const blockEnd = reals[base + 2 * block + 1];
    if (blockStart <= high && blockEnd >= low) {
      if (blockStart < low) low = blockStart;
      if (blockEnd > high) high = blockEnd;
    } else {
      reals[base + 2 * kept] = blockStart;
      reals[base + 2 * kept + 1] = blockEnd;
      kept++;
    }
  }
  if (kept === MOST_BLOCKS) kept--;
  for (let block = kept; block > 0; block--) {
    reals[base + 2 * block] = reals[base + 2 * block - 2];
    reals[base + 2 * block + 1] = reals[base + 2 * block - 1];
  }
  reals[base] = low;
  reals[base + 1] = high;
  ints[i + BLOCKS] = kept + 1;
}

/** Data filled the first gap: what waited behind it follows, and its SACK blocks are done. */
function fillGap(t: Stack, endpoint: number): void {
  const { reals, ints, ranges } = t;
  const r = endpoint * REALS;
  const i = endpoint * INTS;
  let next = reals[r + RCV_NXT];
  let range = ints[i + RANGES];
  while (range >= 0 && ranges.start[range] <= next) {
    if (ranges.end[range] > next) next = ranges.end[range];
    range = ranges.shift(range);
  }
  ints[i + RANGES] = range;
  reals[r + RCV_NXT] = next;
  // RFC 5681, 4.2: at once when a gap is filled, wholly or in part.
  ints[i + FLAGS] |= ACK_NOW;
  const base = r + BLOCK_START_0;
  let kept = 0;
  for (let block = 0; block < ints[i + BLOCKS]; block++) {
    if (reals[base + 2 * block] < next) continue;
    reals[base + 2 * kept] = reals[base + 2 * block];
    reals[base + 2 * kept + 1] = reals[base + 2 * block + 1];
    kept++;
  }
  ints[i + BLOCKS] = kept;
}

/**
 * Whether an acknowledgement would tell of as large a window as the last one did. Where data waits to be read it would not, and
 * reading sends the acknowledgement instead (__tcp_ack_snd_check).
 */
function keepsWindow(t: Stack, endpoint: number): boolean {
  if ((t.ints[endpoint * INTS + OPTIONS] & WITH_READER_ACKS) === 0) return true;
  const { reals } = t;
  const r = endpoint * REALS;
  const window = reals[r + RCV_BUFFER] - (reals[r + RCV_NXT] - reals[r + RCV_READ]);
  return window >= reals[r + RCV_EDGE] - reals[r + RCV_WUP];
}

/** Sends an acknowledgement that is owed, or starts the time it may wait. Nothing, when data has carried it. */
export function acknowledgeArrivals(t: Stack, endpoint: number): void {
  const { reals, ints } = t;
  const r = endpoint * REALS;
  const i = endpoint * INTS;
  if ((ints[i + FLAGS] & ACK_NOW) !== 0) {
    sendAck(t, endpoint);
    return;
  }
  const unacknowledged = reals[r + RCV_NXT] - reals[r + RCV_WUP];
  if (unacknowledged === 0) return;
  const due = unacknowledged > ints[i + MSS] && keepsWindow(t, endpoint);
  if (due || (ints[i + QUICK] > 0 && ints[i + PINGPONG] === 0)) sendAck(t, endpoint);
  else if (reals[r + ACK_DEADLINE] === Number.POSITIVE_INFINITY)
    armAcknowledge(t, endpoint, t.simulator.now + reals[r + ACK_DELAY]);
}
