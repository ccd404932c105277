// The states of loss recovery: open, disorder, reduction, fast recovery, loss (tcp_fastretrans_alert, tcp_enter_loss
// and their undoing in net/ipv4/tcp_input.c; RFC 6675, RFC 3522).

import { reducedThreshold, timedOut } from './congestion/index.js';
import { beginReduction, currentThreshold, endReduction, enterReduction, undoReduction } from './cwnd.js';
import { inFlight } from './in-flight.js';
import { WITH_RACK } from './options.js';
import { overdue } from './rack.js';
import { CWR, DISORDER, INT, INTS, LOSS, OPEN, REAL, REALS, RECOVERY, TIMER_REORDERING } from './record.js';
import { markLost, markLostByCount, noteReordering } from './scoreboard.js';
import {
  LISTED,
  LOST,
  SACKED,
  SEGMENT_COUNT,
  SEGMENT_FLAGS,
  SEGMENT_INTS,
  SEGMENT_NEXT,
  SEGMENT_REALS,
  SEGMENT_SENT,
} from './segments.js';
import type { Stack } from './stack.js';
import { beginTimeOrder, endTimeOrder, insertByTime } from './time-order.js';
import { armTransmit, TIMEOUT_MARGIN } from './timers.js';

const { SND_UNA, SND_NXT, HIGH_SEQ, RETRANS_STAMP, UNDO_MARKER, TLP_HIGH_SEQ, RACK_RTT, LATE_FROM, PATIENCE } = REAL;
const { OPTIONS, CA_STATE, CWND, CWND_CNT, SSTHRESH, HEAD, SACKED_OUT, LOST_OUT, RETRANS_OUT, TIMED } = INT;
const { PRIOR_CWND, PRIOR_SSTHRESH, UNDO_RETRANS, RETRIES, RACK_ADVANCED, RETRANSMIT_HINT, TLP_RETRANS } = INT;

/** Looks for losses after news from the receiver, or when the reordering timer ran out. */
function identifyLosses(t: Stack, endpoint: number): void {
  const { ints } = t;
  const i = endpoint * INTS;
  if ((ints[i + OPTIONS] & WITH_RACK) === 0) {
    if (ints[i + SACKED_OUT] > 0) markLostByCount(t, endpoint);
    return;
  }
  if (ints[i + RACK_ADVANCED] === 0) return;
  ints[i + RACK_ADVANCED] = 0;
  detectByTime(t, endpoint);
  const patience = t.reals[endpoint * REALS + PATIENCE];
  if (patience > 0) {
    t.keepTimer = true;
    armTransmit(t, endpoint, TIMER_REORDERING, t.simulator.now + patience + TIMEOUT_MARGIN);
  }
}

function detectByTime(t: Stack, endpoint: number): void {
  let segment = overdue(t, endpoint);
  while (segment >= 0) {
    markLost(t, endpoint, segment);
    segment = overdue(t, endpoint);
  }
}

/** The reordering timer ran out. */
export function reorderingTimeout(t: Stack, endpoint: number): void {
  const i = endpoint * INTS;
  detectByTime(t, endpoint);
  if (t.ints[i + LOST_OUT] > 0 && t.ints[i + CA_STATE] < RECOVERY) enterRecovery(t, endpoint);
}

function beginUndo(t: Stack, endpoint: number): void {
  const i = endpoint * INTS;
  t.reals[endpoint * REALS + UNDO_MARKER] = t.reals[endpoint * REALS + SND_UNA];
  t.ints[i + UNDO_RETRANS] = t.ints[i + RETRANS_OUT] > 0 ? t.ints[i + RETRANS_OUT] : -1;
}

function enterRecovery(t: Stack, endpoint: number): void {
  const { ints } = t;
  const i = endpoint * INTS;
  ints[i + PRIOR_SSTHRESH] = 0;
  beginUndo(t, endpoint);
  if (ints[i + CA_STATE] !== CWR) {
    ints[i + PRIOR_SSTHRESH] = currentThreshold(t, endpoint);
    beginReduction(t, endpoint);
  }
  if (ints[i + RETRANS_OUT] === 0) t.reals[endpoint * REALS + RETRANS_STAMP] = -1;
  ints[i + CA_STATE] = RECOVERY;
}

/** A retransmission timeout: everything not known to have arrived is lost, except, with RACK, what was just sent. */
export function enterLoss(t: Stack, endpoint: number): void {
  const { reals, ints, segments } = t;
  const r = endpoint * REALS;
  const i = endpoint * INTS;
  const state = ints[i + CA_STATE];
  beginTimeOrder(t, endpoint);
  const rack = (ints[i + OPTIONS] & WITH_RACK) !== 0;
  const { now } = t.simulator;
  const head = ints[i + HEAD];
  for (let segment = head; segment >= 0; segment = segments.ints[segment * SEGMENT_INTS + SEGMENT_NEXT]) {
    const flags = segments.ints[segment * SEGMENT_INTS + SEGMENT_FLAGS];
    if ((flags & SACKED) !== 0) continue;
    const age = now - segments.reals[segment * SEGMENT_REALS + SEGMENT_SENT];
    if (rack && segment !== head && age < reals[r + RACK_RTT]) continue;
    markLost(t, endpoint, segment);
  }
  ints[i + RETRANSMIT_HINT] = -1;
  if (state <= DISORDER || reals[r + SND_UNA] >= reals[r + HIGH_SEQ] || (state === LOSS && ints[i + RETRIES] === 0)) {
    ints[i + PRIOR_SSTHRESH] = currentThreshold(t, endpoint);
    ints[i + PRIOR_CWND] = ints[i + CWND];
    ints[i + SSTHRESH] = reducedThreshold(t, endpoint);
    timedOut(t, endpoint);
    beginUndo(t, endpoint);
  }
  ints[i + CWND] = inFlight(t, endpoint) + 1;
  ints[i + CWND_CNT] = 0;
  ints[i + CA_STATE] = LOSS;
  reals[r + HIGH_SEQ] = reals[r + SND_NXT];
  reals[r + TLP_HIGH_SEQ] = -1;
}

