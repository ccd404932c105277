// The SACK scoreboard: which in-flight segments have arrived, are lost, or were sent again (RFC 2018, RFC 2883,
// RFC 6675; net/ipv4/tcp_input.c in Linux).

import { isPaced } from './pacing.js';
import { noteDelivered } from './rack.js';
import { noteAcknowledged } from './rate-sample.js';
import { INT, INTS, REAL, REALS } from './record.js';
import {
  EVER_RETRANSMITTED,
  LOST,
  RETRANSMITTED,
  SACKED,
  SEGMENT_COUNT,
  SEGMENT_DELIVERED,
  SEGMENT_DELIVERED_AT,
  SEGMENT_END,
  SEGMENT_FIRST_SENT,
  SEGMENT_FLAGS,
  SEGMENT_INTS,
  SEGMENT_NEXT,
  SEGMENT_REALS,
  SEGMENT_SENT,
  SEGMENT_START,
} from './segments.js';
import type { Stack } from './stack.js';
import { beginTimeOrder, listAfter, unlist } from './time-order.js';

const { SND_UNA, SND_NXT, HIGHEST_SACK, HIGHEST_BEFORE, LATE_FROM, SEEN_START_0, UNDO_MARKER } = REAL;
const { MSS, SACKED_OUT, LOST_OUT, RETRANS_OUT, HEAD, TAIL, SACK_HINT, RETRANSMIT_HINT, SEEN } = INT;
const { UNDO_RETRANS, LOSSES, REORDERING, REORDER_SEEN } = INT;

const MOST_BLOCKS = 3;
/** net.ipv4.tcp_max_reordering. */
const MOST_REORDERING = 300;
/** Segments above a hole before it counts as lost, without RACK (RFC 5681). */
const DUPLICATE_THRESHOLD = 3;

/** Cuts a segment in two at offset `at`; returns the later part. Both keep the flags. */
export function split(t: Stack, endpoint: number, segment: number, at: number): number {
  const { ints, segments } = t;
  const i = endpoint * INTS;
  const added = segments.allocate();
  const { reals } = segments;
  const list = segments.ints;
  const row = segment * SEGMENT_INTS;
  const place = segment * SEGMENT_REALS;
  const newRow = added * SEGMENT_INTS;
  const newPlace = added * SEGMENT_REALS;
  const count = list[row + SEGMENT_COUNT];
  const mss = ints[i + MSS];
  const first = Math.min(count - 1, Math.max(1, Math.ceil((at - reals[place + SEGMENT_START]) / mss)));
  reals[newPlace + SEGMENT_START] = at;
  reals[newPlace + SEGMENT_END] = reals[place + SEGMENT_END];
  reals[newPlace + SEGMENT_SENT] = reals[place + SEGMENT_SENT];
  reals[place + SEGMENT_END] = at;
  reals[newPlace + SEGMENT_DELIVERED_AT] = reals[place + SEGMENT_DELIVERED_AT];
  reals[newPlace + SEGMENT_FIRST_SENT] = reals[place + SEGMENT_FIRST_SENT];
  list[newRow + SEGMENT_DELIVERED] = list[row + SEGMENT_DELIVERED];
  list[newRow + SEGMENT_FLAGS] = list[row + SEGMENT_FLAGS];
  list[newRow + SEGMENT_COUNT] = count - first;
  list[row + SEGMENT_COUNT] = first;
  list[newRow + SEGMENT_NEXT] = list[row + SEGMENT_NEXT];
  list[row + SEGMENT_NEXT] = added;
  if (ints[i + TAIL] === segment) ints[i + TAIL] = added;
  listAfter(t, endpoint, segment, added);
  return added;
}

