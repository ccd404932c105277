// Closed forms: densities that memory, disk and the kernel's ceilings allow, by arithmetic. They start and bound the search.

import {
  clientMemory,
  clientOn,
  containersInMemory,
  containersOnDisk,
  fullestCache,
  type Host,
  memoryUse,
  type Scenario,
  type Workload,
} from '../../models/index.js';
import { ceilingsAt } from './ceilings.js';
import type { Limit } from './constraint.js';
import { extraContainers, type Question } from './question.js';

/** Bytes of one vnode's client at its fullest, in a range of this size. */
export function clientBytes(host: Pick<Host, 'clients'>, workload: Workload, vnodes: number): number {
  if (workload.kind !== 'swarm') return 0;
  const client = clientOn(host, workload.client);
  return clientMemory(
    client,
    Math.min(client.maxConnections, vnodes - 1),
    fullestCache(client, workload.file, workload.piece),
  );
}

/** Bytes of memory that each vnode takes, its client at its fullest. */
export function memoryPerVnode(host: Host, { scenario, vnodes }: Question): number {
  const client = clientBytes(host, scenario.workload, vnodes);
  // What one more takes: of what guests share, only the first pays.
  return memoryUse(host, 2, 2 * client).total - memoryUse(host, 1, client).total;
}

/** Bytes each vnode writes. */
export const dataPerVnode = (workload: Workload): number => (workload.kind === 'swarm' ? workload.file : 0);

/** Bytes a second that each vnode writes at its fastest; 0: none, or as fast as the host goes. */
function writesPerVnode({ workload, link }: Scenario): number {
  return workload.kind === 'swarm' && link.down !== 'unshaped' ? link.down / 8 : 0;
}

/** How many vnodes the disks can write for at the same time, all at their links' rates. */
function writersOnDisk(host: Host, scenario: Scenario): Limit[] {
  const each = writesPerVnode(scenario) * 8;
  if (each === 0 || !Number.isFinite(host.writeRate)) return [];
  return [{ id: 'disk-rate', density: Math.floor(host.writeRate / each), evidence: 'closed form' }];
}

/** Ceilings at which the kernel refuses one more container. The others are simulated, or slow a host down. */
const REFUSING: ReadonlySet<string> = new Set([
  'bridge-ports',
  'processes',
  'inotify',
  'open-files',
  'file-max',
  'keys',
  'ptys',
]);

/** In order of density. */
export function closedForms(question: Question, host: Host): Limit[] {
  const { workload } = question.scenario;
  const extra = extraContainers(workload);
  const client = clientBytes(host, workload, question.vnodes);
  // The tracker's container takes the place of a vnode; its own client is small.
  const limits: Limit[] = [
    { id: 'memory', density: containersInMemory(host, client) - extra, evidence: 'closed form' },
    { id: 'disk', density: containersOnDisk(host, dataPerVnode(workload)) - extra, evidence: 'closed form' },
    ...writersOnDisk(host, question.scenario),
  ];
  for (const { id, hitsAt } of ceilingsAt(question, host, 1))
    if (REFUSING.has(id) && hitsAt !== null) limits.push({ id, density: hitsAt - 1, evidence: 'closed form' });
  return limits
    .map((limit) => ({ ...limit, density: Math.max(0, limit.density) }))
    .sort((a, b) => a.density - b.density);
}
