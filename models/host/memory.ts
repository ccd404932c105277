// Memory of a host: its own, what the kernel keeps for each container, and the containers' processes and clients.

import type { Host } from './host.js';

type MemoryHost = Pick<Host, 'memory' | 'memoryBytes' | 'disk' | 'guest'>;

/** Bytes. `total` is the sum of the other three. */
export interface MemoryUse {
  readonly host: number;
  readonly kernel: number;
  readonly containers: number;
  readonly total: number;
}

/**
 * Bytes of one container's processes, the client apart. Code under a read-only bind mount, or on a copy-on-write
 * base, is in memory once for all; otherwise each container has its own.
 */
function processes({ memory, disk }: MemoryHost): number {
  return memory.processesPerContainer + (disk.sharedBase ? 0 : memory.duplicatedPerContainer);
}

/** Bytes of each guest that page sharing keeps once for all. */
const shared = (host: MemoryHost): number => (host.guest ? Math.floor(host.guest.pageSharing * host.guest.memory) : 0);

/**
 * Memory with `containers` running; `clients`: bytes of all their clients together. A virtual machine takes what is set
 * aside for it, or more where its client needs more.
 */
export function memoryUse(host: MemoryHost, containers: number, clients: number): MemoryUse {
  const kernel = containers * host.memory.kernelPerContainer;
  const used = containers * processes(host) + clients;
  const taken = Math.max(containers * (host.guest?.memory ?? 0), used);
  const running = taken - Math.max(0, containers - 1) * shared(host);
  return { host: host.memory.host, kernel, containers: running, total: host.memory.host + kernel + running };
}

/** Bytes of host memory that containers can have; what guests share is kept once, and counted before them. */
export const memoryForContainers = (host: MemoryHost): number => host.memoryBytes - host.memory.host - shared(host);

/** Bytes that one container takes; `own`: of its processes and its client, absent: of processes that idle. */
export const containerMemory = (host: MemoryHost, own = processes(host)): number =>
  host.memory.kernelPerContainer + Math.max(host.guest?.memory ?? 0, own) - shared(host);

/** How many containers fit into memory when each one's client takes `client` bytes; the next one would be lost. */
export const containersInMemory = (host: MemoryHost, client: number): number =>
  Math.max(0, Math.floor(memoryForContainers(host) / containerMemory(host, processes(host) + client)));
