// Completion times as two runs can be compared by, also of runs that ended before their downloads did.

import type { RunRecord, VnodeRecord } from '../models/index.js';
import { mean } from './distribution.js';

/** Parts that a record divides a download into (`VnodeRecord.milestones`). */
export const PARTS = 32;
/** Share of the ideal twin's downloading vnodes that must have reached a part for it to be compared. */
const REACHED_BY = 0.95;
/** The vnodes of a run that download a known amount: leechers, or the receiving ends of pairs with `bytes`. */
export function downloaders(record: RunRecord): VnodeRecord[] {
  const { workload } = record.scenario;
  if (workload.kind === 'swarm') return record.vnodes.filter((vnode) => vnode.role === 'leecher' && vnode.alive);
  if (workload.kind === 'pairs' && workload.bytes !== undefined)
    return record.vnodes.filter((vnode) => vnode.role === 'server' && vnode.alive);
  return [];
}

/** Seconds of virtual time at which the vnode had `part` / 32 of its download; null when it has not yet. */
function reachedAt(vnode: VnodeRecord, part: number): number | null {
  if (part >= PARTS) return vnode.completedAt;
  return vnode.milestones[part - 1] ?? null;
}

/**
 * The highest part (1 to 32) that at least 95 % of the twins' downloading vnodes reached; 0 when there is none, as in
 * a workload that downloads no known amount or a window that is too short.
 */
export function comparablePart(twins: readonly RunRecord[]): number {
  const vnodes = twins.flatMap(downloaders);
  if (vnodes.length === 0) return 0;
  let part = PARTS;
  while (part > 0 && vnodes.filter((vnode) => reachedAt(vnode, part) !== null).length < REACHED_BY * vnodes.length)
    part--;
  return part;
}

/** Parts below which a pace cannot be told from the first pieces' hesitation. */
export const FEWEST_PARTS = 4;
/** Share of a download a second, of a run in which nothing moved, so that its times stay numbers. */
const STANDSTILL = 1e-6;

/**
 * Seconds from its start in which each downloading vnode completes. Where the run ended before, what is left is taken
 * at the run's mean pace: in a swarm those behind catch up, as others have all that they lack. (Of whole downloads of
 * 142 peers cut at 300 of 700 s, times so told had 1 % of error in the mean and in the 95th percentile, and 3 to 7 s in
 * the deviation; each peer's own pace went on would have told twice to eight times the deviation.)
 */
export function completionTimes(record: RunRecord, wholeBytes: number): number[] {
  const end = record.totals.virtualSeconds;
  const vnodes = downloaders(record);
  const pace = Math.max(STANDSTILL, mean(vnodes.map((vnode) => paceOf(vnode, end))));
  return vnodes.map((vnode) => {
    const start = vnode.startedAt ?? 0;
    if (vnode.completedAt !== null) return vnode.completedAt - start;
    return end - start + (1 - shareOf(vnode, wholeBytes)) / pace;
  });
}

/** Share of the download that the vnode has; repeated bytes may make it look like more than all of it. */
const shareOf = (vnode: VnodeRecord, wholeBytes: number): number =>
  Math.min(1, Math.max(vnode.received / wholeBytes, vnode.milestones.length / PARTS));

/** Share a second over the later half of what the vnode has; of few parts, over the whole time. */
function paceOf({ milestones, startedAt }: VnodeRecord, end: number): number {
  const reached = milestones.length;
  if (reached < FEWEST_PARTS) return reached / PARTS / Math.max(1e-9, end - (startedAt ?? 0));
  const half = Math.ceil(reached / 2);
  const seconds = (milestones[reached - 1] as number) - (milestones[half - 1] as number);
  return (reached - half) / PARTS / Math.max(1e-9, seconds);
}
