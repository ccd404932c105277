// Segments in flight by time of transmission, which RACK looks through. Kept only from the first sign of disorder on:
// until then that order is the order of offsets.

import { INT, INTS } from './record.js';
import {
  LISTED,
  LOST,
  RETRANSMITTED,
  SACKED,
  SEGMENT_EARLIER,
  SEGMENT_FLAGS,
  SEGMENT_INTS,
  SEGMENT_LATER,
  SEGMENT_NEXT,
} from './segments.js';
import type { Stack } from './stack.js';

const { HEAD, TIMED, TIME_HEAD, TIME_TAIL } = INT;

/** Adds the segment as the one sent last. */
export function listByTime(t: Stack, endpoint: number, segment: number): void {
  const { ints } = t;
  const list = t.segments.ints;
  const i = endpoint * INTS;
  const row = segment * SEGMENT_INTS;
  const tail = ints[i + TIME_TAIL];
  list[row + SEGMENT_EARLIER] = tail;
  list[row + SEGMENT_LATER] = -1;
  list[row + SEGMENT_FLAGS] |= LISTED;
  if (tail < 0) ints[i + TIME_HEAD] = segment;
  else list[tail * SEGMENT_INTS + SEGMENT_LATER] = segment;
  ints[i + TIME_TAIL] = segment;
}

export function unlist(t: Stack, endpoint: number, segment: number): void {
  const { ints } = t;
  const list = t.segments.ints;
  const i = endpoint * INTS;
  const row = segment * SEGMENT_INTS;
  if ((list[row + SEGMENT_FLAGS] & LISTED) === 0) return;
  list[row + SEGMENT_FLAGS] &= ~LISTED;
  const earlier = list[row + SEGMENT_EARLIER];
  const later = list[row + SEGMENT_LATER];
  if (earlier < 0) ints[i + TIME_HEAD] = later;
  else list[earlier * SEGMENT_INTS + SEGMENT_LATER] = later;
  if (later < 0) ints[i + TIME_TAIL] = earlier;
  else list[later * SEGMENT_INTS + SEGMENT_EARLIER] = earlier;
}

/** `added`, split off the end of `segment`, was sent just after it. */
export function listAfter(t: Stack, endpoint: number, segment: number, added: number): void {
  const { ints } = t;
  const list = t.segments.ints;
  const row = segment * SEGMENT_INTS;
  if ((list[row + SEGMENT_FLAGS] & LISTED) === 0) return;
  const later = list[row + SEGMENT_LATER];
  list[added * SEGMENT_INTS + SEGMENT_EARLIER] = segment;
  list[added * SEGMENT_INTS + SEGMENT_LATER] = later;
  list[added * SEGMENT_INTS + SEGMENT_FLAGS] |= LISTED;
  list[row + SEGMENT_LATER] = added;
  if (later < 0) ints[endpoint * INTS + TIME_TAIL] = added;
  else list[later * SEGMENT_INTS + SEGMENT_EARLIER] = added;
}

/** Begins to keep the list, while offsets still are in the order of time. */
export function beginTimeOrder(t: Stack, endpoint: number): void {
  const { ints } = t;
  const list = t.segments.ints;
  const i = endpoint * INTS;
  if (ints[i + TIMED] !== 0) return;
  ints[i + TIMED] = 1;
  ints[i + TIME_HEAD] = -1;
  ints[i + TIME_TAIL] = -1;
  for (let segment = ints[i + HEAD]; segment >= 0; segment = list[segment * SEGMENT_INTS + SEGMENT_NEXT]) {
    if ((list[segment * SEGMENT_INTS + SEGMENT_FLAGS] & SACKED) === 0) listByTime(t, endpoint, segment);
  }
}

/** Stops keeping it: nothing in flight is sacked, lost or retransmitted. */
export function endTimeOrder(t: Stack, endpoint: number): void {
  const { ints } = t;
  const list = t.segments.ints;
  const i = endpoint * INTS;
  for (let segment = ints[i + TIME_HEAD]; segment >= 0; segment = list[segment * SEGMENT_INTS + SEGMENT_LATER]) {
    const row = segment * SEGMENT_INTS;
    if ((list[row + SEGMENT_FLAGS] & (SACKED | LOST | RETRANSMITTED)) !== 0)
      throw new Error('order by time given up in the middle of a recovery');
    list[row + SEGMENT_FLAGS] &= ~LISTED;
  }
  ints[i + TIMED] = 0;
}
