// What a search knows before it is over: between which densities the knee lies, and what seems to bind.

import { bracketOf, verdictOf } from '../../calibration/index.js';
import type { Host } from '../../models/index.js';
import type { Limit } from './constraint.js';
import type { Observation } from './density-runs.js';
import { brokenAt, extrapolated, nextAfter } from './limits.js';

interface LimitSoFar {
  readonly id: string;
  readonly vnodesPerHost: number;
}

/** Preliminary: every further density may change it. */
export interface SoFar {
  /** The knee is not below `low` nor above `high`, as far as runs and arithmetic have it. */
  readonly low: number;
  readonly high: number;
  readonly binding: LimitSoFar;
  readonly next: LimitSoFar;
}

/** @param ceiling nothing above it is tested. @param closed what arithmetic says of the others. */
export function soFar(seen: Iterable<Observation>, host: Host, ceiling: Limit, closed: readonly Limit[]): SoFar {
  const observations = [...seen].sort((a, b) => a.density - b.density);
  const verdicts = observations.map(({ density, evaluation }) => verdictOf(density, evaluation));
  const { low, high } = bracketOf(verdicts, 0);
  const broken = observations.find(({ density }) => density === high);
  const near = observations.findLast(({ density }) => density <= low) ?? broken;
  const loads = near ? extrapolated(near, host) : [];
  // Behind what was seen to hold nothing has bound yet, whatever the load says.
  const binding = broken ? brokenAt(broken, host, low) : nextAfter({ ...ceiling, density: low }, [ceiling, ...loads]);
  const others = [...closed, ...loads].filter(({ id }) => id !== binding.id);
  const next = others.length > 0 ? nextAfter(binding, others) : ceiling;
  const told = ({ id, density }: Limit): LimitSoFar => ({ id, vnodesPerHost: density });
  return { low, high: high ?? ceiling.density, binding: told(binding), next: told(next) };
}
