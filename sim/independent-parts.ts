// Which parts of a run never meet, so that each can be followed by itself (see simulator).

import type { Scenario } from '../models/index.js';
import type { Placement } from './placement.js';

/**
 * How many parts there are; 0: everything may meet everything. Pairs on one ideal host share neither a core nor a queue:
 * each has its links to itself. What changes links in between is common, and bbr draws its phases from one stream.
 */
export function independentParts({ workload, network, changes, tcp }: Scenario, { hosts, routers }: Placement): number {
  if (workload.kind !== 'pairs' || hosts.length > 1 || !hosts[0].ideal) return 0;
  return routers || network.core || changes || tcp === 'bbr' ? 0 : workload.pairs;
}
