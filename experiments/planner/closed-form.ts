// Closed forms: densities that memory, disk and the bridge allow, by arithmetic. They start and bound the search.

import {
  clientMemory,
  clientProfile,
  containersInMemory,
  containersOnDisk,
  type Host,
  memoryUse,
  type Workload,
} from '../../models/index.js';
import type { Limit } from './constraint.js';
import { extraContainers, type Question } from './question.js';

/** Bytes of one vnode's client at its fullest, in a range of this size. */
function clientBytes(workload: Workload, vnodes: number): number {
  if (workload.kind !== 'swarm') return 0;
  const client = clientProfile(workload.client);
  return clientMemory(client, Math.min(client.maxConnections, vnodes - 1), true);
}

/** Bytes of memory that each vnode takes, its client at its fullest. */
export function memoryPerVnode(host: Host, { scenario, vnodes }: Question): number {
  return memoryUse(host, 1, clientBytes(scenario.workload, vnodes)).total - host.memory.host;
}

/** Bytes each vnode writes. */
export const dataPerVnode = (workload: Workload): number => (workload.kind === 'swarm' ? workload.file : 0);

/** In order of density. */
export function closedForms(question: Question, host: Host): Limit[] {
  const { workload, network } = question.scenario;
  const extra = extraContainers(workload);
  const client = clientBytes(workload, question.vnodes);
  // The tracker's container takes the place of a vnode; its own client is small.
  const limits: Limit[] = [
    { id: 'memory', density: containersInMemory(host, client) - extra, evidence: 'closed form' },
    { id: 'disk', density: containersOnDisk(host, dataPerVnode(workload)) - extra, evidence: 'closed form' },
  ];
  // The uplink takes one port.
  if (network.attach === 'bridge')
    limits.push({ id: 'bridge-ports', density: host.limits.bridgePorts - 1 - extra, evidence: 'closed form' });
  return limits
    .map((limit) => ({ ...limit, density: Math.max(0, limit.density) }))
    .sort((a, b) => a.density - b.density);
}
