// An acknowledgement comes in: what it covers leaves the list of segments in flight, gives a round-trip sample, and
// moves the window (RFC 9293, 3.10.7.4; tcp_ack in net/ipv4/tcp_input.c in Linux).

import { acknowledged as controlAcknowledged, raiseWindow, setWindow } from './congestion/index.js';
import { reduce, windowLimits } from './cwnd.js';
import { inFlight } from './in-flight.js';
import { isPaced } from './pacing.js';
import { noteDelivered } from './rack.js';
import { finishSample, noteAcknowledged } from './rate-sample.js';
import { CWR, INT, INTS, OPEN, REAL, REALS, RECOVERY, TIMER_WINDOW } from './record.js';
import { alert, judgeProbe } from './recovery.js';
import { retransmitLost } from './retransmit.js';
import { sampleRtt } from './rtt.js';
import { noteReordering, takeSacks } from './scoreboard.js';
import {
  EVER_RETRANSMITTED,
  LOST,
  RETRANSMITTED,
  SACKED,
  SEGMENT_COUNT,
  SEGMENT_END,
  SEGMENT_FLAGS,
  SEGMENT_INTS,
  SEGMENT_NEXT,
  SEGMENT_REALS,
  SEGMENT_SENT,
  SEGMENT_START,
} from './segments.js';
import type { Stack } from './stack.js';
import { unlist } from './time-order.js';
import { armProbeOrRto, cancelTransmit } from './timers.js';

const { SND_UNA, SND_NXT, SND_EDGE, LAST_RTT, BYTES_ACKED, TLP_HIGH_SEQ, HIGHEST_SACK, HIGHEST_BEFORE, LATE_FROM } =
  REAL;
const { MSS, CA_STATE, PACKETS_OUT, SACKED_OUT, LOST_OUT, RETRANS_OUT, HEAD, TAIL, TIMED, RETRIES } = INT;
const { SACK_HINT, RETRANSMIT_HINT, TIMER_KIND, PROBES } = INT;

/** Takes in the acknowledgement that a packet carries. */
export function takeAcknowledgement(t: Stack, endpoint: number, packet: number): void {
  const { reals, ints, packets } = t;
  const r = endpoint * REALS;
  const i = endpoint * INTS;
  const ack = packets.acknowledged[packet];
  const una = reals[r + SND_UNA];
  if (ack < una || ack > reals[r + SND_NXT]) return;
  const advanced = ack > una;
  const edge = ack + packets.window[packet];
  const opened = edge > reals[r + SND_EDGE];
  if (opened) reals[r + SND_EDGE] = edge;
  if (ints[i + PACKETS_OUT] === 0) {
    // The answer to a window probe: either the window is open now, or the peer is alive.
    ints[i + RETRIES] = 0;
    if (opened && ints[i + TIMER_KIND] === TIMER_WINDOW) {
      ints[i + PROBES] = 0;
      cancelTransmit(t, endpoint);
    }
    return;
  }
  const sacks = packets.sackCount[packet];
  t.newlySacked = 0;
  t.newlyLost = 0;
  t.sawDuplicate = false;
  t.keepTimer = false;
  t.acknowledgement = packet;
  const paced = isPaced(t, endpoint);
  if (paced) t.sample.begin(inFlight(t, endpoint));
  if (sacks > 0 || ints[i + TIMED] !== 0)
    reals[r + HIGHEST_BEFORE] = ints[i + SACKED_OUT] > 0 ? reals[r + HIGHEST_SACK] : -1;
  if (sacks > 0) takeSacks(t, endpoint, packet);
  let delivered = t.newlySacked;
  if (advanced) {
    reals[r + SND_UNA] = ack;
    reals[r + BYTES_ACKED] += ack - una;
    ints[i + RETRIES] = 0;
    delivered += takeCumulative(t, endpoint, ack, packets.echo[packet]);
  }
  if (ints[i + TIMED] !== 0 && reals[r + LATE_FROM] !== Number.POSITIVE_INFINITY) noteReordering(t, endpoint);
  if (reals[r + TLP_HIGH_SEQ] >= 0)
    judgeProbe(t, endpoint, ack, !advanced && !opened && packets.payload[packet] === 0 && t.newlySacked === 0);
  let again = false;
  if (ints[i + CA_STATE] !== OPEN || ints[i + TIMED] !== 0 || sacks > 0)
    again = alert(t, endpoint, una, packets.echo[packet]);
  if (advanced && !t.keepTimer) armProbeOrRto(t, endpoint);
  const state = ints[i + CA_STATE];
  if (paced) {
    t.sample.delayed = delivered === 1 && reals[r + SND_UNA] - una < ints[i + MSS];
    finishSample(t, endpoint, delivered, t.newlyLost);
    setWindow(t, endpoint);
  } else if (state === CWR || state === RECOVERY) reduce(t, endpoint, delivered, advanced);
  else if (advanced && windowLimits(t, endpoint)) raiseWindow(t, endpoint, delivered);
  if (again) retransmitLost(t, endpoint);
}

