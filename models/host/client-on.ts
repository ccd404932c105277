// A client as one host runs it: its profile, and what was measured there in place of what the profile says.

import { type ClientProfile, clientProfile } from '../bittorrent/index.js';
import type { Host } from './host.js';

/** @throws InputError when there is no such client. */
export const clientOn = ({ clients }: Pick<Host, 'clients'>, name: string): ClientProfile => ({
  ...clientProfile(name),
  ...clients[name],
});
