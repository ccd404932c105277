// Linux-VServer: security contexts in a patched kernel that share the host's network stack and, unified, its files.

import { assumed } from '../sources.js';
import { publishedInterference } from './published-interference.js';
import type { TechnologyDocument } from './technology.js';

const LOOPBACK = 'Guests have addresses of the host: packets between them cross its loopback, without veth and bridge';

export const vserver: TechnologyDocument = {
  id: 'vserver',
  title: 'Linux-VServer',
  memory: 'guests take what they use, and unified files are in memory once',
  packets: "the host's own stack: no veth, no bridge, no network namespace",
  files: 'hard links to one base, copied on write',
  setup: 'one after the other, links made for each',
  interference: publishedInterference(['0%', '20.6%', '48.8%', '0%', '13.6%', '8.2%']),
  differs: {
    cpu: {
      forwardPerPacket: { times: 0.3, low: 0.15, high: 0.6, note: LOOPBACK },
      bridgePerPacket: { times: 0.3, low: 0, high: 0.5, note: LOOPBACK },
      broadcastPerPort: { times: 0.2, low: 0.05, high: 0.5, note: LOOPBACK },
    },
    memory: {
      host: assumed('80MB', '43MB', '150MB', 'Kernel and services, as with containers'),
      kernelPerContainer: assumed('300KB', '100KB', '1MB', 'A context and its limits: no namespaces, no veth'),
      processesPerContainer: assumed('3MB', '2MB', '6MB', 'init, syslogd, sshd'),
      duplicatedPerContainer: assumed('8MB', '4MB', '16MB', 'Only where files are not unified'),
    },
    disk: {
      base: assumed('400MB', '200MB', '600MB', 'A distribution of that time'),
      sharedBase: true,
      perContainer: assumed('10MB', '4MB', '40MB', 'Directories and what is not unified'),
      logsPerContainer: assumed('100KB', '10KB', '1MB', 'A short experiment'),
    },
    setupPerContainer: assumed('5s', '2s', '15s', 'Thousands of hard links are made'),
    parallelSetup: assumed(1, 1, 2, 'One disk'),
    processesPerContainer: assumed(4, 3, 6, 'init, syslogd, sshd and the client'),
  },
};
