// A lab as a scenario: its vnodes, of which nothing is known but that they run.

import { plural } from '../wording.js';
import type { Lab } from './clab.js';

export const labScenario = (lab: Lab): unknown => ({
  name: lab.name.toLowerCase().replace(/[^a-z0-9-]/g, '-'),
  description: `${plural(lab.vnodes.length, 'vnode')} and ${plural(lab.links.length, 'link')} of the containerlab file`,
  workload: { kind: 'idle', vnodes: lab.vnodes.length },
});
