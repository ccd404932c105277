// Reno: one segment a round trip up, half down (RFC 5681; net/ipv4/tcp_cong.c in Linux).

import { INT, INTS } from '../record.js';
import type { Stack } from '../stack.js';

const { CWND, CWND_CNT } = INT;

export function reducedThreshold(t: Stack, endpoint: number): number {
  const half = t.ints[endpoint * INTS + CWND] >> 1;
  return half > 2 ? half : 2;
}

export function avoid(t: Stack, endpoint: number, acked: number): void {
  raiseEvery(t, endpoint, t.ints[endpoint * INTS + CWND], acked);
}

/** One segment more for every `interval` segments acknowledged (tcp_cong_avoid_ai). */
export function raiseEvery(t: Stack, endpoint: number, interval: number, acked: number): void {
  const { ints } = t;
  const i = endpoint * INTS;
  let count = ints[i + CWND_CNT];
  // The interval may have shrunk since the count began: that is worth one segment, not many.
  if (count >= interval) {
    count = 0;
    ints[i + CWND]++;
  }
  count += acked;
  if (count >= interval) {
    const steps = Math.floor(count / interval);
    count -= steps * interval;
    ints[i + CWND] += steps;
  }
  ints[i + CWND_CNT] = count;
}
