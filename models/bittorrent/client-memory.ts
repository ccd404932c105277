// A client's memory: its process, what each connection holds, and what it caches while it transfers.

import type { ClientProfile } from './client.js';

/** Bytes. @param cached bytes of pieces that it holds now, see `cacheOf`. */
export const clientMemory = (
  { memoryBase, memoryPerConnection }: Pick<ClientProfile, 'memoryBase' | 'memoryPerConnection'>,
  connections: number,
  cached: number,
): number => memoryBase + memoryPerConnection * connections + cached;

/** Bytes of buffers and cached pieces while it transfers a file, of which it never holds more than there is. */
export const cacheOf = ({ memoryCache }: Pick<ClientProfile, 'memoryCache'>, file: number): number =>
  Math.min(memoryCache, file);
