// Fleets: packing a range onto the hosts that are there, or saying how much is missing.

import { InputError } from '../../models/index.js';
import type { FleetShares } from './plan-document.js';

export interface FleetEntry {
  readonly host: string;
  readonly count: number;
}

/** `pc3000:40,t7500:20`. @throws InputError. */
export function parseFleet(text: string): FleetEntry[] {
  const entries = text.split(',').map((part) => {
    const [, host, digits] = /^\s*(.+?):(\d{1,6})\s*$/.exec(part) ?? [];
    const count = Number(digits);
    if (host === undefined || !(count >= 1))
      throw new InputError('--fleet', 'HOST:COUNT, for example pc3000:40,t7500:20', `"${part}"`);
    return { host, count };
  });
  const twice = entries.find(({ host }, i) => entries.findIndex((other) => other.host === host) !== i);
  if (twice) throw new InputError('--fleet', 'each host once', `"${twice.host}" twice`);
  return entries;
}

/**
 * Fills the hosts that hold most first, so that the fewest are used; each type in order of its density, then of its
 * place in the list. `step`: vnodes that stay together.
 */
export function pack(
  fleet: readonly (FleetEntry & { readonly vnodesPerHost: number })[],
  vnodes: number,
  step: number,
): FleetShares {
  let left = vnodes;
  const order = [...fleet.keys()].sort((a, b) => {
    const [first, second] = [fleet[a], fleet[b]] as [(typeof fleet)[number], (typeof fleet)[number]];
    return second.vnodesPerHost - first.vnodesPerHost || a - b;
  });
  const shares = fleet.map(({ host, count, vnodesPerHost }) => ({
    host,
    available: count,
    used: 0,
    vnodesPerHost,
    vnodes: 0,
  }));
  for (const index of order) {
    const share = shares[index] as (typeof shares)[number];
    const each = Math.floor(share.vnodesPerHost / step) * step;
    if (each === 0) continue;
    share.used = Math.min(share.available, Math.ceil(left / each));
    share.vnodes = Math.min(left, share.used * each);
    left -= share.vnodes;
  }
  const capacity = shares.reduce((sum, { available, vnodesPerHost }) => sum + available * vnodesPerHost, 0);
  return { fits: left === 0, capacity, missing: left, shares };
}
