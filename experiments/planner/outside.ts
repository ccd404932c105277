// The outside of a composed run: what the simulated host does to packets is what remote peers' hosts do to theirs.

import { quantile, standardDeviation, type Tolerances } from '../../calibration/index.js';
import type { RunRecord } from '../../models/index.js';
import { IDEAL_OUTSIDE, type Outside } from './view.js';

/** Shares of rate and of packets that settle no question of fidelity. */
const RATE_SETTLED = 0.01;
const LOSS_SETTLED = 0.0002;
/** Of the tolerance for added delay. */
const DELAY_SETTLED = 0.2;
/** Standard errors by which the host must differ from its twin: swarms vary, and noise must not feed on itself. */
const SIGNIFICANT = 4;

const average = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Mean goodput of its leechers, bit/s; NaN without any. */
const rateOf = ({ vnodes }: RunRecord): number =>
  average(vnodes.flatMap((vnode) => (vnode.role === 'leecher' && vnode.goodput ? [vnode.goodput] : [])));

/** Median over its vnodes of their median RTT, seconds; NaN without samples. */
const rttOf = ({ vnodes }: RunRecord): number =>
  quantile(
    vnodes.flatMap((vnode) => (vnode.rtt ? [vnode.rtt.p50] : [])),
    0.5,
  );

function lossOf({ vnodes }: RunRecord): number {
  const sent = vnodes.reduce((sum, vnode) => sum + vnode.packetsSent, 0);
  return sent > 0 ? vnodes.reduce((sum, vnode) => sum + vnode.unexpectedLosses, 0) / sent : 0;
}

/** Difference of the means over seeds; 0 when the seeds' own spread explains it, or when there is nothing to compare. */
function difference(
  runs: readonly RunRecord[],
  twins: readonly RunRecord[],
  of: (record: RunRecord) => number,
): number {
  const [seen, ideal] = [runs.map(of), twins.map(of)];
  const added = average(seen) - average(ideal);
  const [spread, own] = [standardDeviation(seen), standardDeviation(ideal)];
  const error = Math.sqrt((spread * spread) / seen.length + (own * own) / ideal.length);
  return Math.abs(added) > SIGNIFICANT * error ? added : 0;
}

/** What the records' host does, beside its ideal twin; nothing below what settles or what is noise. */
export function outsideOf(records: readonly RunRecord[], twins: readonly RunRecord[], tolerances: Tolerances): Outside {
  const ideal = average(twins.map(rateOf));
  const rate = ideal > 0 ? 1 + difference(records, twins, rateOf) / ideal : 1;
  const added = difference(records, twins, rttOf) * 1e9;
  const allowed = Math.max(tolerances.latency, tolerances.latencyShare * average(twins.map(rttOf)) * 1e9);
  const loss = difference(records, twins, lossOf);
  return {
    rate: rate > 1 - RATE_SETTLED ? IDEAL_OUTSIDE.rate : Math.max(0.05, Number(rate.toPrecision(3))),
    delay: added > DELAY_SETTLED * allowed ? Math.round(added) : IDEAL_OUTSIDE.delay,
    loss: loss < LOSS_SETTLED ? IDEAL_OUTSIDE.loss : Number(Math.min(0.5, loss).toPrecision(3)),
  };
}

/** Two rounds that agree this well need no third. */
export function settled(one: Outside, other: Outside, tolerances: Tolerances): boolean {
  return (
    Math.abs(one.rate - other.rate) <= RATE_SETTLED &&
    Math.abs(one.loss - other.loss) <= LOSS_SETTLED &&
    Math.abs(one.delay - other.delay) <= DELAY_SETTLED * Math.max(tolerances.latency, other.delay)
  );
}
