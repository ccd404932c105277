// Pacing: a packet waits until the one before it would have left at the rate that congestion control sets
// (tcp_pacing_check and tcp_update_skb_after_send in net/ipv4/tcp_output.c in Linux: TCP's own pacing, without fq).

import { PACED } from './paced.js';
import { INT, INTS } from './record.js';
import type { Stack } from './stack.js';

const { RATE, WIRE_TIME, PENDING, SENT } = PACED;
const { PACED: ROW } = INT;

/** The first segments of a connection are not paced. */
const UNPACED = 10;
const SECOND = 1e9;

/** Whether a connection's control paces it. */
export const isPaced = (t: Stack, endpoint: number): boolean => t.ints[endpoint * INTS + ROW] >= 0;

/** True while the next packet has to wait; it is sent when it no longer has. */
export function waitsForPace(t: Stack, endpoint: number): boolean {
  const { reals } = t.paced;
  const p = t.ints[endpoint * INTS + ROW];
  const at = reals[p + WIRE_TIME];
  const { now } = t.simulator;
  if (at <= now) return false;
  if (reals[p + PENDING] === Number.POSITIVE_INFINITY) {
    reals[p + PENDING] = at;
    t.simulator.schedule(at, t.heldBack, endpoint);
  }
  return true;
}

/** Whether the event that was to send what waits has come now. */
export function paceReached(t: Stack, endpoint: number): boolean {
  const { reals } = t.paced;
  const p = t.ints[endpoint * INTS + ROW];
  if (reals[p + PENDING] > t.simulator.now) return false;
  reals[p + PENDING] = Number.POSITIVE_INFINITY;
  return true;
}

/** A packet of `payload` bytes in `count` segments goes out: what comes late may catch up by half of its own time. */
export function notePaced(t: Stack, endpoint: number, payload: number, count: number): void {
  const { reals } = t.paced;
  const p = t.ints[endpoint * INTS + ROW];
  reals[p + SENT] += count;
  const before = reals[p + WIRE_TIME];
  const { now } = t.simulator;
  const at = before > now ? before : now;
  reals[p + WIRE_TIME] = at;
  const rate = reals[p + RATE];
  if (rate <= 0 || reals[p + SENT] < UNPACED) return;
  const takes = Math.floor((payload * SECOND) / rate);
  const late = at - before;
  const half = Math.floor(takes / 2);
  reals[p + WIRE_TIME] = at + takes - (late < half ? late : half);
}
