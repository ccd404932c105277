// Memory of a host: its own, what the kernel keeps for each container, and the containers' processes and clients.

import type { Host } from './host.js';

type MemoryHost = Pick<Host, 'memory' | 'memoryBytes' | 'disk'>;

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

/** Memory with `containers` running; `clients`: bytes of all their clients together. */
export function memoryUse(host: MemoryHost, containers: number, clients: number): MemoryUse {
  const kernel = containers * host.memory.kernelPerContainer;
  const running = containers * processes(host) + clients;
  return { host: host.memory.host, kernel, containers: running, total: host.memory.host + kernel + running };
}

/** How many containers fit into memory when each one's client takes `client` bytes; the next one would be lost. */
export function containersInMemory(host: MemoryHost, client: number): number {
  const each = host.memory.kernelPerContainer + processes(host) + client;
  return Math.max(0, Math.floor((host.memoryBytes - host.memory.host) / each));
}
