// LEDBAT, as uTP has it (RFC 6817; BEP 29; utp_stream.cpp of libtorrent 2.0): the window grows while one-way delay is below
// a target and shrinks above it, and a loss halves it once a round.

import { INT, INTS, REAL, REALS } from '../record.js';
import type { Stack } from '../stack.js';

const { DELAY_MIN } = REAL;
const { CWND, SSTHRESH, MSS, PACKETS_OUT, LEDBAT_BYTES } = INT;

/** ns of queueing that it aims at (utp_target_delay). */
const TARGET = 100_000_000;
/** Bytes a round by which the window grows at the most (utp_gain_factor). */
const GAIN = 3000;

export function initialise(t: Stack, endpoint: number): void {
  t.reals[endpoint * REALS + DELAY_MIN] = 0;
  t.ints[endpoint * INTS + LEDBAT_BYTES] = 0;
}

export function reducedThreshold(t: Stack, endpoint: number): number {
  return Math.max(1, t.ints[endpoint * INTS + CWND] >> 1);
}

/** ns of queueing on the way of the data that is being acknowledged, as its receiver saw it, above the least so far. */
function queueing({ reals, packets, acknowledgement }: Stack, endpoint: number): number {
  const r = endpoint * REALS;
  const echo = packets.echo[acknowledgement];
  if (echo < 0) return 0;
  const delay = packets.sentAt[acknowledgement] - echo;
  const least = reals[r + DELAY_MIN];
  if (least === 0 || delay < least) reals[r + DELAY_MIN] = delay;
  return delay - reals[r + DELAY_MIN];
}

/** Slow start ends where delay reaches the target. */
export function acknowledged(t: Stack, endpoint: number): void {
  const { ints } = t;
  const i = endpoint * INTS;
  const delay = queueing(t, endpoint);
  if (ints[i + CWND] < ints[i + SSTHRESH] && delay >= TARGET) ints[i + SSTHRESH] = reducedThreshold(t, endpoint);
}

/** `acked` segments move the window by their share of a round's gain, towards the target. */
export function avoid(t: Stack, endpoint: number, acked: number): void {
  const { ints } = t;
  const i = endpoint * INTS;
  const share = acked / (ints[i + PACKETS_OUT] + acked);
  const offTarget = (TARGET - queueing(t, endpoint)) / TARGET;
  const bytes = ints[i + LEDBAT_BYTES] + Math.round(GAIN * share * offTarget);
  const segments = Math.trunc(bytes / ints[i + MSS]);
  ints[i + LEDBAT_BYTES] = bytes - segments * ints[i + MSS];
  ints[i + CWND] = Math.max(1, ints[i + CWND] + segments);
}
