// What virtual machines take of a host whatever runs them: a kernel and processes, memory set aside, a disk image.

import { assumed } from '../sources.js';

export const guestProcesses = assumed('28MB', '20MB', '40MB', 'A kernel, init, syslogd and sshd');
export const guestMemory = assumed('64MB', '48MB', '128MB', 'The least that a distribution of that time ran in');
export const guestDuplicates = assumed('0B', '0B', '4MB', 'Part of what is set aside');

export const guestDisk = {
  base: assumed('1GB', '600MB', '2GB', 'An image of a whole system'),
  sharedBase: true,
  perContainer: assumed('100MB', '30MB', '300MB', 'Blocks that a guest has written: NCR report, section 8.2.2'),
  logsPerContainer: assumed('100KB', '10KB', '1MB', 'A short experiment'),
};

export const imageOnce = assumed('60s', '10s', '5min', 'An image of 1 GB over the network, unless it is cached');
