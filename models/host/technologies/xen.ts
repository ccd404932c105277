// Xen with paravirtualised guests: a kernel and a share of memory for each, and packets by way of dom0.

import { assumed } from '../sources.js';
import { publishedInterference } from './published-interference.js';
import type { TechnologyDocument } from './technology.js';
import { guestDisk, guestDuplicates, guestMemory, guestProcesses, imageOnce } from './virtual-machines.js';

/** They give a guest that sends a fifth, and one that receives a third, of what Linux does on the same machine. */
const NETBACK =
  'netfront, netback and grants; within what Menon, Cox and Zwaenepoel (USENIX 2006) measured, factors of 3 to 5';
const DOMAINS = 'Switching between domains changes address spaces and goes through the hypervisor';

export const xen: TechnologyDocument = {
  id: 'xen',
  title: 'Xen, paravirtualised guests',
  memory: 'memory is set aside for each guest whether it is used or not, and no page is shared',
  packets: 'a paravirtual network: netfront, netback and a bridge in dom0, a domain switch on the way',
  files: 'a logical volume for each guest, copied on write from one image',
  setup: 'one after the other, a kernel booted in each; the image is fetched first',
  interference: publishedInterference(['0%', '0.9%', '0%', '0%', '0.9%', '0.3%']),
  differs: {
    cpu: {
      transmitPerPacket: { times: 2, low: 1.3, high: 3, note: NETBACK },
      forwardPerPacket: { times: 4, low: 2.5, high: 6, note: NETBACK },
      receivePerPacket: { times: 2, low: 1.3, high: 3, note: NETBACK },
      packetPerByte: { times: 1.5, low: 1, high: 2, note: 'dom0 copies what guests exchange' },
      softirqStart: { times: 3, low: 1.5, high: 5, note: 'An event channel into another domain' },
      taskWake: { times: 2, low: 1.3, high: 4, note: DOMAINS },
      contextSwitch: { times: 3, low: 1.5, high: 5, note: DOMAINS },
      backgroundWakesPerSecond: { times: 8, low: 3, high: 30, note: 'A kernel of its own, with timers of its own' },
    },
    memory: {
      host: assumed('196MB', '128MB', '320MB', 'dom0 and the hypervisor'),
      kernelPerContainer: assumed('2MB', '1MB', '4MB', "The hypervisor's and dom0's tables for a guest"),
      processesPerContainer: guestProcesses,
      duplicatedPerContainer: guestDuplicates,
    },
    guest: {
      memory: guestMemory,
      pageSharing: assumed('0%', '0%', '7%', 'Xen of that time shares no pages'),
    },
    disk: guestDisk,
    setupPerContainer: assumed('40s', '15s', '90s', 'A snapshot, and a kernel that boots'),
    parallelSetup: assumed(1, 1, 2, 'NCR report, section 8.3: serialized to avoid overload'),
    imageOnce,
    processesPerContainer: assumed(1, 1, 3, 'Of the host: a backend; the processes are inside the guest'),
  },
};
