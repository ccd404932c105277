// BBR on a path with a policer: when two stretches of four rounds and more lose a fifth at nearly the same rate, that rate is
// what the path lets through, and it is kept to for 48 rounds (bbr_lt_bw_sampling in net/ipv4/tcp_bbr.c in Linux).

import { PACED } from '../paced.js';
import { INT, INTS } from '../record.js';
import type { Stack } from '../stack.js';

const { DELIVERED, DELIVERED_AT, ROUND_START, MAX_0, POLICED, POLICER_BANDWIDTH, POLICER_SAMPLING } = PACED;
const { POLICER_ROUNDS, POLICER_AT, POLICER_DELIVERED, POLICER_LOST } = PACED;
const { PACED: ROW, LOSSES, MSS } = INT;

const LEAST_ROUNDS = 4;
const MOST_ROUNDS = 4 * LEAST_ROUNDS;
/** Lost over delivered. */
const LOSS_SHARE = 50 / 256;
/** Rates are the same within an eighth, or 4 kbit/s. */
const SAME_SHARE = 1 / 8;
const SAME_BYTES = 500;
const KEPT_ROUNDS = 48;
const MILLISECOND = 1_000_000;
const SECOND = 1e9;

/** Segments a ns that the path is taken to carry: what the policer lets through, or the most of the last rounds. */
export function bandwidthOf(t: Stack, p: number): number {
  const { reals } = t.paced;
  return reals[p + POLICED] > 0 ? reals[p + POLICER_BANDWIDTH] : reals[p + MAX_0];
}

function beginStretch(t: Stack, endpoint: number): void {
  const { reals } = t.paced;
  const i = endpoint * INTS;
  const p = t.ints[i + ROW];
  reals[p + POLICER_AT] = reals[p + DELIVERED_AT];
  reals[p + POLICER_DELIVERED] = reals[p + DELIVERED];
  reals[p + POLICER_LOST] = t.ints[i + LOSSES];
  reals[p + POLICER_ROUNDS] = 0;
}

export function forgetPolicer(t: Stack, endpoint: number): void {
  const { reals } = t.paced;
  const p = t.ints[endpoint * INTS + ROW];
  reals[p + POLICER_BANDWIDTH] = 0;
  reals[p + POLICED] = 0;
  reals[p + POLICER_SAMPLING] = 0;
  beginStretch(t, endpoint);
}

/** Takes in the stack's rate sample. True when the policer has been believed for long enough, and bandwidth is to be probed for. */
export function watchForPolicer(t: Stack, endpoint: number, probing: boolean): boolean {
  const { sample } = t;
  const { reals } = t.paced;
  const i = endpoint * INTS;
  const p = t.ints[i + ROW];
  if (reals[p + POLICED] > 0) {
    if (!probing || reals[p + ROUND_START] === 0 || ++reals[p + POLICER_ROUNDS] < KEPT_ROUNDS) return false;
    forgetPolicer(t, endpoint);
    return true;
  }
  if (reals[p + POLICER_SAMPLING] === 0) {
    if (sample.losses === 0) return false;
    beginStretch(t, endpoint);
    reals[p + POLICER_SAMPLING] = 1;
  }
  if (sample.appLimited) {
    forgetPolicer(t, endpoint);
    return false;
  }
  if (reals[p + ROUND_START] > 0) reals[p + POLICER_ROUNDS]++;
  if (reals[p + POLICER_ROUNDS] < LEAST_ROUNDS) return false;
  if (reals[p + POLICER_ROUNDS] > MOST_ROUNDS) {
    forgetPolicer(t, endpoint);
    return false;
  }
  if (sample.losses > 0) endStretch(t, endpoint);
  return false;
}

function endStretch(t: Stack, endpoint: number): void {
  const { reals } = t.paced;
  const i = endpoint * INTS;
  const p = t.ints[i + ROW];
  const lost = t.ints[i + LOSSES] - reals[p + POLICER_LOST];
  const delivered = reals[p + DELIVERED] - reals[p + POLICER_DELIVERED];
  const took = reals[p + DELIVERED_AT] - reals[p + POLICER_AT];
  if (delivered <= 0 || lost < LOSS_SHARE * delivered || took < MILLISECOND) return;
  const bandwidth = delivered / took;
  const before = reals[p + POLICER_BANDWIDTH];
  const apart = Math.abs(bandwidth - before);
  if (before > 0 && (apart <= SAME_SHARE * before || apart * SECOND * t.ints[i + MSS] <= SAME_BYTES)) {
    reals[p + POLICER_BANDWIDTH] = (bandwidth + before) / 2;
    reals[p + POLICED] = 1;
    reals[p + POLICER_ROUNDS] = 0;
    return;
  }
  reals[p + POLICER_BANDWIDTH] = bandwidth;
  beginStretch(t, endpoint);
}
