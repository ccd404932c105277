// What is on its way, as the sender counts it (RFC 6675's pipe).

import { INT, INTS } from './record.js';
import type { Stack } from './stack.js';

const { PACKETS_OUT, SACKED_OUT, LOST_OUT, RETRANS_OUT } = INT;

/** Segments thought to be in the network. */
export function inFlight(t: Stack, endpoint: number): number {
  const { ints } = t;
  const i = endpoint * INTS;
  return ints[i + PACKETS_OUT] - ints[i + SACKED_OUT] - ints[i + LOST_OUT] + ints[i + RETRANS_OUT];
}
