// Limits of a host side by side: which comes first, which next, and what the runs at one density say of them.

import type { Host } from '../../models/index.js';
import { brokenBy } from './attribution.js';
import { type Limit, LOADS, utilisation } from './constraint.js';
import type { Observation } from './density-runs.js';

export const lowestOf = (limits: readonly Limit[]): Limit => limits.reduce((a, b) => (b.density < a.density ? b : a));

/** A limit behind the binding one is never reported before it. */
export const nextAfter = (binding: Limit, known: readonly Limit[]): Limit =>
  lowestOf(known.map((limit) => ({ ...limit, density: Math.max(limit.density, binding.density) })));

/** What broke this density, so that the host is faithful up to a lower one. */
export const brokenAt = ({ metrics, records }: Observation, host: Host, density: number): Limit => ({
  ...{ id: brokenBy(metrics, records, host), density, evidence: 'simulated' },
});

/** Where each resource would be full if its use kept growing as it has. */
export function extrapolated({ records, density }: Observation, host: Host): Limit[] {
  return LOADS.filter((id) => id !== 'memory').map((id) => {
    const used = Math.max(...records.map((record) => utilisation(record, host, id)));
    const full = used > 0.001 ? Math.floor(density / used) : Number.MAX_SAFE_INTEGER;
    return { id, density: full, evidence: 'extrapolated from the load' };
  });
}
