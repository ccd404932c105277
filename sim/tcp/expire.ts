// Timers run out: retransmission timeout, tail-loss probe, reordering, closed window, handshake
// (RFC 6298, 5; RFC 8985, 7.3; RFC 9293, 3.8.6.1; net/ipv4/tcp_timer.c in Linux).

import { repeatHandshake } from './connect.js';
import { reduce } from './cwnd.js';
import { WITH_SMALL_QUEUES } from './options.js';
import { push } from './output.js';
import {
  INT,
  INTS,
  LOSS,
  REAL,
  REALS,
  RECOVERY,
  TIMER_HANDSHAKE,
  TIMER_PROBE,
  TIMER_REORDERING,
  TIMER_RTO,
  TIMER_WINDOW,
} from './record.js';
import { enterLoss, reorderingTimeout } from './recovery.js';
import { retransmit, retransmitLost } from './retransmit.js';
import { split } from './scoreboard.js';
import { SACKED, SEGMENT_COUNT, SEGMENT_FLAGS, SEGMENT_INTS, SEGMENT_REALS, SEGMENT_START } from './segments.js';
import { sendWindowProbe } from './send.js';
import type { Stack } from './stack.js';
import { armRto, armTransmit, LONGEST_RTO } from './timers.js';

const { RTO, SND_NXT, SND_EDGE, WRITTEN, TLP_HIGH_SEQ } = REAL;
const { TIMER_KIND, RETRIES, PROBES, PACKETS_OUT, HEAD, TAIL, MSS, TLP_RETRANS, OPTIONS, QDISC_BYTES, CA_STATE } = INT;

/** tcp_retries2 in Linux. */
const MOST_RETRIES = 15;
/** TCP_RESOURCE_PROBE_INTERVAL: after the own qdisc refused a retransmission. */
const LOCAL_RETRY = 500_000_000;

/** The transmit timer ran out. Returns false when the connection is to be given up. */
export function transmitExpired(t: Stack, endpoint: number): boolean {
  const i = endpoint * INTS;
  const kind = t.ints[i + TIMER_KIND];
  t.ints[i + TIMER_KIND] = 0;
  switch (kind) {
    case TIMER_RTO:
      return retransmissionTimeout(t, endpoint);
    case TIMER_PROBE:
      probeTail(t, endpoint);
      return true;
    case TIMER_REORDERING:
      checkReordering(t, endpoint);
      return true;
    case TIMER_WINDOW:
      return probeWindow(t, endpoint);
    case TIMER_HANDSHAKE:
      return repeatHandshake(t, endpoint);
    default:
      throw new Error(`transmit timer of unknown kind ${kind}`);
  }
}

function retransmissionTimeout(t: Stack, endpoint: number): boolean {
  const { reals, ints } = t;
  const r = endpoint * REALS;
  const i = endpoint * INTS;
  if (ints[i + PACKETS_OUT] === 0) return true;
  if (ints[i + RETRIES] >= MOST_RETRIES) return false;
  enterLoss(t, endpoint);
  const { now } = t.simulator;
  if (!retransmit(t, endpoint, ints[i + HEAD], 1)) {
    armTransmit(t, endpoint, TIMER_RTO, now + Math.min(reals[r + RTO], LOCAL_RETRY));
    return true;
  }
  ints[i + RETRIES]++;
  reals[r + RTO] = Math.min(2 * reals[r + RTO], LONGEST_RTO);
  armTransmit(t, endpoint, TIMER_RTO, now + reals[r + RTO]);
  return true;
}

/** A tail-loss probe: new data if there is some, otherwise the last segment once more. */
function probeTail(t: Stack, endpoint: number): void {
  const { reals, ints, segments } = t;
  const r = endpoint * REALS;
  const i = endpoint * INTS;
  if (ints[i + PACKETS_OUT] > 0 && reals[r + TLP_HIGH_SEQ] < 0) {
    const waits = (ints[i + OPTIONS] & WITH_SMALL_QUEUES) !== 0 && ints[i + QDISC_BYTES] > 0;
    let probed = push(t, endpoint, true) > 0;
    if (probed) ints[i + TLP_RETRANS] = 0;
    else if (!waits) {
      let tail = ints[i + TAIL];
      const count = segments.ints[tail * SEGMENT_INTS + SEGMENT_COUNT];
      if ((segments.ints[tail * SEGMENT_INTS + SEGMENT_FLAGS] & SACKED) === 0) {
        const start = segments.reals[tail * SEGMENT_REALS + SEGMENT_START];
        if (count > 1) tail = split(t, endpoint, tail, start + (count - 1) * ints[i + MSS]);
        probed = retransmit(t, endpoint, tail, 1);
        if (probed) ints[i + TLP_RETRANS] = 1;
      }
    }
    if (probed) reals[r + TLP_HIGH_SEQ] = reals[r + SND_NXT];
  }
  armRto(t, endpoint);
}

function checkReordering(t: Stack, endpoint: number): void {
  const { ints } = t;
  const i = endpoint * INTS;
  const before = ints[i + CA_STATE];
  reorderingTimeout(t, endpoint);
  if (before < RECOVERY && ints[i + CA_STATE] === RECOVERY) reduce(t, endpoint, 1, false);
  if (ints[i + CA_STATE] === RECOVERY || ints[i + CA_STATE] === LOSS) retransmitLost(t, endpoint);
  if (ints[i + TIMER_KIND] === 0) armRto(t, endpoint);
}

/** Nothing in flight: the peer's window is closed, or the own qdisc was full. */
function probeWindow(t: Stack, endpoint: number): boolean {
  const { reals, ints } = t;
  const r = endpoint * REALS;
  const i = endpoint * INTS;
  if (push(t, endpoint) > 0 || ints[i + PACKETS_OUT] > 0) return true;
  if (ints[i + RETRIES] >= MOST_RETRIES) return false;
  const unsent = reals[r + WRITTEN] - reals[r + SND_NXT];
  if (reals[r + SND_EDGE] - reals[r + SND_NXT] < Math.min(unsent, ints[i + MSS])) sendWindowProbe(t, endpoint);
  const backoff = reals[r + RTO] * (1 << Math.min(ints[i + PROBES], MOST_RETRIES));
  ints[i + RETRIES]++;
  ints[i + PROBES]++;
  armTransmit(t, endpoint, TIMER_WINDOW, t.simulator.now + Math.min(backoff, LONGEST_RTO));
  return true;
}
