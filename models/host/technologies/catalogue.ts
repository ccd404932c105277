// The catalogue of technologies: one data file each.

import type { Technology } from '../technology-name.js';
import { jail } from './jail.js';
import { kvm } from './kvm.js';
import { lxc } from './lxc.js';
import { openvz } from './openvz.js';
import { type TechnologyModel, technologySchema } from './technology.js';
import { vserver } from './vserver.js';
import { xen } from './xen.js';

/** By name, in the order of `TECHNOLOGIES`. */
export const technologies = Object.fromEntries(
  [lxc, openvz, jail, vserver, xen, kvm].map((document) => [document.id, technologySchema.parse(document)]),
) as Readonly<Record<Technology, TechnologyModel>>;
