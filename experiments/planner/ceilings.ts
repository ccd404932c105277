// The kernel's ceilings as a plan meets them: what one host uses of each, and where the plan would hit it.

import type { HostSearch } from './host-search.js';
import type { PlanCeiling } from './plan-document.js';
import { extraContainers, type Question } from './question.js';

/** Neighbour entries grow with communicating pairs, so what runs showed is scaled to the planned density. */
export function planCeilings(question: Question, { host, atKnee, planned }: HostSearch): PlanCeiling[] {
  const { workload, network } = question.scenario;
  const entries = Math.max(...atKnee.records.flatMap((record) => record.hosts.map((h) => h.neighbours.peakEntries)));
  const perVnode = entries / atKnee.density;
  const extra = extraContainers(workload);
  const threshold = host.limits.neighbours.gcThresh3;
  const ceilings: PlanCeiling[] = [
    {
      id: 'neighbour-table',
      title: 'neighbour entries of all namespaces',
      limit: threshold,
      used: Math.round(perVnode * planned),
      hitAt: perVnode > 0 ? Math.floor(threshold / perVnode) : null,
      ok: perVnode * planned <= threshold,
      remedy: `sysctl -w net.ipv4.neigh.default.gc_thresh3=${threshold}`,
    },
  ];
  if (network.attach === 'bridge')
    ceilings.push({
      id: 'bridge-ports',
      title: 'ports of one bridge, the uplink counted',
      limit: host.limits.bridgePorts,
      used: planned + extra + 1,
      hitAt: host.limits.bridgePorts - 1 - extra,
      ok: planned + extra + 1 <= host.limits.bridgePorts,
      remedy: 'a second bridge',
    });
  return ceilings;
}
