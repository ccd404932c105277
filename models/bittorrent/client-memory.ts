// A client's memory: its process, what each connection holds, and what it caches while it transfers.

import type { ClientProfile } from './client.js';

/** Bytes. `transferring`: it downloads or uploads now, so that its buffers and cached pieces are filled. */
export function clientMemory(
  client: Pick<ClientProfile, 'memoryBase' | 'memoryPerConnection' | 'memoryCache'>,
  connections: number,
  transferring: boolean,
): number {
  return client.memoryBase + client.memoryPerConnection * connections + (transferring ? client.memoryCache : 0);
}
