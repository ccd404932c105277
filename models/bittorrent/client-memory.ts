// A client's memory: its process, what each connection holds, and what it caches while it transfers.

import type { ClientProfile } from './client.js';

/** Bytes. @param cached bytes of pieces that it holds now, see `cached`. */
export const clientMemory = (
  { memoryBase, memoryPerConnection }: Pick<ClientProfile, 'memoryBase' | 'memoryPerConnection'>,
  connections: number,
  cached: number,
): number => memoryBase + memoryPerConnection * connections + cached;

type Cache = Pick<ClientProfile, 'memoryCache' | 'caches'>;

/** Bytes that it caches while it transfers a file, of which it never holds more than there is. @param begun bytes of pieces not whole. */
export const cached = ({ memoryCache, caches }: Cache, file: number, begun: number): number =>
  Math.min(memoryCache, caches === 'file' ? file : begun);

/**
 * The same at its fullest: as many pieces nearly whole as others send to it, which on average over a swarm is as many as
 * it has slots for others.
 */
export const fullestCache = (
  client: Cache & Pick<ClientProfile, 'uploadSlots' | 'optimisticSlots'>,
  file: number,
  piece: number,
): number => cached(client, file, Math.min(file, (client.uploadSlots + client.optimisticSlots) * piece));
