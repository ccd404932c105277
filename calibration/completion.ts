// Completion times as two runs can be compared by: from the part of the download that enough ideal peers reached.

import type { RunRecord, VnodeRecord } from '../models/index.js';

/** Parts that a record divides a download into (`VnodeRecord.milestones`). */
export const PARTS = 32;
/** Share of the ideal twin's downloading vnodes that must have reached a part for it to be compared. */
const REACHED_BY = 0.95;
/** Of a download, credited to a vnode that has nothing yet, so that its time stays a number. */
const LEAST_SHARE = 1 / (4 * PARTS);

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
const FEWEST_PARTS = 4;

/**
 * Seconds from its start in which each downloading vnode completes. Where the run ended before, the rest is taken at
 * the pace of the last half of what was compared: the first pieces of a swarm come late by chance, and by chance only.
 */
export function completionTimes(record: RunRecord, part: number, wholeBytes: number): number[] {
  const times = timesToPart(record, part, wholeBytes);
  if (part >= PARTS || part < FEWEST_PARTS) return times;
  const half = Math.ceil(part / 2);
  const before = timesToPart(record, half, wholeBytes);
  return times.map((time, i) => time + ((PARTS - part) * (time - (before[i] as number))) / (part - half));
}

/** Seconds from its start to `part` / 32; one that did not get there is counted with its own mean rate so far. */
function timesToPart(record: RunRecord, part: number, wholeBytes: number): number[] {
  const end = record.totals.virtualSeconds;
  return downloaders(record).map((vnode) => {
    const start = vnode.startedAt ?? 0;
    const reached = reachedAt(vnode, part);
    if (reached !== null) return reached - start;
    const share = Math.max(vnode.received / wholeBytes, vnode.milestones.length / PARTS, LEAST_SHARE);
    // Short of the part by definition, whatever rounding says: never earlier than the end of the run.
    return Math.max((end - start) * (part / PARTS / share), end - start);
  });
}
