// RACK: a segment is lost when one sent sufficiently later has arrived (RFC 8985; net/ipv4/tcp_recovery.c in Linux).

import { INT, INTS, REAL, REALS, RECOVERY } from './record.js';
import { SEGMENT_END, SEGMENT_INTS, SEGMENT_LATER, SEGMENT_REALS, SEGMENT_SENT } from './segments.js';
import type { Stack } from './stack.js';

const { RACK_TIME, RACK_END, RACK_RTT, MIN_RTT, SRTT, PATIENCE } = REAL;
const { RACK_ADVANCED, SACKED_OUT, REORDERING, REORDER_SEEN, CA_STATE, TIME_HEAD, TIMED } = INT;

/** A segment sent at `sent` that ends at `end` has arrived. */
export function noteDelivered(t: Stack, endpoint: number, sent: number, end: number, again: boolean): void {
  const { reals } = t;
  const r = endpoint * REALS;
  const rtt = t.simulator.now - sent;
  // So soon after a retransmission it is the original that arrived.
  if (again && rtt < reals[r + MIN_RTT]) return;
  t.ints[endpoint * INTS + RACK_ADVANCED] = 1;
  reals[r + RACK_RTT] = rtt;
  const latest = reals[r + RACK_TIME];
  if (sent > latest || (sent === latest && end > reals[r + RACK_END])) {
    reals[r + RACK_TIME] = sent;
    reals[r + RACK_END] = end;
  }
}

/** How much later than its successor a segment may arrive, ns (tcp_rack_reo_wnd). */
function tolerance(t: Stack, endpoint: number): number {
  const { reals, ints } = t;
  const i = endpoint * INTS;
  if (ints[i + REORDER_SEEN] === 0) {
    // Without a sign of reordering: none once recovering, or once three segments say so.
    if (ints[i + CA_STATE] >= RECOVERY || ints[i + SACKED_OUT] >= ints[i + REORDERING]) return 0;
  }
  const r = endpoint * REALS;
  const quarter = Math.floor(reals[r + MIN_RTT] / 4);
  const srtt = Math.floor(reals[r + SRTT] / 8);
  return quarter < srtt ? quarter : srtt;
}

/**
 * The first segment in flight that counts as lost now, or -1; then PATIENCE is the time in ns until the next one
 * would, 0: none.
 */
export function overdue(t: Stack, endpoint: number): number {
  const { reals, ints, segments } = t;
  const i = endpoint * INTS;
  const r = endpoint * REALS;
  reals[r + PATIENCE] = 0;
  if (ints[i + TIMED] === 0) return -1;
  const latest = reals[r + RACK_TIME];
  const latestEnd = reals[r + RACK_END];
  const allowed = reals[r + RACK_RTT] + tolerance(t, endpoint);
  const { now } = t.simulator;
  let segment = ints[i + TIME_HEAD];
  while (segment >= 0) {
    const place = segment * SEGMENT_REALS;
    const sent = segments.reals[place + SEGMENT_SENT];
    if (sent > latest || (sent === latest && segments.reals[place + SEGMENT_END] >= latestEnd)) break;
    const left = sent + allowed - now;
    if (left <= 0) return segment;
    if (left > reals[r + PATIENCE]) reals[r + PATIENCE] = left;
    segment = segments.ints[segment * SEGMENT_INTS + SEGMENT_LATER];
  }
  return -1;
}
