// The two timers of a connection's end. Arming and cancelling only write a deadline: an event that comes early is
// put off to the deadline of that time, so a timer that is mostly cancelled costs next to nothing.

import { WITH_RACK } from './options.js';
import { CWR, INT, INTS, OPEN, REAL, REALS, TIMER_PROBE, TIMER_REORDERING, TIMER_RTO } from './record.js';
import { SEGMENT_REALS, SEGMENT_SENT } from './segments.js';
import type { Stack } from './stack.js';

const { TIMER_DEADLINE, TIMER_PENDING, ACK_DEADLINE, ACK_PENDING, RTO, SRTT, MINIMUM_RTO } = REAL;
const { TIMER_KIND, PACKETS_OUT, SACKED_OUT, OPTIONS, CA_STATE, HEAD } = INT;

/** Two ticks of 4 ms: a probe timer's least margin (TCP_TIMEOUT_MIN at 250 Hz). */
export const TIMEOUT_MARGIN = 8_000_000;
/** TCP_RTO_MAX, and the first RTO before any sample (RFC 6298). */
export const LONGEST_RTO = 120_000_000_000;
export const FIRST_RTO = 1_000_000_000;

export function armTransmit(t: Stack, endpoint: number, kind: number, deadline: number): void {
  const { reals } = t;
  const r = endpoint * REALS;
  reals[r + TIMER_DEADLINE] = deadline;
  t.ints[endpoint * INTS + TIMER_KIND] = kind;
  if (deadline < reals[r + TIMER_PENDING]) {
    reals[r + TIMER_PENDING] = deadline;
    t.simulator.schedule(deadline, t.transmitTimer, endpoint);
  }
}

export function cancelTransmit(t: Stack, endpoint: number): void {
  t.reals[endpoint * REALS + TIMER_DEADLINE] = Number.POSITIVE_INFINITY;
  t.ints[endpoint * INTS + TIMER_KIND] = 0;
}

export function armAcknowledge(t: Stack, endpoint: number, deadline: number): void {
  const { reals } = t;
  const r = endpoint * REALS;
  reals[r + ACK_DEADLINE] = deadline;
  if (deadline < reals[r + ACK_PENDING]) {
    reals[r + ACK_PENDING] = deadline;
    t.simulator.schedule(deadline, t.acknowledgeTimer, endpoint);
  }
}

/** A timer's event came: true when the timer has run out now; otherwise it is put off, or was stale or cancelled. */
export function expired(t: Stack, endpoint: number, deadlineAt: number, pendingAt: number, kind: number): boolean {
  const { reals } = t;
  const r = endpoint * REALS;
  const now = t.simulator.now;
  if (reals[r + pendingAt] !== now) return false;
  const deadline = reals[r + deadlineAt];
  if (deadline <= now) {
    reals[r + pendingAt] = Number.POSITIVE_INFINITY;
    reals[r + deadlineAt] = Number.POSITIVE_INFINITY;
    return true;
  }
  reals[r + pendingAt] = deadline;
  if (deadline !== Number.POSITIVE_INFINITY) t.simulator.schedule(deadline, kind, endpoint);
  return false;
}

/** Restarts the retransmission timer; off when nothing is in flight (tcp_rearm_rto in Linux). */
export function armRto(t: Stack, endpoint: number): void {
  const { reals, ints } = t;
  const i = endpoint * INTS;
  if (ints[i + PACKETS_OUT] === 0) {
    cancelTransmit(t, endpoint);
    return;
  }
  const { now } = t.simulator;
  const rto = reals[endpoint * REALS + RTO];
  let deadline = now + rto;
  const kind = ints[i + TIMER_KIND];
  if (kind === TIMER_PROBE || kind === TIMER_REORDERING) {
    const fromHead = t.segments.reals[ints[i + HEAD] * SEGMENT_REALS + SEGMENT_SENT] + rto;
    deadline = fromHead > now ? fromHead : now + 1000;
  }
  armTransmit(t, endpoint, TIMER_RTO, deadline);
}

/** After new data or an acknowledgement: a tail-loss probe where one may be sent, otherwise the RTO (RFC 8985, 7.2). */
export function armProbeOrRto(t: Stack, endpoint: number): void {
  const { reals, ints } = t;
  const i = endpoint * INTS;
  const r = endpoint * REALS;
  const out = ints[i + PACKETS_OUT];
  const state = ints[i + CA_STATE];
  if (out === 0) {
    cancelTransmit(t, endpoint);
    return;
  }
  if ((ints[i + OPTIONS] & WITH_RACK) === 0 || (state !== OPEN && state !== CWR) || ints[i + SACKED_OUT] > 0) {
    armRto(t, endpoint);
    return;
  }
  const rto = reals[r + RTO];
  const srtt = reals[r + SRTT];
  let delay = FIRST_RTO;
  if (srtt > 0) {
    const twice = Math.floor(srtt / 4);
    delay = out === 1 ? twice + reals[r + MINIMUM_RTO] : twice + TIMEOUT_MARGIN;
  }
  armTransmit(t, endpoint, TIMER_PROBE, t.simulator.now + (delay < rto ? delay : rto));
}
