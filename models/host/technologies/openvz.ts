// OpenVZ: containers of a patched Linux kernel, each with a copy of its files.

import { openvzContainers } from './emulab-vnodes.js';
import { publishedInterference } from './published-interference.js';
import type { TechnologyDocument } from './technology.js';

export const openvz: TechnologyDocument = {
  id: 'openvz',
  title: 'OpenVZ',
  memory: 'containers take what they use, but without copy-on-write the buffer cache holds blocks once for each',
  packets: 'a veth into a bridge, all in one kernel',
  files: 'a copy of the base for each vnode',
  setup: 'one after the other, a file system copied for each',
  interference: publishedInterference(['0%', '89.3%', '39%', '0%', '4.5%', '35.4%']),
  differs: {
    kernel: 'linux-2.6.32',
    cpu: {
      forwardPerPacket: { times: 1.1, low: 1, high: 1.4, note: 'The same veth and bridge, with checks of its own' },
    },
    ...openvzContainers,
  },
};