/** Takes in an acknowledgement's SACK blocks. */
export function takeSacks(t: Stack, endpoint: number, packet: number): void {
  const { reals, ints, packets } = t;
  const r = endpoint * REALS;
  const i = endpoint * INTS;
  const count = packets.sackCount[packet];
  const acknowledged = packets.acknowledged[packet];
  for (let block = 0; block < count; block++) {
    const start = packets.sacks[packet + 2 * block];
    const end = packets.sacks[packet + 2 * block + 1];
    if (block === 0 && isDuplicate(t, packet, count, start, end, acknowledged)) {
      t.sawDuplicate = true;
      if (ints[i + UNDO_RETRANS] > 0 && reals[r + UNDO_MARKER] >= 0 && end > reals[r + UNDO_MARKER])
        ints[i + UNDO_RETRANS]--;
    } else if (end > reals[r + SND_UNA] && end <= reals[r + SND_NXT] && start < end) {
      takeNews(t, endpoint, start, end);
    }
  }
  const seen = count < MOST_BLOCKS ? count : MOST_BLOCKS;
  for (let k = 0; k < 2 * seen; k++) reals[r + SEEN_START_0 + k] = packets.sacks[packet + k];
  ints[i + SEEN] = seen;
}

/** RFC 2883: the first block repeats what is acknowledged already, or what the second block holds. */
function isDuplicate(
  t: Stack,
  packet: number,
  count: number,
  start: number,
  end: number,
  acknowledged: number,
): boolean {
  if (start < acknowledged) return true;
  if (count < 2) return false;
  const { sacks } = t.packets;
  return start >= sacks[packet + 2] && end <= sacks[packet + 3];
}

/** The part of a block that the SACK before did not hold. */
function takeNews(t: Stack, endpoint: number, start: number, end: number): void {
  const { reals } = t;
  const r = endpoint * REALS;
  const seen = t.ints[endpoint * INTS + SEEN];
  for (let k = 0; k < seen; k++) {
    const seenStart = reals[r + SEEN_START_0 + 2 * k];
    const seenEnd = reals[r + SEEN_START_0 + 2 * k + 1];
    if (start >= seenStart && end <= seenEnd) return;
    if (start === seenStart && end > seenEnd) {
      mark(t, endpoint, seenEnd, end);
      return;
    }
    if (end === seenEnd && start < seenStart) {
      mark(t, endpoint, start, seenStart);
      return;
    }
  }
  mark(t, endpoint, start, end);
}

/** Marks what lies in [start, end) as arrived, cutting segments at its borders. */
function mark(t: Stack, endpoint: number, start: number, end: number): void {
  const { ints, segments } = t;
  const i = endpoint * INTS;
  beginTimeOrder(t, endpoint);
  const hint = ints[i + SACK_HINT];
  let segment = hint >= 0 && segments.reals[hint * SEGMENT_REALS + SEGMENT_START] <= start ? hint : ints[i + HEAD];
  while (segment >= 0) {
    let place = segment * SEGMENT_REALS;
    if (segments.reals[place + SEGMENT_START] >= end) break;
    if (segments.reals[place + SEGMENT_END] > start) {
      if ((segments.ints[segment * SEGMENT_INTS + SEGMENT_FLAGS] & SACKED) === 0) {
        if (segments.reals[place + SEGMENT_START] < start) {
          if (segments.ints[segment * SEGMENT_INTS + SEGMENT_COUNT] === 1) return;
          segment = split(t, endpoint, segment, start);
          place = segment * SEGMENT_REALS;
        }
        if (segments.reals[place + SEGMENT_END] > end) {
          if (segments.ints[segment * SEGMENT_INTS + SEGMENT_COUNT] === 1) return;
          split(t, endpoint, segment, end);
        }
        markSacked(t, endpoint, segment);
      }
      ints[i + SACK_HINT] = segment;
    }
    segment = segments.ints[segment * SEGMENT_INTS + SEGMENT_NEXT];
  }
}

