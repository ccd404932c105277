// Chance: how far a metric of one run strays when its host is to blame for nothing.

import { type RunRecord, shuffle, type VnodeRecord } from '../models/index.js';
import type { RandomStream } from '../sim/index.js';
import { mean } from './distribution.js';
import { fidelity } from './fidelity.js';
import type { MetricId } from './metric.js';
import type { Tolerances } from './tolerance.js';
import type { Margins } from './verdict.js';

/** Metrics that one unlucky vnode moves. Limits, losses and delays are the host's own doing. */
const BY_VNODE: readonly MetricId[] = ['goodput', 'completion-mean', 'completion-p95', 'completion-deviation'];
/** Samples drawn; their standard deviation is then known to about a tenth. */
const SAMPLES = 60;

const localTo = (record: RunRecord): VnodeRecord[] => {
  const hosts = new Set(record.hosts.map(({ host }) => host));
  return record.vnodes.filter((vnode) => hosts.has(vnode.host));
};

/** Root mean square distance from the margin of an ideal run: a metric with bounds both ways strays both ways. */
const fromIdeal = (margins: readonly number[]): number =>
  margins.length === 0 ? 0 : Math.sqrt(mean(margins.map((margin) => (1 - margin) * (1 - margin))));

/**
 * How far one run's margins stray from an ideal run's for reasons that are not the host's: its vnodes are drawn, without
 * replacement, from those of all runs, and judged against all of them; the same from the twins' (resampling; Efron,
 * The Jackknife, the Bootstrap and Other Resampling Plans, 1982). The larger counts: a peer that nobody unchokes for a
 * while is as likely on the host as on its twin. What sets the host's runs apart from the twins is in neither.
 */
export function chanceDeviations(
  runs: readonly RunRecord[],
  twins: readonly RunRecord[],
  tolerances: Tolerances,
  part: number,
  random: RandomStream,
): Margins {
  const [like] = runs;
  if (!like) throw new Error('chance needs a run');
  const size = localTo(like).length;
  const [own, ideal] = [runs, twins].map((group) => within(group, size, tolerances, part, random));
  return Object.fromEntries(
    BY_VNODE.map((metric) => [metric, Math.max(own?.get(metric) ?? 0, ideal?.get(metric) ?? 0)]),
  );
}

/** How far runs of `size` vnodes drawn from these stray from all of these. */
function within(
  group: readonly RunRecord[],
  size: number,
  tolerances: Tolerances,
  part: number,
  random: RandomStream,
): Map<MetricId, number> {
  const [like] = group;
  const host = like?.hosts[0]?.host;
  if (!like || host === undefined) throw new Error('chance needs a run with a host');
  const pool = group.flatMap(localTo).map((vnode) => ({ ...vnode, host }));
  const all: RunRecord = { ...like, vnodes: pool };
  const margins = new Map<MetricId, number[]>(BY_VNODE.map((metric) => [metric, []]));
  for (let sample = 0; sample < SAMPLES; sample++) {
    const drawn: RunRecord = { ...like, vnodes: shuffle([...pool], random).slice(0, size) };
    for (const { metric, margin } of fidelity(drawn, all, tolerances, part)) margins.get(metric)?.push(margin);
  }
  return new Map([...margins].map(([metric, values]) => [metric, fromIdeal(values)]));
}
