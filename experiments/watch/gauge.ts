// Gauges: how much of each limit a running range uses, where that is a risk, and where fidelity is lost.

import type { Outlook } from '../../emu/index.js';
import { count, percent, scaled } from '../wording.js';

export type GaugeId = 'cpu' | 'memory' | 'neighbour-table';

export interface Reading {
  readonly id: GaugeId;
  /** 1: all there is. */
  readonly share: number;
  /** From here on it is a risk, and from here on fidelity is lost; null: that it is full does not tell. */
  readonly risk: number;
  readonly lost: number | null;
  /** As people read it. */
  readonly words: string;
  readonly remedy: string;
}

/** Shares of CPU capacity where a range begins to be at risk, and where it is faithful no more. */
export interface CpuBounds {
  readonly risk: number;
  /** Null: not known. */
  readonly lost: number | null;
}

/**
 * Where no plan says better. The wait for a core that is busy for a share b of the time grows with b / (1 - b): fivefold
 * from 0.8 to 0.95. Where fidelity ends differs: pairs on full cores were seen to get all that their links allow, in
 * larger bursts, and others two thirds of it.
 */
export const usualCpuBounds: CpuBounds = { risk: 0.8, lost: null };

/** The kernel forces collections from gc_thresh2 on, half of the table untouched (net/core/neighbour.c). */
const NEIGHBOURS_RISK = 0.5;
/** With less than this share available the kernel reclaims in the path of who allocates (mm/vmscan.c, assumed). */
const MEMORY_RISK = 0.85;
const MEMORY_LOST = 0.97;

/** Needs two looks: CPU is what was taken between them. */
export function readings(from: Outlook, to: Outlook, cpu: CpuBounds): Reading[] {
  const wall = (to.at - from.at) * to.cores;
  const taken = Math.min(1, Math.max(0, 1 - (to.spareSeconds - from.spareSeconds) / wall));
  const used = to.memoryTotal - to.memoryAvailable;
  const { entries, holds } = to.neighbours;
  return [
    {
      id: 'cpu',
      share: taken,
      ...cpu,
      words: `CPU ${percent(taken, 0)}`,
      remedy: 'fewer vnodes on this host, lower rates, or a larger burst (link.burst)',
    },
    {
      id: 'memory',
      share: used / to.memoryTotal,
      risk: MEMORY_RISK,
      lost: MEMORY_LOST,
      words: `memory ${scaled(used, 'B')} of ${scaled(to.memoryTotal, 'B')}`,
      remedy: 'fewer vnodes on this host, or more memory',
    },
    {
      id: 'neighbour-table',
      share: holds > 0 ? entries / holds : 0,
      risk: NEIGHBOURS_RISK,
      // The entries told include those that the kernel does not hold against the threshold (gc_entries): refusals tell.
      lost: null,
      words: `neighbour table ${count(entries)} of ${count(holds)}`,
      remedy: neighbourRemedy(Math.max(holds, to.containers * (to.containers - 1))),
    },
  ];
}

/** For a full mesh, with as much again to spare. */
function neighbourRemedy(entries: number): string {
  let size = 1024;
  while (size < 2 * entries) size *= 2;
  const levels = [size / 8, size / 2, size].map((value, i) => `net.ipv4.neigh.default.gc_thresh${i + 1}=${value}`);
  return `sysctl -w ${levels.join(' ')}`;
}

/** What has happened between two looks that no faithful range has; one line each. */
export function losses(from: Outlook, to: Outlook): { id: string; words: string }[] {
  const found: { id: string; words: string }[] = [];
  const overflows = to.neighbours.overflows - from.neighbours.overflows;
  if (overflows > 0)
    found.push({ id: 'neighbour-table', words: `the neighbour table was full ${count(overflows)} times` });
  const drops = to.backlogDrops - from.backlogDrops;
  if (drops > 0) found.push({ id: 'backlog', words: `${count(drops)} packets met a full backlog` });
  return found;
}