function markSacked(t: Stack, endpoint: number, segment: number): void {
  const { reals, ints, segments } = t;
  const r = endpoint * REALS;
  const i = endpoint * INTS;
  const row = segment * SEGMENT_INTS;
  const place = segment * SEGMENT_REALS;
  const flags = segments.ints[row + SEGMENT_FLAGS];
  const count = segments.ints[row + SEGMENT_COUNT];
  const end = segments.reals[place + SEGMENT_END];
  if ((flags & RETRANSMITTED) !== 0) ints[i + RETRANS_OUT] -= count;
  if ((flags & LOST) !== 0) ints[i + LOST_OUT] -= count;
  if ((flags & EVER_RETRANSMITTED) === 0 && end <= reals[r + HIGHEST_BEFORE]) {
    const start = segments.reals[place + SEGMENT_START];
    if (start < reals[r + LATE_FROM]) reals[r + LATE_FROM] = start;
  }
  if (isPaced(t, endpoint)) noteAcknowledged(t, endpoint, segment);
  unlist(t, endpoint, segment);
  segments.ints[row + SEGMENT_FLAGS] = (flags & EVER_RETRANSMITTED) | SACKED;
  ints[i + SACKED_OUT] += count;
  t.newlySacked += count;
  if (end > reals[r + HIGHEST_SACK]) reals[r + HIGHEST_SACK] = end;
  noteDelivered(t, endpoint, segments.reals[place + SEGMENT_SENT], end, (flags & EVER_RETRANSMITTED) !== 0);
}

/** Original transmissions arrived late: the path reorders, by this much at least (tcp_check_sack_reordering). */
export function noteReordering(t: Stack, endpoint: number): void {
  const { reals, ints } = t;
  const r = endpoint * REALS;
  const i = endpoint * INTS;
  const distance = reals[r + HIGHEST_SACK] - reals[r + LATE_FROM];
  reals[r + LATE_FROM] = Number.POSITIVE_INFINITY;
  if (distance <= 0) return;
  const degree = Math.ceil(distance / ints[i + MSS]);
  if (degree > ints[i + REORDERING]) ints[i + REORDERING] = Math.min(degree, MOST_REORDERING);
  ints[i + REORDER_SEEN] = 1;
}

/** Takes a segment for lost, to be sent again. */
export function markLost(t: Stack, endpoint: number, segment: number): void {
  const { ints, segments } = t;
  const i = endpoint * INTS;
  const row = segment * SEGMENT_INTS;
  const flags = segments.ints[row + SEGMENT_FLAGS];
  const count = segments.ints[row + SEGMENT_COUNT];
  if ((flags & RETRANSMITTED) !== 0) ints[i + RETRANS_OUT] -= count;
  if ((flags & LOST) === 0) ints[i + LOST_OUT] += count;
  unlist(t, endpoint, segment);
  segments.ints[row + SEGMENT_FLAGS] = (flags & EVER_RETRANSMITTED) | LOST;
  ints[i + LOSSES] += count;
  t.newlyLost += count;
  const hint = ints[i + RETRANSMIT_HINT];
  const start = segments.reals[segment * SEGMENT_REALS + SEGMENT_START];
  if (hint >= 0 && start < segments.reals[hint * SEGMENT_REALS + SEGMENT_START]) ints[i + RETRANSMIT_HINT] = segment;
}

/** Without RACK: what has three segments above it that arrived is lost (RFC 6675, IsLost). */
export function markLostByCount(t: Stack, endpoint: number): void {
  const { ints, segments } = t;
  const i = endpoint * INTS;
  const threshold = Math.max(DUPLICATE_THRESHOLD, ints[i + REORDERING]);
  let above = ints[i + SACKED_OUT];
  let segment = ints[i + HEAD];
  while (segment >= 0 && above >= threshold) {
    const row = segment * SEGMENT_INTS;
    const flags = segments.ints[row + SEGMENT_FLAGS];
    if ((flags & SACKED) !== 0) above -= segments.ints[row + SEGMENT_COUNT];
    else if ((flags & (LOST | RETRANSMITTED)) === 0) markLost(t, endpoint, segment);
    segment = segments.ints[row + SEGMENT_NEXT];
  }
}
