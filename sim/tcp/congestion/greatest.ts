// The greatest bandwidth of the last rounds, kept as the best three of ever later parts of the window
// (lib/win_minmax.c in Linux, after Kathleen Nichols).

import { PACED } from '../paced.js';

const { MAX_ROUND_0, MAX_0, MAX_ROUND_1, MAX_1, MAX_ROUND_2, MAX_2 } = PACED;

function put(reals: Float64Array, round: number, value: number, at: number, bandwidth: number): void {
  reals[round] = at;
  reals[value] = bandwidth;
}

/** Takes in `bandwidth`, found in round `at`, into the record at `p`; MAX_0 is the greatest of `rounds` rounds. */
export function noteBandwidth(reals: Float64Array, p: number, at: number, bandwidth: number, rounds: number): void {
  if (bandwidth >= reals[p + MAX_0] || at - reals[p + MAX_ROUND_2] > rounds) {
    put(reals, p + MAX_ROUND_0, p + MAX_0, at, bandwidth);
    put(reals, p + MAX_ROUND_1, p + MAX_1, at, bandwidth);
    put(reals, p + MAX_ROUND_2, p + MAX_2, at, bandwidth);
    return;
  }
  if (bandwidth >= reals[p + MAX_1]) {
    put(reals, p + MAX_ROUND_1, p + MAX_1, at, bandwidth);
    put(reals, p + MAX_ROUND_2, p + MAX_2, at, bandwidth);
  } else if (bandwidth >= reals[p + MAX_2]) put(reals, p + MAX_ROUND_2, p + MAX_2, at, bandwidth);
  age(reals, p, at, bandwidth, rounds);
}

/** What is too old gives way, and a part of the window without a bandwidth of its own gets the newest. */
function age(reals: Float64Array, p: number, at: number, bandwidth: number, rounds: number): void {
  const shift = () => {
    put(reals, p + MAX_ROUND_0, p + MAX_0, reals[p + MAX_ROUND_1], reals[p + MAX_1]);
    put(reals, p + MAX_ROUND_1, p + MAX_1, reals[p + MAX_ROUND_2], reals[p + MAX_2]);
    put(reals, p + MAX_ROUND_2, p + MAX_2, at, bandwidth);
  };
  const since = at - reals[p + MAX_ROUND_0];
  if (since > rounds) {
    shift();
    if (at - reals[p + MAX_ROUND_0] > rounds) shift();
  } else if (reals[p + MAX_ROUND_1] === reals[p + MAX_ROUND_0] && since > rounds / 4) {
    put(reals, p + MAX_ROUND_1, p + MAX_1, at, bandwidth);
    put(reals, p + MAX_ROUND_2, p + MAX_2, at, bandwidth);
  } else if (reals[p + MAX_ROUND_2] === reals[p + MAX_ROUND_1] && since > rounds / 2)
    put(reals, p + MAX_ROUND_2, p + MAX_2, at, bandwidth);
}
