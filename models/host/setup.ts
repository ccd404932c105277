// Set-up of a host: the time until all its containers run, some of them started at the same time.

import type { Host } from './host.js';

/** ns. One after the other unless the host's `parallelSetup` says otherwise. */
export function setupTime(host: Pick<Host, 'setupPerContainer' | 'parallelSetup'>, containers: number): number {
  return Math.ceil(containers / host.parallelSetup) * host.setupPerContainer;
}
