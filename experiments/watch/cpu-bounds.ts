// What a plan says of CPU: how much of it the densest faithful host took, and the least that was too much.

import type { Parameter } from '../../models/index.js';
import type { PlanDocument, TestedDensity } from '../planner/index.js';
import { type CpuBounds, usualCpuBounds } from './gauge.js';

/** The margin below which a plan's own figure is a risk. */
const NEAR = 0.95;

/** The usual bounds where the plan's densities are not bound by CPU, or too few to tell. */
export function cpuBoundsOf({ method, answer, profile, technology }: PlanDocument): CpuBounds {
  const platforms = profile.platforms as Record<string, { cores: Parameter } | undefined>;
  const cores = platforms[technology]?.cores.value;
  if (answer.binding.id !== 'cpu' || cores === undefined) return usualCpuBounds;
  const share = ({ cpuPercent }: TestedDensity) =>
    Object.values(cpuPercent).reduce((sum, kind) => sum + kind, 0) / (100 * cores);
  const faithful = method.densities.filter(({ margin }) => margin >= 0).map(share);
  const broken = method.densities.filter(({ margin }) => margin < 0).map(share);
  if (faithful.length === 0 || broken.length === 0) return usualCpuBounds;
  const lost = Math.max(Math.max(...faithful), Math.min(...broken));
  return { lost, risk: Math.min(NEAR * lost, Math.max(...faithful)) };
}
