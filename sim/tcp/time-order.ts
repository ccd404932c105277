// Segments in flight by time of transmission, which RACK looks through. Kept only from the first sign of disorder on:
// until then that order is the order of offsets.

import { INT, INTS } from './record.js';
import {
  APP_LIMITED_WHEN_SENT,
  LISTED,
  SACKED,
  SEGMENT_EARLIER,
  SEGMENT_FLAGS,
  SEGMENT_INTS,
  SEGMENT_LATER,
  SEGMENT_NEXT,
  SEGMENT_REALS,
  SEGMENT_SENT,
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

/** Adds a segment where its last transmission belongs. */
export function insertByTime(t: Stack, endpoint: number, segment: number): void {
  const { ints, segments } = t;
  const i = endpoint * INTS;
  const list = segments.ints;
  const sent = segments.reals[segment * SEGMENT_REALS + SEGMENT_SENT];
  let earlier = ints[i + TIME_TAIL];
  while (earlier >= 0 && segments.reals[earlier * SEGMENT_REALS + SEGMENT_SENT] > sent)
    earlier = list[earlier * SEGMENT_INTS + SEGMENT_EARLIER];
  const later = earlier < 0 ? ints[i + TIME_HEAD] : list[earlier * SEGMENT_INTS + SEGMENT_LATER];
  const row = segment * SEGMENT_INTS;
  list[row + SEGMENT_EARLIER] = earlier;
  list[row + SEGMENT_LATER] = later;
  list[row + SEGMENT_FLAGS] |= LISTED;
  if (earlier < 0) ints[i + TIME_HEAD] = segment;
  else list[earlier * SEGMENT_INTS + SEGMENT_LATER] = segment;
  if (later < 0) ints[i + TIME_TAIL] = segment;
  else list[later * SEGMENT_INTS + SEGMENT_EARLIER] = segment;
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

/** Stops keeping it, if offsets are in the order of time again: nothing in flight is sacked, lost or was sent again. */
export function endTimeOrder(t: Stack, endpoint: number): void {
  const { ints } = t;
  const list = t.segments.ints;
  const i = endpoint * INTS;
  const head = ints[i + TIME_HEAD];
  for (let segment = head; segment >= 0; segment = list[segment * SEGMENT_INTS + SEGMENT_LATER]) {
    if ((list[segment * SEGMENT_INTS + SEGMENT_FLAGS] & ~(LISTED | APP_LIMITED_WHEN_SENT)) !== 0) return;
  }
  for (let segment = head; segment >= 0; segment = list[segment * SEGMENT_INTS + SEGMENT_LATER])
    list[segment * SEGMENT_INTS + SEGMENT_FLAGS] &= ~LISTED;
  ints[i + TIMED] = 0;
}
