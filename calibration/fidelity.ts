// Fidelity: a run against its ideal twin, metric by metric. Distributions are compared, never one peer with another.

import { type RunRecord, scenarioSchema, type VnodeRecord } from '../models/index.js';
import { comparablePart, completionTimes, downloaders, FEWEST_PARTS, PARTS } from './completion.js';
import { lowestMean, mean, quantile, standardDeviation } from './distribution.js';
import { hardLimits } from './hard-limits.js';
import { bound, type FidelityMetric, type MetricId } from './metric.js';
import type { Tolerances } from './tolerance.js';

/** The slowest vnodes whose goodput is judged. */
const SLOWEST = 0.05;
/** The vnodes of the hosts that the record tells about; remote peers of a composed run stand elsewhere. */
function local(record: RunRecord): VnodeRecord[] {
  const hosts = new Set(record.hosts.map((host) => host.host));
  return record.vnodes.filter((vnode) => hosts.has(vnode.host));
}

const localOnly = (record: RunRecord): RunRecord => ({ ...record, vnodes: local(record) });

/** Of downloads that can be compared, over the whole of each; of anything else, over the run. */
function goodputs(record: RunRecord, part: number): number[] {
  const receiving = record.vnodes.filter((vnode) => vnode.role === 'leecher' || vnode.role === 'server');
  if (part >= FEWEST_PARTS && downloaders(record).length > 0) {
    const whole = wholeBytes(record);
    const rates = completionTimes(record, whole).map((seconds) => (8 * whole) / seconds);
    return [...rates, ...receiving.filter((vnode) => !vnode.alive).map(() => 0)];
  }
  const rates = receiving.filter((vnode) => vnode.goodput !== null || !vnode.alive);
  return rates.map((vnode) => (vnode.alive ? (vnode.goodput ?? 0) : 0));
}

const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((total, item) => total + of(item), 0);

/** Mean over vnodes of their own 99th percentiles, each with the weight of its samples, seconds; NaN without any. */
function rttP99(records: readonly RunRecord[]): number {
  const seen = records.flatMap((record) => record.vnodes.flatMap((v) => (v.rtt && v.alive ? [v.rtt] : [])));
  return sum(seen, ({ p99, samples }) => p99 * samples) / sum(seen, ({ samples }) => samples);
}

function atMost(
  metric: MetricId,
  value: number,
  tolerance: number,
  rest: Pick<FidelityMetric, 'measured' | 'ideal' | 'unit'>,
): FidelityMetric {
  return { metric, value, tolerance, ok: value <= tolerance, margin: 1 - value / bound(tolerance), ...rest };
}

function wholeBytes(record: RunRecord): number {
  const { workload } = scenarioSchema.parse(record.scenario);
  if (workload.kind === 'swarm') return workload.file;
  return workload.kind === 'pairs' && workload.bytes !== undefined ? workload.bytes : Number.NaN;
}

/** Seconds in which the downloading vnodes of these runs complete, judged at this part; none where nothing downloads. */
export function completionTimesOf(records: readonly RunRecord[], part: number): number[] {
  const [first] = records;
  if (part < FEWEST_PARTS || !first) return [];
  const whole = wholeBytes(first);
  return records.map(localOnly).flatMap((record) => completionTimes(record, whole));
}

function completion(
  runs: readonly RunRecord[],
  twins: readonly RunRecord[],
  part: number,
  tolerances: Tolerances,
): FidelityMetric[] {
  const [times, ideal] = [completionTimesOf(runs, part), completionTimesOf(twins, part)];
  if (times.length === 0 || ideal.length === 0) return [];
  const metrics: FidelityMetric[] = [];
  for (const [metric, of, tolerance] of [
    ['completion-mean', mean, tolerances.completionMean],
    ['completion-p95', (values: readonly number[]) => quantile(values, 0.95), tolerances.completionP95],
  ] as const) {
    const [measured, reference] = [of(times), of(ideal)];
    metrics.push(atMost(metric, measured / reference - 1, tolerance, { measured, ideal: reference, unit: 's' }));
  }
  const [measured, reference] = [standardDeviation(times), standardDeviation(ideal)];
  // With one value, or with values that all agree, there is no spread to compare.
  if (reference > 1e-9 * mean(ideal)) {
    const value = measured / reference - 1;
    const tolerance = tolerances.completionDeviation;
    const margin = 1 - Math.abs(value) / bound(tolerance);
    const metric = 'completion-deviation' as const;
    metrics.push({ metric, value, tolerance, ok: margin >= 0, margin, measured, ideal: reference, unit: 's' });
  }
  return metrics;
}

/**
 * Judges runs of one scenario at one density (several seeds: their vnodes are pooled) against ideal twins of the same
 * scenario. Only metrics that the workload has appear. `part`: the part of the download that the ideal twins reached,
 * where there are more of them than are given here.
 *
 * @throws Error when there is no run or no twin.
 */
export function fidelity(
  records: RunRecord | readonly RunRecord[],
  ideals: RunRecord | readonly RunRecord[],
  tolerances: Tolerances,
  part?: number,
): FidelityMetric[] {
  const runs = [records].flat().map(localOnly);
  const twins = [ideals].flat().map(localOnly);
  if (runs.length === 0 || twins.length === 0) throw new Error('fidelity needs a run and an ideal twin');
  const reached = part ?? comparablePart(twins);
  const metrics: FidelityMetric[] = [];

  const slow = lowestMean(
    runs.flatMap((run) => goodputs(run, reached)),
    SLOWEST,
  );
  const ideal = lowestMean(
    twins.flatMap((twin) => goodputs(twin, reached)),
    SLOWEST,
  );
  if (ideal > 0 && !Number.isNaN(slow)) {
    const value = slow / ideal;
    const tolerance = tolerances.goodput;
    const margin = 1 - (1 - value) / bound(1 - tolerance);
    const rest = { measured: slow, ideal, unit: 'bit/s' } as const;
    metrics.push({ metric: 'goodput', value, tolerance, ok: value >= tolerance, margin, ...rest });
  }
  metrics.push(...completion(runs, twins, reached, tolerances));

  const [rtt, idealRtt] = [rttP99(runs), rttP99(twins)];
  if (!Number.isNaN(rtt) && !Number.isNaN(idealRtt)) {
    const tolerance = Math.max(tolerances.latency / 1e9, tolerances.latencyShare * idealRtt);
    metrics.push(atMost('rtt-p99', rtt - idealRtt, tolerance, { measured: rtt, ideal: idealRtt, unit: 's' }));
  }
  const lossOf = (those: readonly RunRecord[]) => {
    const vnodes = those.flatMap((run) => run.vnodes);
    return (
      sum(vnodes, (v) => v.unexpectedLosses) /
      Math.max(
        1,
        sum(vnodes, (v) => v.packetsSent),
      )
    );
  };
  if (sum(runs, (run) => sum(run.vnodes, (v) => v.packetsSent)) > 0) {
    const [measured, idealLoss] = [lossOf(runs), lossOf(twins)];
    metrics.push(atMost('loss', measured - idealLoss, tolerances.loss, { measured, ideal: idealLoss, unit: 'share' }));
  }
  return [...metrics, ...hardLimits(runs, tolerances)];
}

/** "32 of 32" is the whole download. */
export function describePart(part: number): string {
  if (part === PARTS) return 'whole downloads';
  if (part < FEWEST_PARTS) return 'no downloads';
  return `downloads, ${part}/${PARTS} of each and more, the rest at the run's mean pace`;
}
