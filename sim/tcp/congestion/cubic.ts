// CUBIC: the window follows a cubic curve around the size at which the last loss came (RFC 9438;
// net/ipv4/tcp_cubic.c in Linux), in integers: windows in segments, the curve's time in milliseconds.

import { INT, INTS, REAL, REALS } from '../record.js';
import type { Stack } from '../stack.js';
import { hystart } from './hystart.js';
import { cubeRoot } from './integer-root.js';
import { raiseEvery } from './reno.js';

const { EPOCH, CUBIC_TIME, DELAY_MIN, K, LAST_SENT, LAST_RTT, ROUND_END } = REAL;
const { CWND, CUBIC_CNT, CUBIC_ACKED, CUBIC_CWND, CUBIC_RENO, CUBIC_MAX, CUBIC_ORIGIN, HYSTART_FOUND } = INT;

/** The window is cut to 717/1024 = 0.7 of itself. */
const BETA = 717;
const BETA_SCALE = 1024;
/** C = 0.4 segments per second cubed: 1 / C in ms^3 per segment. */
const CUBE_PER_SEGMENT = 2_500_000_000;
/** Beyond 200 s from the plateau the curve's cube would leave the exact integers. */
const LONGEST_OFFSET = 200_000;
/** Segments acknowledged for each segment that Reno with the same loss response would grow, in eighths of a window. */
const RENO_EIGHTHS = Math.floor((8 * (BETA_SCALE + BETA)) / 3 / (BETA_SCALE - BETA));
/** While the window stands still, the curve is looked at every 1/32 s. */
const UPDATE_INTERVAL = 31_250_000;
/** For 1 s after a loss the delay still shows the queue that overflowed. */
const DELAY_BLACKOUT = 1_000_000_000;
const MILLISECOND = 1_000_000;

export function initialise(t: Stack, endpoint: number): void {
  const r = endpoint * REALS;
  const i = endpoint * INTS;
  t.reals[r + EPOCH] = -1;
  t.reals[r + CUBIC_TIME] = -1;
  t.reals[r + DELAY_MIN] = 0;
  t.reals[r + K] = 0;
  t.reals[r + ROUND_END] = -1;
  for (const field of [CUBIC_CNT, CUBIC_ACKED, CUBIC_CWND, CUBIC_RENO, CUBIC_MAX, CUBIC_ORIGIN, HYSTART_FOUND])
    t.ints[i + field] = 0;
}

export function reducedThreshold(t: Stack, endpoint: number): number {
  const { ints } = t;
  const i = endpoint * INTS;
  const window = ints[i + CWND];
  t.reals[endpoint * REALS + EPOCH] = -1;
  // Fast convergence: a flow that lost before it regained its window gives way to newer ones.
  ints[i + CUBIC_MAX] =
    window < ints[i + CUBIC_MAX] ? Math.floor((window * (BETA_SCALE + BETA)) / (2 * BETA_SCALE)) : window;
  const reduced = Math.floor((window * BETA) / BETA_SCALE);
  return reduced > 2 ? reduced : 2;
}

export function acknowledged(t: Stack, endpoint: number): void {
  const { reals } = t;
  const r = endpoint * REALS;
  const epoch = reals[r + EPOCH];
  if (epoch >= 0 && t.simulator.now - epoch < DELAY_BLACKOUT) return;
  const rtt = reals[r + LAST_RTT];
  const least = reals[r + DELAY_MIN];
  if (least === 0 || rtt < least) reals[r + DELAY_MIN] = rtt > 0 ? rtt : 1;
  hystart(t, endpoint);
}

/** An idle time does not count on the curve (CA_EVENT_TX_START). */
export function sendingAgain(t: Stack, endpoint: number): void {
  const { reals } = t;
  const r = endpoint * REALS;
  const { now } = t.simulator;
  if (reals[r + EPOCH] < 0 || now <= reals[r + LAST_SENT]) return;
  const shifted = reals[r + EPOCH] + now - reals[r + LAST_SENT];
  reals[r + EPOCH] = shifted < now ? shifted : now;
}

