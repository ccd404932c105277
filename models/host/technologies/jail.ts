// FreeBSD jails as Emulab has them: dummynet for links, virtual Ethernets with an encapsulation of their own.

import { assumed } from '../sources.js';
import { jails } from './emulab-vnodes.js';
import type { TechnologyDocument } from './technology.js';

export const jail: TechnologyDocument = {
  id: 'jail',
  title: 'FreeBSD jail',
  memory: 'jails take what they use, each with the buffers of a disk image of its own',
  packets: 'dummynet and virtual Ethernets that encapsulate, all in one kernel on one CPU',
  files: 'a file-backed disk for each vnode',
  setup: 'one after the other, 30 s each',
  interference: null,
  differs: {
    kernel: 'freebsd-4.10',
    cores: assumed(1, 1, 1, 'FreeBSD 4.10 runs its kernel on one CPU'),
    cpu: {
      shaperWake: { times: 1, low: 0.5, high: 2, note: 'dummynet runs from the clock interrupt' },
      contextSwitch: { times: 1.3, low: 1, high: 2, note: 'As on pc3000 beside containers' },
    },
    ...jails,
  },
};
