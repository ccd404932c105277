// The door of the client profiles: one data file a client.

import { InputError } from '../../input-error.js';
import type { ClientProfile } from '../client.js';
import { aria2 } from './aria2.js';
import { hrktorrent } from './hrktorrent.js';
import { libtorrent } from './libtorrent.js';

export const clientProfiles: readonly ClientProfile[] = [hrktorrent, libtorrent, aria2];

/** @throws InputError when there is no such client; `where` names the field or flag that asked for it. */
export function clientProfile(name: string, where = 'scenario.workload.client'): ClientProfile {
  const found = clientProfiles.find((client) => client.name === name);
  if (!found) throw new InputError(where, `a client (${clientProfiles.map((client) => client.name).join(', ')})`, name);
  return found;
}
