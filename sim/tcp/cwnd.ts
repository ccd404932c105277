// The congestion window between the controls and the wire: its use, its reduction in proportion (PRR, RFC 6937), and
// taking a reduction back (net/ipv4/tcp_input.c and tcp_output.c in Linux).

import { ownsWindow, reducedThreshold, undone } from './congestion/index.js';
import { inFlight } from './in-flight.js';
import { CWR, INFINITE, INT, INTS, OPEN, REAL, REALS } from './record.js';
import type { Stack } from './stack.js';

const { SND_UNA, SND_NXT, RTO, LAST_SENT, CWND_USAGE_SEQ, CWND_STAMP, HIGH_SEQ, UNDO_MARKER, TLP_HIGH_SEQ } = REAL;
const { CA_STATE, CWND, CWND_CNT, SSTHRESH, CWND_USED, MAX_PACKETS_OUT, CWND_LIMITED, INITIAL_WINDOW } = INT;
const { PACKETS_OUT, PRIOR_CWND, PRIOR_SSTHRESH, PRR_DELIVERED, PRR_OUT } = INT;
const { RACK_ADVANCED } = INT;

/** Begins a reduction: from here on PRR lets out in proportion to what is delivered. */
export function beginReduction(t: Stack, endpoint: number): void {
  const { reals, ints } = t;
  const r = endpoint * REALS;
  const i = endpoint * INTS;
  reals[r + HIGH_SEQ] = reals[r + SND_NXT];
  reals[r + TLP_HIGH_SEQ] = -1;
  ints[i + CWND_CNT] = 0;
  ints[i + PRIOR_CWND] = ints[i + CWND];
  ints[i + PRR_DELIVERED] = 0;
  ints[i + PRR_OUT] = 0;
  ints[i + SSTHRESH] = reducedThreshold(t, endpoint);
}

/** Congestion at the vnode's own qdisc, or a probe that was needed: reduces the window, with nothing to repair. */
export function enterReduction(t: Stack, endpoint: number): void {
  const { ints } = t;
  const i = endpoint * INTS;
  if (ints[i + CA_STATE] >= CWR) return;
  ints[i + PRIOR_SSTHRESH] = 0;
  t.reals[endpoint * REALS + UNDO_MARKER] = -1;
  beginReduction(t, endpoint);
  ints[i + CA_STATE] = CWR;
}

/** PRR: `delivered` segments left the network; `advanced`: SND_UNA moved. */
export function reduce(t: Stack, endpoint: number, delivered: number, advanced: boolean): void {
  const { ints } = t;
  const i = endpoint * INTS;
  if (delivered <= 0 || ints[i + PRIOR_CWND] === 0 || ownsWindow(t, endpoint)) return;
  const flying = inFlight(t, endpoint);
  const room = ints[i + SSTHRESH] - flying;
  const total = ints[i + PRR_DELIVERED] + delivered;
  ints[i + PRR_DELIVERED] = total;
  const out = ints[i + PRR_OUT];
  let count: number;
  if (room < 0) {
    const prior = ints[i + PRIOR_CWND];
    count = Math.floor((ints[i + SSTHRESH] * total + prior - 1) / prior) - out;
  } else {
    count = total - out > delivered ? total - out : delivered;
    if (advanced && t.newlyLost === 0) count++;
    if (count > room) count = room;
  }
  // Fast recovery's first retransmission goes out in any case.
  const least = out > 0 ? 0 : 1;
  ints[i + CWND] = flying + (count > least ? count : least);
}

/** The reduction is done: the window is the threshold. */
export function endReduction(t: Stack, endpoint: number): void {
  const { ints } = t;
  const i = endpoint * INTS;
  if (ints[i + SSTHRESH] >= INFINITE || ownsWindow(t, endpoint)) return;
  if (ints[i + CA_STATE] === CWR || t.reals[endpoint * REALS + UNDO_MARKER] >= 0) {
    ints[i + CWND] = ints[i + SSTHRESH];
    t.reals[endpoint * REALS + CWND_STAMP] = t.simulator.now;
  }
}

