// Set-up of a host: the time until all its containers run, some of them started at the same time.

import type { Host } from './host.js';

type SetupHost = Pick<Host, 'setupPerContainer' | 'parallelSetup'> & Partial<Pick<Host, 'imageOnce'>>;

/** ns. One after the other unless the host's `parallelSetup` says otherwise; first the image, where it is not there. */
export function setupTime(host: SetupHost, containers: number): number {
  return (host.imageOnce ?? 0) + Math.ceil(containers / host.parallelSetup) * host.setupPerContainer;
}
