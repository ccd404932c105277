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
 * How far one run's margins stray from an ideal run's if its vnodes were drawn, without replacement, from those of all runs and
 * twins together (a permutation test; Fisher, The Design of Experiments, 1935). A peer that nobody unchokes for a
 * while is as likely on the host as on its twin; which of them had it says nothing of the host.
 */
export function chanceDeviations(
  runs: readonly RunRecord[],
  twins: readonly RunRecord[],
  tolerances: Tolerances,
  part: number,
  random: RandomStream,
): Margins {
  const [like] = runs;
  const host = like?.hosts[0]?.host;
  if (!like || host === undefined) throw new Error('chance needs a run with a host');
  const pool = [...runs, ...twins].flatMap(localTo).map((vnode) => ({ ...vnode, host }));
  const size = localTo(like).length;
  const all: RunRecord = { ...like, vnodes: pool };
  const margins = new Map<MetricId, number[]>(BY_VNODE.map((metric) => [metric, []]));
  for (let sample = 0; sample < SAMPLES; sample++) {
    const drawn: RunRecord = { ...like, vnodes: shuffle([...pool], random).slice(0, size) };
    for (const { metric, margin } of fidelity(drawn, all, tolerances, part)) margins.get(metric)?.push(margin);
  }
  return Object.fromEntries([...margins].map(([metric, values]) => [metric, fromIdeal(values)]));
}
