// How many block requests a client keeps outstanding on one connection.

import type { ClientProfile } from './client.js';
import { BLOCK } from './torrent.js';

const SECOND = 1e9;

/**
 * Enough blocks for `queueTime` at the connection's rate (libtorrent's request_queue_time), within the client's
 * bounds. `rate`: bytes a second.
 */
export function depthForRate(client: ClientProfile, rate: number): number {
  const wanted = Math.floor((client.queueTime / SECOND) * (rate / BLOCK));
  if (wanted < client.minimumRequests) return client.minimumRequests;
  return wanted > client.maximumRequests ? client.maximumRequests : wanted;
}

/** Blocks that are asked of a new connection under `slow-start` (libtorrent 2.0, peer_connection.cpp). */
export const SLOW_START_DEPTH = 4;

/** Slow start is over when a second brings no more bytes than the one before and this (libtorrent 2.0, second_tick). */
const SLOW_START_SLACK = 5000;

export function slowStartEnds(bytesBefore: number, bytes: number): boolean {
  return bytesBefore > 0 && bytesBefore + SLOW_START_SLACK >= bytes;
}

/**
 * aria2's rule (DefaultBtInteractive): when one reading brought at least a quarter of what may be outstanding, twice
 * as much may be from then on.
 */
export function depthAfterReading(client: ClientProfile, depth: number, arrived: number): number {
  if (arrived * 4 < depth) return depth;
  return depth * 2 > client.maximumRequests ? client.maximumRequests : depth * 2;
}
