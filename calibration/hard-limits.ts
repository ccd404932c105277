// Hard limits in a run: vnodes that its hosts had no memory for, and neighbour entries that were refused.

import type { RunRecord } from '../models/index.js';
import type { FidelityMetric, MetricId } from './metric.js';
import type { Tolerances } from './tolerance.js';

/** Below zero by the least that shows. */
const JUST_BROKEN = 1e-6;

interface Limit {
  readonly metric: MetricId;
  readonly count: number;
  readonly allowed: number;
  /** Of the fullest host: the share of the limit in use, and what was refused as a share of what was asked for. */
  readonly used: number;
  readonly refused: number;
}

/** The margin is the room left below the limit; past it, the share that found no room. */
function judged({ metric, count, allowed, used, refused }: Limit): FidelityMetric {
  const ok = count <= allowed;
  const margin = ok ? Math.max(0, 1 - used) : -Math.max(refused, JUST_BROKEN);
  return { metric, value: count, tolerance: allowed, ok, margin, measured: count, ideal: 0, unit: 'count' };
}

const share = (part: number, whole: number): number => (whole > 0 ? part / whole : 0);

/** The worst run counts: a limit is no matter of averages. */
export function hardLimits(runs: readonly RunRecord[], tolerances: Tolerances): FidelityMetric[] {
  const hosts = runs.flatMap((run) => run.hosts);
  const lost = runs.map((run) => run.vnodes.filter((vnode) => !vnode.alive).length);
  const refused = runs.map((run) => run.hosts.reduce((sum, host) => sum + host.neighbours.refused, 0));
  const refusals = hosts.map(({ neighbours }) =>
    share(neighbours.refused, neighbours.refused + neighbours.peakEntries),
  );
  return [
    judged({
      metric: 'lost-vnodes',
      count: Math.max(...lost),
      allowed: tolerances.lostVnodes,
      used: Math.max(...hosts.map(({ memory }) => share(memory.used, memory.total))),
      refused: Math.max(...runs.map((run, i) => share(lost[i] as number, run.vnodes.length))),
    }),
    judged({
      metric: 'refused-neighbours',
      count: Math.max(...refused),
      allowed: tolerances.refusedNeighbours,
      used: Math.max(...hosts.map(({ neighbours }) => share(neighbours.peakEntries, neighbours.threshold))),
      refused: Math.max(...refusals),
    }),
  ];
}
