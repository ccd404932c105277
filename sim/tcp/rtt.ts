// Round-trip time and retransmission timeout in integer nanoseconds (RFC 6298, as Linux keeps it in
// net/ipv4/tcp_input.c tcp_rtt_estimator: the deviation's maximum of each round, and a floor under the deviation).

import { INT, INTS, REAL, REALS } from './record.js';
import type { Stack } from './stack.js';
import { LONGEST_RTO } from './timers.js';

const { SRTT, MDEV, MDEV_MAX, RTTVAR, RTT_SEQ, RTO, MIN_RTT, MINIMUM_RTO, SND_UNA, SND_NXT, LAST_RTT } = REAL;
const { VNODE } = INT;

/** Takes a sample: `rtt` of the oldest segment acknowledged, and LAST_RTT of the newest. */
export function sampleRtt(t: Stack, endpoint: number, rtt: number): void {
  const { reals } = t;
  const r = endpoint * REALS;
  const newest = reals[r + LAST_RTT];
  if (newest < reals[r + MIN_RTT]) reals[r + MIN_RTT] = newest;
  let srtt = reals[r + SRTT];
  if (srtt === 0) {
    srtt = rtt * 8;
    const floor = reals[r + MINIMUM_RTO];
    reals[r + MDEV] = rtt * 2;
    const variation = rtt * 2 > floor ? rtt * 2 : floor;
    reals[r + RTTVAR] = variation;
    reals[r + MDEV_MAX] = variation;
    reals[r + RTT_SEQ] = reals[r + SND_NXT];
  } else {
    let error = rtt - Math.floor(srtt / 8);
    srtt += error;
    let deviation = reals[r + MDEV];
    if (error < 0) {
      error = -error - Math.floor(deviation / 4);
      // A falling RTT must not inflate the timeout: the gain is 1/32 there (Linux).
      if (error > 0) error = Math.floor(error / 8);
    } else error -= Math.floor(deviation / 4);
    deviation += error;
    reals[r + MDEV] = deviation;
    if (deviation > reals[r + MDEV_MAX]) {
      reals[r + MDEV_MAX] = deviation;
      if (deviation > reals[r + RTTVAR]) reals[r + RTTVAR] = deviation;
    }
    if (reals[r + SND_UNA] > reals[r + RTT_SEQ]) {
      const highest = reals[r + MDEV_MAX];
      const variation = reals[r + RTTVAR];
      if (highest < variation) reals[r + RTTVAR] = variation - Math.floor((variation - highest) / 4);
      reals[r + RTT_SEQ] = reals[r + SND_NXT];
      reals[r + MDEV_MAX] = reals[r + MINIMUM_RTO];
    }
  }
  reals[r + SRTT] = srtt > 0 ? srtt : 1;
  t.rtt.add(t.ints[endpoint * INTS + VNODE], Math.floor(reals[r + SRTT] / 8));
  const rto = Math.floor(srtt / 8) + reals[r + RTTVAR];
  reals[r + RTO] = rto < LONGEST_RTO ? rto : LONGEST_RTO;
}
