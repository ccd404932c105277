// The door of clients: every BitTorrent client that an emulated swarm can run, and the tracker.

import { InputError } from '../../models/index.js';
import { aria2 } from './aria2.js';
import type { SwarmClient } from './client.js';
import { hrktorrent, libtorrent } from './libtorrent.js';

export type { ClientProgress, ClientReport, SwarmClient } from './client.js';
export { announceUrl, opentracker, TRACKER_PORT } from './opentracker.js';

export const swarmClients: readonly SwarmClient[] = [aria2, hrktorrent, libtorrent];

/** @throws InputError when no emulated client has that name. */
export function swarmClient(name: string): SwarmClient {
  const found = swarmClients.find((client) => client.name === name);
  if (found) return found;
  const names = swarmClients.map((client) => client.name).join(', ');
  throw new InputError('scenario.workload.client', `a client that can be emulated (${names})`, name);
}
