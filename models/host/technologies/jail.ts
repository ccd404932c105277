// FreeBSD jails as Emulab has them: dummynet for links, virtual Ethernets with an encapsulation of their own.

import { assumed, published } from '../sources.js';
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
    memory: {
      host: assumed('32MB', '16MB', '64MB', 'What 20 vnodes of 24 MB leave of a 512 MB host (row E18)'),
      kernelPerContainer: assumed('4MB', '2MB', '6MB', 'Row E18: the rest of 22 to 26 MB all told'),
      processesPerContainer: assumed('14MB', '12MB', '16MB', 'Row E18: 12 to 16 MB for base processes'),
      duplicatedPerContainer: assumed('6MB', '3MB', '9MB', 'Row E18: buffers of a disk image of its own'),
    },
    disk: {
      base: assumed('300MB', '150MB', '600MB', 'A FreeBSD base system'),
      sharedBase: false,
      perContainer: assumed('64MB', '16MB', '128MB', 'A file-backed disk for each jail'),
      logsPerContainer: assumed('100KB', '10KB', '1MB', 'A short experiment'),
    },
    encapsulation: {
      kind: 'custom',
      vlanPerPacket: assumed('400ns', '100ns', '800ns', 'A tag put in and taken out again'),
      customPerPacket: assumed('1us', '300ns', '1500ns', 'A header of its own, and once more through the lowest layer'),
    },
    ruleCost: assumed('50ns', '20ns', '100ns', 'ipfw holds a packet against one rule after another'),
    setupPerContainer: published('30s', 'NCR report, section 8.3 (row E11): on the order of 30 seconds each'),
    parallelSetup: published(1, 'NCR report, section 8.3: set-up on a host is serialized'),
    processesPerContainer: assumed(4, 3, 8, 'syslogd, cron, sshd and the client'),
  },
};
