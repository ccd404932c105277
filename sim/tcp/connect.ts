// A connection's beginning and end: the rows of its two endpoints, the handshake, FIN, and giving up
// (RFC 9293, 3.5, 3.6, 3.8.3).

import { ACK, SYN } from '../packets.js';
import { initialise } from './congestion/index.js';
import { FIRST_RECEIVE_WINDOW, optionBits, type TcpOptions } from './options.js';
import { push } from './output.js';
import {
  CLOSED,
  DISCARDS,
  ENDED,
  ESTABLISHED,
  INT,
  INTS,
  REAL,
  REALS,
  SYN_RECEIVED,
  SYN_SENT,
  TIMER_HANDSHAKE,
} from './record.js';
import { sampleRtt } from './rtt.js';
import { SEGMENT_INTS, SEGMENT_NEXT } from './segments.js';
import { sendAck, sendSyn } from './send.js';
import type { Stack } from './stack.js';
import { armTransmit, cancelTransmit, FIRST_RTO } from './timers.js';

/** tcp_syn_retries and tcp_synack_retries in Linux. */
const SYN_RETRIES = 6;
const SYN_ACK_RETRIES = 5;
/** Linux before any measurement: reordering of three segments. */
const FIRST_REORDERING = 3;

const OFF = [
  REAL.TIMER_DEADLINE,
  REAL.TIMER_PENDING,
  REAL.ACK_DEADLINE,
  REAL.ACK_PENDING,
  REAL.MIN_RTT,
  REAL.LATE_FROM,
];
const NONE = [
  REAL.TS_RECENT,
  REAL.LAST_RECEIVED,
  REAL.FIN_AT,
  REAL.RETRANS_STAMP,
  REAL.UNDO_MARKER,
  REAL.TLP_HIGH_SEQ,
  REAL.RACK_TIME,
  REAL.RACK_END,
  REAL.HIGHEST_SACK,
  REAL.DSACK_START,
  REAL.RTT_SEQ,
];
const EMPTY = [
  INT.HEAD,
  INT.TAIL,
  INT.RANGES,
  INT.TIME_HEAD,
  INT.TIME_TAIL,
  INT.SACK_HINT,
  INT.RETRANSMIT_HINT,
  INT.PACED,
];

/** Fills a fresh endpoint's row. */
export function initialiseRow(t: Stack, endpoint: number, vnode: number, options: TcpOptions): void {
  const { reals, ints } = t;
  const r = endpoint * REALS;
  const i = endpoint * INTS;
  for (const field of OFF) reals[r + field] = Number.POSITIVE_INFINITY;
  for (const field of NONE) reals[r + field] = -1;
  for (const field of EMPTY) ints[i + field] = -1;
  reals[r + REAL.RTO] = FIRST_RTO;
  reals[r + REAL.MINIMUM_RTO] = options.minimumRto;
  reals[r + REAL.ACK_DELAY] = options.delayedAck;
  reals[r + REAL.SEND_BUFFER] = options.sendBuffer ?? 0;
  reals[r + REAL.RCV_BUFFER_MAX] = options.receiveWindow;
  reals[r + REAL.RCV_BUFFER] = options.receiveAutotuning
    ? Math.min(FIRST_RECEIVE_WINDOW, options.receiveWindow)
    : options.receiveWindow;
  reals[r + REAL.SPACE_BYTES] = Math.min(FIRST_RECEIVE_WINDOW, options.initialWindow * options.mss);
  reals[r + REAL.LAST_SENT] = t.simulator.now;
  reals[r + REAL.CWND_STAMP] = t.simulator.now;
  ints[i + INT.MSS] = options.mss;
  ints[i + INT.VNODE] = vnode;
  ints[i + INT.OPTIONS] = optionBits(options);
  ints[i + INT.INITIAL_WINDOW] = options.initialWindow;
  ints[i + INT.REORDERING] = FIRST_REORDERING;
  initialise(t, endpoint, options.control);
}

export function connect(t: Stack, endpoint: number): void {
  t.ints[endpoint * INTS + INT.STATE] = SYN_SENT;
  armTransmit(t, endpoint, TIMER_HANDSHAKE, t.simulator.now + FIRST_RTO);
  sendSyn(t, endpoint, false);
}

/** A SYN, or a packet for an endpoint that is not established. Returns true when the connection is established now. */
export function handshake(t: Stack, endpoint: number, packet: number): boolean {
  const { reals, ints, packets } = t;
  const r = endpoint * REALS;
  const i = endpoint * INTS;
  const flags = packets.flags[packet];
  const state = ints[i + INT.STATE];
  if ((flags & SYN) === 0) {
    if (state === SYN_RECEIVED && (flags & ACK) !== 0) {
      establish(t, endpoint, packet);
      return true;
    }
    // What is left over after the end; the peer may have missed the last acknowledgement (TIME-WAIT).
    if (state === CLOSED && reals[r + REAL.FIN_AT] >= 0 && packets.sequence[packet] < reals[r + REAL.RCV_NXT])
      sendAck(t, endpoint);
    return false;
  }
  if ((flags & ACK) === 0) {
    if (state === CLOSED && (ints[i + INT.FLAGS] & ENDED) === 0) {
      ints[i + INT.STATE] = SYN_RECEIVED;
      armTransmit(t, endpoint, TIMER_HANDSHAKE, t.simulator.now + FIRST_RTO);
    }
    if (ints[i + INT.STATE] === SYN_RECEIVED) {
      reals[r + REAL.TS_RECENT] = packets.sentAt[packet];
      reals[r + REAL.SND_EDGE] = packets.window[packet];
      sendSyn(t, endpoint, true);
    }
    return false;
  }
  if (state === ESTABLISHED) sendAck(t, endpoint);
  if (state !== SYN_SENT) return false;
  reals[r + REAL.TS_RECENT] = packets.sentAt[packet];
  establish(t, endpoint, packet);
  sendAck(t, endpoint);
  return true;
}

