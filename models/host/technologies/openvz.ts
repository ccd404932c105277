// OpenVZ: containers of a patched Linux kernel, each with a copy of its files.

import { assumed, published } from '../sources.js';
import { publishedInterference } from './published-interference.js';
import type { TechnologyDocument } from './technology.js';

const REPORT = 'NCR report, section 8.1';

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
    memory: {
      host: assumed('120MB', '60MB', '200MB', 'Kernel and services of an OpenVZ host'),
      kernelPerContainer: assumed('3MB', '1MB', '6MB', `${REPORT}.4: the growth is almost entirely in the kernel`),
      processesPerContainer: assumed('6MB', '3MB', '12MB', 'init, syslogd, cron, sshd'),
      duplicatedPerContainer: assumed('8MB', '4MB', '16MB', `${REPORT}.4: no copy-on-write, the buffer cache doubles`),
    },
    disk: {
      base: assumed('600MB', '300MB', '1GB', 'A distribution of that time'),
      sharedBase: false,
      perContainer: assumed('2MB', '1MB', '10MB', 'Configuration and state'),
      logsPerContainer: assumed('100KB', '10KB', '1MB', 'A short experiment'),
    },
    setupPerContainer: assumed('20s', '8s', '60s', `${REPORT}.5: creation is a large bottleneck, copies a file system`),
    parallelSetup: published(1, 'NCR report, section 8.3: set-up on a host is serialized'),
    processesPerContainer: assumed(5, 3, 10, 'init, syslogd, cron, sshd and the client'),
  },
};