/** The signal was a false alarm: window and threshold as they were (RFC 4015, tcp_undo_cwnd_reduction). */
export function undoReduction(t: Stack, endpoint: number): void {
  const { reals, ints } = t;
  const i = endpoint * INTS;
  if (ints[i + PRIOR_SSTHRESH] > 0) {
    if (ints[i + PRIOR_CWND] > ints[i + CWND] && !ownsWindow(t, endpoint)) ints[i + CWND] = ints[i + PRIOR_CWND];
    if (ints[i + PRIOR_SSTHRESH] > ints[i + SSTHRESH]) ints[i + SSTHRESH] = ints[i + PRIOR_SSTHRESH];
  }
  undone(t, endpoint);
  reals[endpoint * REALS + CWND_STAMP] = t.simulator.now;
  reals[endpoint * REALS + UNDO_MARKER] = -1;
  ints[i + RACK_ADVANCED] = 1;
}

/** The threshold that stands for the present window: within a reduction the one set, otherwise at least 3/4 of it. */
export function currentThreshold(t: Stack, endpoint: number): number {
  const { ints } = t;
  const i = endpoint * INTS;
  const threshold = ints[i + SSTHRESH];
  if (ints[i + CA_STATE] >= CWR) return threshold;
  const window = ints[i + CWND];
  const kept = (window >> 1) + (window >> 2);
  return kept > threshold ? kept : threshold;
}

/** Whether the window, rather than the application, limits: only then may it grow (RFC 7661's aim, as Linux does). */
export function windowLimits(t: Stack, endpoint: number): boolean {
  const { ints } = t;
  const i = endpoint * INTS;
  if (ints[i + CWND_LIMITED] !== 0) return true;
  const window = ints[i + CWND];
  return window < ints[i + SSTHRESH] && window < 2 * ints[i + MAX_PACKETS_OUT];
}

/** After sending: remembers how much of the window was used; a window unused for an RTO decays (RFC 2861). */
export function validateWindow(t: Stack, endpoint: number, limited: boolean): void {
  const { reals, ints } = t;
  const r = endpoint * REALS;
  const i = endpoint * INTS;
  const out = ints[i + PACKETS_OUT];
  if (
    limited ||
    reals[r + SND_UNA] >= reals[r + CWND_USAGE_SEQ] ||
    (ints[i + CWND_LIMITED] === 0 && out > ints[i + MAX_PACKETS_OUT])
  ) {
    ints[i + CWND_LIMITED] = limited ? 1 : 0;
    ints[i + MAX_PACKETS_OUT] = out;
    reals[r + CWND_USAGE_SEQ] = reals[r + SND_NXT];
  }
  const { now } = t.simulator;
  if (windowLimits(t, endpoint)) {
    ints[i + CWND_USED] = 0;
    reals[r + CWND_STAMP] = now;
    return;
  }
  if (out > ints[i + CWND_USED]) ints[i + CWND_USED] = out;
  if (now - reals[r + CWND_STAMP] < reals[r + RTO]) return;
  if (ints[i + CA_STATE] === OPEN && !ownsWindow(t, endpoint)) {
    const used = Math.max(ints[i + CWND_USED], ints[i + INITIAL_WINDOW]);
    if (used < ints[i + CWND]) {
      ints[i + SSTHRESH] = currentThreshold(t, endpoint);
      ints[i + CWND] = (ints[i + CWND] + used) >> 1;
    }
    ints[i + CWND_USED] = 0;
  }
  reals[r + CWND_STAMP] = now;
}

/** Before sending with nothing in flight: each RTO of idleness halves the window, down to the initial one. */
export function restartAfterIdle(t: Stack, endpoint: number): void {
  const { reals, ints } = t;
  const r = endpoint * REALS;
  const i = endpoint * INTS;
  const rto = reals[r + RTO];
  let idle = t.simulator.now - reals[r + LAST_SENT];
  if (idle <= rto || ownsWindow(t, endpoint)) return;
  const floor = Math.min(ints[i + INITIAL_WINDOW], ints[i + CWND]);
  let window = ints[i + CWND];
  ints[i + SSTHRESH] = currentThreshold(t, endpoint);
  for (idle -= rto; idle > 0 && window > floor; idle -= rto) window >>= 1;
  ints[i + CWND] = Math.max(window, floor);
  ints[i + CWND_USED] = 0;
  reals[r + CWND_STAMP] = t.simulator.now;
}