function establish(t: Stack, endpoint: number, packet: number): void {
  const { reals, ints, packets } = t;
  const r = endpoint * REALS;
  const i = endpoint * INTS;
  const { now } = t.simulator;
  // Twice lost is no accident: begin with one segment (tcp_init_cwnd's caller in Linux).
  if (ints[i + INT.RETRIES] > 1) ints[i + INT.CWND] = 1;
  ints[i + INT.STATE] = ESTABLISHED;
  ints[i + INT.RETRIES] = 0;
  cancelTransmit(t, endpoint);
  reals[r + REAL.SND_EDGE] = packets.acknowledged[packet] + packets.window[packet];
  reals[r + REAL.LAST_SENT] = now;
  reals[r + REAL.CWND_STAMP] = now;
  reals[r + REAL.SPACE_TIME] = now;
  const echo = packets.echo[packet];
  if (echo < 0) return;
  reals[r + REAL.LAST_RTT] = now - echo;
  sampleRtt(t, endpoint, now - echo);
}

/** The handshake's timer: SYN or SYN and ACK once more. Returns false when the retries are used up. */
export function repeatHandshake(t: Stack, endpoint: number): boolean {
  const { ints } = t;
  const i = endpoint * INTS;
  const active = ints[i + INT.STATE] === SYN_SENT;
  const retries = ++ints[i + INT.RETRIES];
  if (retries > (active ? SYN_RETRIES : SYN_ACK_RETRIES)) return false;
  armTransmit(t, endpoint, TIMER_HANDSHAKE, t.simulator.now + FIRST_RTO * (1 << retries));
  sendSyn(t, endpoint, !active);
  return true;
}

/** The application closes: what was written goes out, then FIN. */
export function queueFin(t: Stack, endpoint: number): void {
  const { ints } = t;
  const i = endpoint * INTS;
  ints[i + INT.FLAGS] |= DISCARDS;
  discard(t, endpoint);
  if (ints[i + INT.FIN_QUEUED] !== 0) return;
  ints[i + INT.FIN_QUEUED] = 1;
  push(t, endpoint);
}

/** Nobody will read: the window stays open. */
export function discard(t: Stack, endpoint: number): void {
  const r = endpoint * REALS;
  t.reals[r + REAL.RCV_READ] = Math.max(t.reals[r + REAL.RCV_READ], inOrderEnd(t, endpoint));
}

/** End of the data that came in order. */
export function inOrderEnd(t: Stack, endpoint: number): number {
  const r = endpoint * REALS;
  const next = t.reals[r + REAL.RCV_NXT];
  const fin = t.reals[r + REAL.FIN_AT];
  return fin >= 0 && next > fin ? fin : next;
}

export function peerClosed(t: Stack, endpoint: number): boolean {
  const r = endpoint * REALS;
  const fin = t.reals[r + REAL.FIN_AT];
  return fin >= 0 && t.reals[r + REAL.RCV_NXT] > fin;
}

/** The peer closed both directions: what it would not read stays unsent, and this end's FIN follows. */
export function answerFin(t: Stack, endpoint: number): void {
  const { reals, ints } = t;
  const r = endpoint * REALS;
  const i = endpoint * INTS;
  if (ints[i + INT.FIN_QUEUED] === 0) {
    reals[r + REAL.WRITTEN] = reals[r + REAL.SND_NXT];
    ints[i + INT.FIN_QUEUED] = 1;
    push(t, endpoint);
  }
}

/** Both FINs are through. */
export function finished(t: Stack, endpoint: number): boolean {
  const r = endpoint * REALS;
  return t.reals[r + REAL.SND_UNA] > t.reals[r + REAL.WRITTEN] && peerClosed(t, endpoint);
}

/** Lets go of everything the endpoint holds; it stays silent from now on. */
export function abandon(t: Stack, endpoint: number): void {
  const { reals, ints } = t;
  const i = endpoint * INTS;
  ints[i + INT.STATE] = CLOSED;
  ints[i + INT.FLAGS] |= ENDED;
  cancelTransmit(t, endpoint);
  reals[endpoint * REALS + REAL.ACK_DEADLINE] = Number.POSITIVE_INFINITY;
  let segment = ints[i + INT.HEAD];
  while (segment >= 0) {
    const next = t.segments.ints[segment * SEGMENT_INTS + SEGMENT_NEXT];
    t.segments.release(segment);
    segment = next;
  }
  for (let range = ints[i + INT.RANGES]; range >= 0; ) range = t.ranges.shift(range);
  for (const field of EMPTY) ints[i + field] = -1;
  for (const field of [INT.PACKETS_OUT, INT.SACKED_OUT, INT.LOST_OUT, INT.RETRANS_OUT, INT.TIMED, INT.BLOCKS])
    ints[i + field] = 0;
}