/** Frees what lies below `ack`; returns the segments that had not been selectively acknowledged before. */
function takeCumulative(t: Stack, endpoint: number, ack: number, echo: number): number {
  const { reals, ints, segments } = t;
  const r = endpoint * REALS;
  const i = endpoint * INTS;
  const list = segments.ints;
  const { now } = t.simulator;
  const timed = ints[i + TIMED] !== 0;
  const paced = isPaced(t, endpoint);
  let delivered = 0;
  let firstSent = -1;
  let lastSent = -1;
  let ever = 0;
  let segment = ints[i + HEAD];
  while (segment >= 0) {
    const row = segment * SEGMENT_INTS;
    const place = segment * SEGMENT_REALS;
    const flags = list[row + SEGMENT_FLAGS];
    const end = segments.reals[place + SEGMENT_END];
    let count = list[row + SEGMENT_COUNT];
    const whole = end <= ack;
    if (!whole) {
      if (segments.reals[place + SEGMENT_START] >= ack) break;
      // A part of a super-packet: the rest stays.
      const left = Math.max(1, Math.ceil((end - ack) / ints[i + MSS]));
      segments.reals[place + SEGMENT_START] = ack;
      list[row + SEGMENT_COUNT] = Math.min(count, left);
      count -= list[row + SEGMENT_COUNT];
    }
    const sent = segments.reals[place + SEGMENT_SENT];
    ever |= flags;
    ints[i + PACKETS_OUT] -= count;
    if ((flags & RETRANSMITTED) !== 0) ints[i + RETRANS_OUT] -= count;
    if ((flags & LOST) !== 0) ints[i + LOST_OUT] -= count;
    if ((flags & SACKED) !== 0) ints[i + SACKED_OUT] -= count;
    else {
      delivered += count;
      if ((flags & EVER_RETRANSMITTED) === 0) {
        if (firstSent < 0) firstSent = sent;
        lastSent = sent;
        if (timed && end <= reals[r + HIGHEST_BEFORE] && whole) {
          const start = segments.reals[place + SEGMENT_START];
          if (start < reals[r + LATE_FROM]) reals[r + LATE_FROM] = start;
        }
      }
      if (timed) noteDelivered(t, endpoint, sent, end, (flags & EVER_RETRANSMITTED) !== 0);
      if (paced) noteAcknowledged(t, endpoint, segment);
    }
    if (!whole) break;
    const next = list[row + SEGMENT_NEXT];
    if (timed) {
      unlist(t, endpoint, segment);
      if (ints[i + SACK_HINT] === segment) ints[i + SACK_HINT] = -1;
      if (ints[i + RETRANSMIT_HINT] === segment) ints[i + RETRANSMIT_HINT] = -1;
    }
    segments.release(segment);
    segment = next;
  }
  ints[i + HEAD] = segment;
  if (segment < 0) ints[i + TAIL] = -1;
  // Karn: only what was sent once gives a sample, unless the timestamp tells which transmission it was (RFC 7323).
  if (lastSent >= 0 && (ever & EVER_RETRANSMITTED) === 0) {
    reals[r + LAST_RTT] = now - lastSent;
    if (paced) t.sample.rtt = now - lastSent;
    sampleRtt(t, endpoint, now - firstSent);
    controlAcknowledged(t, endpoint);
  } else if (echo >= 0 && delivered > 0) {
    reals[r + LAST_RTT] = now - echo;
    if (paced) t.sample.rtt = now - echo;
    sampleRtt(t, endpoint, now - echo);
  }
  return delivered;
}