/** Eifel (RFC 3522): what was acknowledged had been sent before the first retransmission; or all of them were in vain. */
function mayUndo(t: Stack, endpoint: number, echo: number): boolean {
  const r = endpoint * REALS;
  if (t.reals[r + UNDO_MARKER] < 0) return false;
  if (t.ints[endpoint * INTS + UNDO_RETRANS] === 0) return true;
  return echo >= 0 && t.reals[r + RETRANS_STAMP] >= 0 && echo < t.reals[r + RETRANS_STAMP];
}

/** Nothing is taken for lost any longer. */
function unmarkLost(t: Stack, endpoint: number): void {
  const { ints, segments } = t;
  const i = endpoint * INTS;
  for (let segment = ints[i + HEAD]; segment >= 0; segment = segments.ints[segment * SEGMENT_INTS + SEGMENT_NEXT]) {
    const row = segment * SEGMENT_INTS;
    const flags = segments.ints[row + SEGMENT_FLAGS];
    if ((flags & LOST) === 0) continue;
    segments.ints[row + SEGMENT_FLAGS] = flags & ~LOST;
    ints[i + LOST_OUT] -= segments.ints[row + SEGMENT_COUNT];
    if ((flags & LISTED) === 0) insertByTime(t, endpoint, segment);
  }
}

function settle(t: Stack, endpoint: number): void {
  const { ints } = t;
  const i = endpoint * INTS;
  ints[i + CA_STATE] = ints[i + SACKED_OUT] + ints[i + LOST_OUT] > 0 ? DISORDER : OPEN;
  if (ints[i + CA_STATE] === OPEN && ints[i + RETRANS_OUT] === 0) {
    t.reals[endpoint * REALS + RETRANS_STAMP] = -1;
    if (ints[i + TIMED] !== 0) endTimeOrder(t, endpoint);
    ints[i + INT.SACK_HINT] = -1;
    ints[i + RETRANSMIT_HINT] = -1;
    ints[i + INT.SEEN] = 0;
  }
}

/**
 * Something is unusual about an acknowledgement: moves between the states. `before`: SND_UNA before it. True when lost
 * segments may be sent again.
 */
export function alert(t: Stack, endpoint: number, before: number, echo: number): boolean {
  const { reals, ints } = t;
  const r = endpoint * REALS;
  const i = endpoint * INTS;
  const advanced = reals[r + SND_UNA] > before;
  if (ints[i + CA_STATE] !== OPEN && reals[r + SND_UNA] >= reals[r + HIGH_SEQ]) {
    const state = ints[i + CA_STATE];
    if (state >= RECOVERY && mayUndo(t, endpoint, echo)) {
      if (state === LOSS) unmarkLost(t, endpoint);
      undoReduction(t, endpoint);
    } else if (state === RECOVERY || (state === CWR && reals[r + SND_UNA] !== reals[r + HIGH_SEQ])) {
      endReduction(t, endpoint);
    }
    if (state !== CWR || reals[r + SND_UNA] !== reals[r + HIGH_SEQ]) {
      reals[r + UNDO_MARKER] = -1;
      settle(t, endpoint);
    }
  } else if (ints[i + CA_STATE] >= RECOVERY && advanced && mayUndo(t, endpoint, echo)) {
    // What filled the hole was late, not lost (tcp_try_undo_partial).
    reals[r + LATE_FROM] = before;
    noteReordering(t, endpoint);
    unmarkLost(t, endpoint);
    undoReduction(t, endpoint);
    settle(t, endpoint);
  }
  identifyLosses(t, endpoint);
  if (ints[i + CA_STATE] >= RECOVERY) return true;
  if (ints[i + LOST_OUT] === 0) {
    if (ints[i + CA_STATE] !== CWR) settle(t, endpoint);
    return false;
  }
  enterRecovery(t, endpoint);
  return true;
}

/** What an acknowledgement says about a tail-loss probe (RFC 8985, 7.4.2). */
export function judgeProbe(t: Stack, endpoint: number, acknowledged: number, duplicate: boolean): void {
  const { reals, ints } = t;
  const r = endpoint * REALS;
  const i = endpoint * INTS;
  const high = reals[r + TLP_HIGH_SEQ];
  if (acknowledged < high) return;
  if (ints[i + TLP_RETRANS] === 0 || t.sawDuplicate) {
    reals[r + TLP_HIGH_SEQ] = -1;
  } else if (acknowledged > high) {
    // The probe repaired a loss that nothing else will tell of.
    reals[r + TLP_HIGH_SEQ] = -1;
    if (ints[i + CA_STATE] < CWR) {
      enterReduction(t, endpoint);
      endReduction(t, endpoint);
      ints[i + CA_STATE] = OPEN;
      settle(t, endpoint);
    }
  } else if (duplicate) {
    reals[r + TLP_HIGH_SEQ] = -1;
  }
}
