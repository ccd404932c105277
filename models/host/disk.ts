// Disk of a host: the base file system, once or per container, and what each container writes.

import type { Host } from './host.js';

type DiskHost = Pick<Host, 'disk' | 'diskBytes'>;

/** Bytes. */
export interface DiskUse {
  readonly base: number;
  readonly containers: number;
  readonly total: number;
}

const ownPerContainer = ({ disk }: DiskHost): number =>
  disk.perContainer + disk.logsPerContainer + (disk.sharedBase ? 0 : disk.base);

/** Disk with `containers` set up that wrote `data` bytes together. Without a shared base each has a copy of it. */
export function diskUse(host: DiskHost, containers: number, data: number): DiskUse {
  const { base } = host.disk;
  const own = containers * ownPerContainer(host) + data;
  return { base, containers: own, total: base + own };
}

/** How many containers fit on the disk when each writes `data` bytes. */
export function containersOnDisk(host: DiskHost, data: number): number {
  return Math.max(0, Math.floor((host.diskBytes - host.disk.base) / (ownPerContainer(host) + data)));
}
