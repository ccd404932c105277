// LXC: plain Linux containers, namespaces and cgroups of the mainline kernel. What the others are compared with.

import { publishedInterference } from './published-interference.js';
import type { TechnologyDocument } from './technology.js';

export const lxc: TechnologyDocument = {
  id: 'lxc',
  title: 'LXC',
  memory: 'containers take what they use, and code on the read-only base is there once',
  packets: 'a veth into a bridge, all in one kernel',
  files: 'the base mounted read-only, a folder for each vnode',
  setup: 'one after the other, without copies',
  interference: publishedInterference(['0%', '88.2%', '9%', null, '2.2%', '10.3%']),
  differs: null,
};
