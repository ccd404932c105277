// The outside of a composed run: what the simulated host does to packets is what remote peers' hosts do to theirs.

import { quantile, type Tolerances } from '../../calibration/index.js';
import type { RunRecord } from '../../models/index.js';
import { IDEAL_OUTSIDE, type Outside } from './view.js';

/** Shares of rate and of packets that settle no question of fidelity. */
const RATE_SETTLED = 0.01;
const LOSS_SETTLED = 0.0002;
/** Of the tolerance for added delay. */
const DELAY_SETTLED = 0.2;

const average = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const goodputs = (records: readonly RunRecord[]): number[] =>
  records.flatMap((record) => record.vnodes.flatMap((v) => (v.role === 'leecher' && v.goodput ? [v.goodput] : [])));

const typicalRtt = (records: readonly RunRecord[]): number =>
  quantile(
    records.flatMap((record) => record.vnodes.flatMap((vnode) => (vnode.rtt ? [vnode.rtt.p50] : []))),
    0.5,
  );

function lossOf(records: readonly RunRecord[]): number {
  const vnodes = records.flatMap((record) => record.vnodes);
  const sent = vnodes.reduce((sum, vnode) => sum + vnode.packetsSent, 0);
  return sent > 0 ? vnodes.reduce((sum, vnode) => sum + vnode.unexpectedLosses, 0) / sent : 0;
}

/** What the records' host does, beside its ideal twin; nothing below what settles. */
export function outsideOf(records: readonly RunRecord[], twins: readonly RunRecord[], tolerances: Tolerances): Outside {
  const [rates, ideal] = [goodputs(records), goodputs(twins)];
  const rate = rates.length > 0 && ideal.length > 0 ? average(rates) / average(ideal) : 1;
  const [rtt, idealRtt] = [typicalRtt(records), typicalRtt(twins)];
  const added = Math.max(0, rtt - idealRtt) * 1e9;
  const allowed = Math.max(tolerances.latency, tolerances.latencyShare * idealRtt * 1e9);
  const loss = Math.max(0, lossOf(records) - lossOf(twins));
  return {
    rate: rate > 1 - RATE_SETTLED ? IDEAL_OUTSIDE.rate : Math.max(0.05, Number(rate.toPrecision(3))),
    // Not a number where there are no samples.
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
