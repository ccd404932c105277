// Acknowledgements that come aggregated: how much more than the bandwidth explains, so that the window has room for it
// (bbr_update_ack_aggregation in net/ipv4/tcp_bbr.c in Linux).

import { PACED } from '../paced.js';
import { INT, INTS } from '../record.js';
import type { Stack } from '../stack.js';
import { bandwidthOf } from './policer.js';

const { DELIVERED_AT, ROUND_START, FULL, EPOCH_AT, EPOCH_ACKED, EXTRA_0, EXTRA_1, EXTRA_WINDOW, EXTRA_ROUNDS } = PACED;
const { PACED: ROW, CWND } = INT;

/** The most of so many rounds, twice, and no more than so much time carries, ns. */
const EXTRA_WINDOW_ROUNDS = 5;
const EXTRA_TIME = 100_000_000;
const EPOCH_MOST = 1 << 20;

/** Takes in the stack's rate sample. */
export function noteAggregation(t: Stack, endpoint: number): void {
  const { sample } = t;
  const { reals } = t.paced;
  const i = endpoint * INTS;
  const p = t.ints[i + ROW];
  if (sample.acked <= 0 || sample.delivered < 0 || sample.interval <= 0) return;
  if (reals[p + ROUND_START] > 0 && ++reals[p + EXTRA_ROUNDS] >= EXTRA_WINDOW_ROUNDS) {
    reals[p + EXTRA_ROUNDS] = 0;
    reals[p + EXTRA_WINDOW] = 1 - reals[p + EXTRA_WINDOW];
    reals[p + EXTRA_0 + reals[p + EXTRA_WINDOW]] = 0;
  }
  let expected = Math.floor(bandwidthOf(t, p) * (reals[p + DELIVERED_AT] - reals[p + EPOCH_AT]));
  if (reals[p + EPOCH_ACKED] <= expected || reals[p + EPOCH_ACKED] + sample.acked >= EPOCH_MOST) {
    reals[p + EPOCH_ACKED] = 0;
    reals[p + EPOCH_AT] = reals[p + DELIVERED_AT];
    expected = 0;
  }
  reals[p + EPOCH_ACKED] = Math.min(EPOCH_MOST - 1, reals[p + EPOCH_ACKED] + sample.acked);
  const extra = Math.min(t.ints[i + CWND], reals[p + EPOCH_ACKED] - expected);
  const place = p + EXTRA_0 + reals[p + EXTRA_WINDOW];
  if (extra > reals[place]) reals[place] = extra;
}

/** Segments by which the window is larger for it. */
export function extraWindow(t: Stack, p: number): number {
  const { reals } = t.paced;
  if (reals[p + FULL] === 0) return 0;
  const most = Math.floor(bandwidthOf(t, p) * EXTRA_TIME);
  return Math.min(most, Math.max(reals[p + EXTRA_0], reals[p + EXTRA_1]));
}
