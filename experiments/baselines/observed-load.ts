// What is known without a simulator: measured CPU and delivered rate over the number of vnodes, scaled to the question.

import type { Calibration, Scenario } from '../../models/index.js';

/** One measured experiment. */
export interface LoadPoint {
  /** Vnodes of the question that ask for as much as the experiment's vnodes did. */
  readonly vnodes: number;
  /** Percent, 100 a core; bit/s delivered, all together. Null: not measured. */
  readonly cpu: number | null;
  readonly rate: number | null;
}

/** Fewer than these of the question's own link rate, and those of other rates are taken in proportion. */
const ENOUGH = 3;
const RUNGS: Readonly<Record<string, string>> = {
  pairs: 'shaped pairs',
  swarm: 'swarms',
  idle: 'containers at rest',
};

/** Points by their vnodes, the held-out ones included: nothing here is fitted by simulation. */
export function loadPoints({ comparisons }: Pick<Calibration, 'comparisons'>, scenario: Scenario): LoadPoint[] {
  const { workload, link } = scenario;
  const asked = typeof link.up === 'number' ? link.up : null;
  const all = comparisons.filter(({ rung }) => rung === RUNGS[workload.kind]);
  const same = all.filter(({ up }) => up === asked);
  const enough = new Set(same.map(({ vnodes }) => vnodes)).size >= ENOUGH;
  const points = new Map<string, { vnodes: number; cpu: number | null; rate: number | null }>();
  for (const { experiment, metric, measured, vnodes, up } of enough ? same : all) {
    const scale = up !== null && asked !== null ? up / asked : 1;
    const point = points.get(experiment) ?? { vnodes: vnodes * scale, cpu: null, rate: null };
    if (metric === 'cpu') point.cpu = measured;
    if (metric === 'rate') point.rate = measured;
    points.set(experiment, point);
  }
  return [...points.values()].sort((a, b) => a.vnodes - b.vnodes);
}