export function avoid(t: Stack, endpoint: number, acked: number): void {
  const { ints } = t;
  update(t, endpoint, acked);
  raiseEvery(t, endpoint, ints[endpoint * INTS + CUBIC_CNT], acked);
}

/** Sets CUBIC_CNT: how many segments acknowledged raise the window by one. */
function update(t: Stack, endpoint: number, acked: number): void {
  const { reals, ints } = t;
  const r = endpoint * REALS;
  const i = endpoint * INTS;
  const { now } = t.simulator;
  const window = ints[i + CWND];
  ints[i + CUBIC_ACKED] += acked;
  if (ints[i + CUBIC_CWND] === window && now - reals[r + CUBIC_TIME] <= UPDATE_INTERVAL) return;
  if (reals[r + EPOCH] < 0 || now !== reals[r + CUBIC_TIME]) {
    ints[i + CUBIC_CWND] = window;
    reals[r + CUBIC_TIME] = now;
    if (reals[r + EPOCH] < 0) startEpoch(t, endpoint, acked);
    ints[i + CUBIC_CNT] = curveInterval(t, endpoint, window);
  }
  const interval = renoFriendly(t, endpoint, window, ints[i + CUBIC_CNT]);
  ints[i + CUBIC_CNT] = interval > 2 ? interval : 2;
}

function startEpoch(t: Stack, endpoint: number, acked: number): void {
  const { reals, ints } = t;
  const r = endpoint * REALS;
  const i = endpoint * INTS;
  const window = ints[i + CWND];
  const missing = ints[i + CUBIC_MAX] - window;
  reals[r + EPOCH] = t.simulator.now;
  ints[i + CUBIC_ACKED] = acked;
  ints[i + CUBIC_RENO] = window;
  reals[r + K] = missing > 0 ? cubeRoot(missing * CUBE_PER_SEGMENT) : 0;
  ints[i + CUBIC_ORIGIN] = missing > 0 ? ints[i + CUBIC_MAX] : window;
}

/** From where the curve will be one round trip from now. */
function curveInterval(t: Stack, endpoint: number, window: number): number {
  const { reals, ints } = t;
  const r = endpoint * REALS;
  const i = endpoint * INTS;
  const elapsed = Math.floor((t.simulator.now + reals[r + DELAY_MIN] - reals[r + EPOCH]) / MILLISECOND);
  const plateau = reals[r + K];
  let offset = elapsed < plateau ? plateau - elapsed : elapsed - plateau;
  if (offset > LONGEST_OFFSET) offset = LONGEST_OFFSET;
  const distance = Math.floor((offset * offset * offset) / CUBE_PER_SEGMENT);
  const target = elapsed < plateau ? ints[i + CUBIC_ORIGIN] - distance : ints[i + CUBIC_ORIGIN] + distance;
  const interval = target > window ? Math.floor(window / (target - window)) : 100 * window;
  // Before any loss the curve says nothing: grow by 5 % a round trip at least.
  return ints[i + CUBIC_MAX] === 0 && interval > 20 ? 20 : interval;
}

/** Where Reno would be ahead of the curve, CUBIC keeps up with it. */
function renoFriendly(t: Stack, endpoint: number, window: number, interval: number): number {
  const { ints } = t;
  const i = endpoint * INTS;
  const perSegment = (window * RENO_EIGHTHS) >> 3;
  while (ints[i + CUBIC_ACKED] > perSegment) {
    ints[i + CUBIC_ACKED] -= perSegment;
    ints[i + CUBIC_RENO]++;
  }
  const ahead = ints[i + CUBIC_RENO] - window;
  if (ahead <= 0) return interval;
  const most = Math.floor(window / ahead);
  return most < interval ? most : interval;
}
