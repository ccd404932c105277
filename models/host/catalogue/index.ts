// The catalogue of hosts: one data file each, decoded and checked as any profile of a user's is.

import { type HostProfile, hostProfileSchema } from '../profile.js';
import { pc3000 } from './pc3000.js';
import { t7500 } from './t7500.js';

/** Every host of the catalogue, by name. */
export const hostCatalogue: Readonly<Record<string, HostProfile>> = Object.fromEntries(
  [pc3000, t7500].map((document) => [document.name, hostProfileSchema.parse(document)]),
);
