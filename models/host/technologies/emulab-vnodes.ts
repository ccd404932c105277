// What Emulab's containers and jails take of a host besides CPU: the same on pc3000 and wherever else they are assumed.

import { assumed, published } from '../sources.js';

const REPORT = 'NCR report, section 8.1';
const SERIALIZED = 'NCR report, section 8.3: set-up on a host is serialized';

const logsPerContainer = assumed('100KB', '10KB', '1MB', 'A short experiment');

export const openvzContainers = {
  memory: {
    host: assumed('120MB', '60MB', '200MB', 'Kernel and services of an OpenVZ host'),
    kernelPerContainer: assumed('3MB', '1MB', '6MB', `${REPORT}.4: the growth is almost entirely in the kernel`),
    processesPerContainer: assumed('6MB', '3MB', '12MB', 'init, syslogd, cron, sshd'),
    duplicatedPerContainer: assumed('8MB', '4MB', '16MB', `${REPORT}.4: no copy-on-write, so the buffer cache doubles`),
  },
  disk: {
    base: assumed('600MB', '300MB', '1GB', 'A distribution of that time'),
    sharedBase: false,
    perContainer: assumed('2MB', '1MB', '10MB', 'Configuration and state'),
    logsPerContainer,
  },
  setupPerContainer: assumed('20s', '8s', '60s', `${REPORT}.5: creation is a large bottleneck, copies a file system`),
  parallelSetup: published(1, SERIALIZED),
  processesPerContainer: assumed(5, 3, 10, 'init, syslogd, cron, sshd and the client'),
};

export const jails = {
  memory: {
    host: assumed('32MB', '16MB', '64MB', 'What 20 vnodes of 24 MB leave of a 512 MB host (row E18)'),
    kernelPerContainer: assumed('4MB', '2MB', '6MB', 'Row E18: the rest of 22 to 26 MB all told'),
    processesPerContainer: {
      ...published('14MB', 'Row E18: 12 to 16 MB for base processes'),
      low: '12MB',
      high: '16MB',
    },
    duplicatedPerContainer: assumed('6MB', '3MB', '9MB', 'Row E18: buffers of a disk image of its own'),
  },
  ruleCost: assumed(
    '50ns',
    '25ns',
    '100ns',
    'ipfw holds a packet against one rule after another: some 150 cycles and a cache line each',
  ),
  encapsulation: {
    kind: 'custom' as const,
    vlanPerPacket: assumed('400ns', '200ns', '800ns', 'A tag of four bytes put in and taken out again'),
    customPerPacket: assumed(
      '1us',
      '600ns',
      '1500ns',
      'A header of its own, and the packet goes once more through the lowest layer, out and in',
    ),
  },
  disk: {
    base: assumed('300MB', '150MB', '600MB', 'A FreeBSD base system'),
    sharedBase: false,
    perContainer: assumed('64MB', '16MB', '128MB', 'A file-backed disk for each jail'),
    logsPerContainer,
  },
  setupPerContainer: published('30s', 'NCR report, section 8.3 (row E11): on the order of 30 seconds each'),
  parallelSetup: published(1, SERIALIZED),
  processesPerContainer: assumed(4, 3, 8, 'syslogd, cron, sshd and the client'),
};
