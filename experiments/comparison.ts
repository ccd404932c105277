// Two run records side by side: per metric both values, their difference, the tolerance, and whether it is kept.

import { quantile, standardDeviation } from '../calibration/index.js';
import type { HostRecord, RunRecord, VnodeRecord } from '../models/index.js';

export interface Comparison {
  readonly metric: string;
  readonly unit: string;
  readonly first: number;
  readonly second: number;
  /** Relative to the first, or in the metric's own unit; null where the first is zero and they are compared relatively. */
  readonly difference: number | null;
  readonly tolerance: number;
  readonly relative: boolean;
  readonly ok: boolean;
}

interface Metric {
  readonly metric: string;
  readonly unit: string;
  readonly of: (record: RunRecord) => number | undefined;
  readonly tolerance: number;
  /** The tolerance is a share of the first value; otherwise it is in the metric's unit. */
  readonly relative: boolean;
}

const mean = (values: readonly number[]): number | undefined =>
  values.length > 0 ? values.reduce((a, b) => a + b, 0) / values.length : undefined;
const some = (values: readonly number[], of: (values: readonly number[]) => number): number | undefined =>
  values.length > 0 ? of(values) : undefined;

const receivers = ({ vnodes }: RunRecord) => vnodes.filter(({ role }) => role === 'leecher' || role === 'server');
const goodputs = (record: RunRecord) => receivers(record).flatMap(({ goodput }) => (goodput === null ? [] : [goodput]));
/** Seconds from a vnode's own start to its completion. */
const durations = (record: RunRecord) =>
  receivers(record).flatMap(({ startedAt, completedAt }) =>
    startedAt === null || completedAt === null ? [] : [completedAt - startedAt],
  );
const overVnodes = (record: RunRecord, of: (vnode: VnodeRecord) => number) =>
  record.vnodes.reduce((sum, vnode) => sum + of(vnode), 0);
const host = (record: RunRecord, of: (host: HostRecord) => number): number | undefined => mean(record.hosts.map(of));
const perContainer = ({ memory, vnodes }: HostRecord) =>
  vnodes > 0 ? (memory.containers + memory.kernel) / vnodes : 0;

/** The tolerances of fidelity where there is one; CPU in points of 100 a core, as the calibration states them. */
const METRICS: readonly Metric[] = [
  { metric: 'goodput, mean', unit: 'bit/s', of: (r) => mean(goodputs(r)), tolerance: 0.05, relative: true },
  {
    metric: 'goodput, slowest 5%',
    unit: 'bit/s',
    of: (r) => some(goodputs(r), (v) => quantile(v, 0.05)),
    tolerance: 0.05,
    relative: true,
  },
  { metric: 'completion time, mean', unit: 's', of: (r) => mean(durations(r)), tolerance: 0.05, relative: true },
  {
    metric: 'completion time, p95',
    unit: 's',
    of: (r) => some(durations(r), (v) => quantile(v, 0.95)),
    tolerance: 0.1,
    relative: true,
  },
  {
    metric: 'completion time, deviation',
    unit: 's',
    of: (r) => (durations(r).length > 1 ? standardDeviation(durations(r)) : undefined),
    tolerance: 0.3,
    relative: true,
  },
  { metric: 'peers unfinished', unit: '', of: (r) => r.totals.unfinished, tolerance: 0, relative: false },
  { metric: 'payload received', unit: 'B', of: (r) => r.totals.payloadBytes, tolerance: 0.05, relative: true },
  {
    metric: 'bytes on the wire',
    unit: 'B',
    of: (r) => overVnodes(r, (v) => v.wireSent),
    tolerance: 0.05,
    relative: true,
  },
  { metric: 'duration', unit: 's', of: (r) => r.totals.virtualSeconds, tolerance: 0.1, relative: true },
  { metric: 'CPU taken', unit: '%', of: (r) => host(r, (h) => h.cpu.takenPercent), tolerance: 5, relative: false },
  {
    metric: 'CPU reported',
    unit: '%',
    of: (r) => host(r, (h) => h.cpu.reportedPercent),
    tolerance: 5,
    relative: false,
  },
  {
    metric: 'context switches',
    unit: '',
    of: (r) => host(r, (h) => h.contextSwitches),
    tolerance: 0.3,
    relative: true,
  },
  { metric: 'memory per container', unit: 'B', of: (r) => host(r, perContainer), tolerance: 0.1, relative: true },
  {
    metric: 'neighbour entries, peak',
    unit: '',
    of: (r) => host(r, (h) => h.neighbours.peakEntries),
    tolerance: 0.05,
    relative: true,
  },
  {
    metric: 'neighbour entries refused',
    unit: '',
    of: (r) => host(r, (h) => h.neighbours.refused),
    tolerance: 0,
    relative: false,
  },
  { metric: 'set-up', unit: 's', of: (r) => host(r, (h) => h.setupSeconds), tolerance: 0.3, relative: true },
];

/** Metrics that both records have. */
export function compareRecords(first: RunRecord, second: RunRecord): Comparison[] {
  return METRICS.flatMap(({ metric, unit, of, tolerance, relative }) => {
    const [one, other] = [of(first), of(second)];
    if (one === undefined || other === undefined || (one === 0 && other === 0 && relative)) return [];
    const difference = relative ? (one === 0 ? null : other / one - 1) : other - one;
    const ok = difference !== null && Math.abs(difference) <= tolerance;
    return [{ metric, unit, first: one, second: other, difference, tolerance, relative, ok }];
  });
}
