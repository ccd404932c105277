// What of a plan goes onto each host.

import type { PlanDocument } from '../planner/index.js';

export interface HostShare {
  /** `pc3000-1`. */
  readonly host: string;
  /** The first of its vnodes in the whole range, from 0, and how many there are. */
  readonly first: number;
  readonly vnodes: number;
}

/** Every host of the plan as full as planned, the last one with what is left. None where the range does not fit. */
export function hostShares({ answer, fleet, lab, host, vnodes, scenario, fits }: PlanDocument): HostShare[] {
  if (!fits) return [];
  const step = scenario.workload.kind === 'pairs' ? 2 : 1;
  const whole = (density: number) => Math.floor(density / step) * step;
  const sizes = lab
    ? lab.hosts.map((one) => ({ host, vnodes: one.vnodes.length }))
    : (
        fleet?.shares ?? [{ host, used: answer.hosts.value, vnodesPerHost: answer.vnodesPerHost.value, vnodes }]
      ).flatMap((share) =>
        Array.from({ length: share.used }, (_, i) => ({
          host: share.host,
          vnodes: Math.min(whole(share.vnodesPerHost), share.vnodes - i * whole(share.vnodesPerHost)),
        })),
      );
  const numbers = new Map<string, number>();
  let first = 0;
  return sizes.map((size) => {
    const number = (numbers.get(size.host) ?? 0) + 1;
    numbers.set(size.host, number);
    const share = { host: `${size.host}-${number}`, first, vnodes: size.vnodes };
    first += size.vnodes;
    return share;
  });
}
