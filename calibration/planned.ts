// The planned density: the highest at which all hosts of the range are within tolerance together.

import { hostProbability, hostVariance, marginModel } from './margin-model.js';
import { wholePower } from './normal.js';
import type { Verdict } from './verdict.js';

/** All hosts together, as design.md section 4 has it. */
export const TOGETHER = 0.9;

/**
 * The highest multiple of `step` up to the knee at which `hostsAt(density)` hosts are within tolerance together with
 * probability 0.9; 0 when there is none.
 */
export function plannedDensity(
  tested: readonly Verdict[],
  knee: number,
  hostsAt: (density: number) => number,
  step = 1,
): number {
  if (tested.length === 0) return 0;
  const model = marginModel(tested);
  const variance = hostVariance(tested, knee);
  for (let density = knee; density >= step; density -= step)
    if (wholePower(hostProbability(model, variance, density), hostsAt(density)) >= TOGETHER) return density;
  return 0;
}
