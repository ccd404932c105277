// HyStart: CUBIC leaves slow start before the queue overflows, when a round's acknowledgements form a train as long
// as the path's delay, or when its first delays have grown (net/ipv4/tcp_cubic.c in Linux; RFC 9406 is its heir).

import { WITH_HYSTART } from '../options.js';
import { INT, INTS, REAL, REALS } from '../record.js';
import type { Stack } from '../stack.js';

const { SND_UNA, SND_NXT, LAST_RTT, DELAY_MIN, ROUND_START, ROUND_END, LAST_ACK, ROUND_RTT } = REAL;
const { CWND, SSTHRESH, OPTIONS, HYSTART_FOUND, HYSTART_SAMPLES } = INT;

/** Smaller windows cannot fill a queue that matters. */
const LOW_WINDOW = 16;
/** Acknowledgements closer than this belong to one train. */
const TRAIN_SPACING = 2_000_000;
/** Samples of a round before its delay is judged; the growth that counts: an eighth of the delay, 4 to 16 ms. */
const SAMPLES = 8;
const LEAST_GROWTH = 4_000_000;
const MOST_GROWTH = 16_000_000;
/** A train may be longer by what super-packets bunch up: 1 ms at most. */
const BUNCHING = 1_000_000;

export function hystart(t: Stack, endpoint: number): void {
  const { reals, ints } = t;
  const r = endpoint * REALS;
  const i = endpoint * INTS;
  const window = ints[i + CWND];
  if (ints[i + HYSTART_FOUND] !== 0 || window >= ints[i + SSTHRESH] || (ints[i + OPTIONS] & WITH_HYSTART) === 0) return;
  const { now } = t.simulator;
  if (reals[r + SND_UNA] > reals[r + ROUND_END]) {
    reals[r + ROUND_START] = now;
    reals[r + LAST_ACK] = now;
    reals[r + ROUND_END] = reals[r + SND_NXT];
    reals[r + ROUND_RTT] = Number.POSITIVE_INFINITY;
    ints[i + HYSTART_SAMPLES] = 0;
  }
  if (window < LOW_WINDOW) return;
  const least = reals[r + DELAY_MIN];
  if (now - reals[r + LAST_ACK] <= TRAIN_SPACING) {
    reals[r + LAST_ACK] = now;
    if (now - reals[r + ROUND_START] > Math.floor((least + BUNCHING) / 2)) found(t, endpoint);
  }
  const rtt = reals[r + LAST_RTT];
  if (rtt < reals[r + ROUND_RTT]) reals[r + ROUND_RTT] = rtt;
  if (ints[i + HYSTART_SAMPLES] < SAMPLES) {
    ints[i + HYSTART_SAMPLES]++;
    return;
  }
  const eighth = Math.floor(least / 8);
  const growth = eighth < LEAST_GROWTH ? LEAST_GROWTH : eighth > MOST_GROWTH ? MOST_GROWTH : eighth;
  if (reals[r + ROUND_RTT] > least + growth) found(t, endpoint);
}

function found(t: Stack, endpoint: number): void {
  const i = endpoint * INTS;
  t.ints[i + HYSTART_FOUND] = 1;
  t.ints[i + SSTHRESH] = t.ints[i + CWND];
}
