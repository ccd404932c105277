// KVM or VMware: virtual machines on a host's kernel, identical pages kept once.

import { assumed } from '../sources.js';
import type { TechnologyDocument } from './technology.js';
import { guestDisk, guestDuplicates, guestMemory, guestProcesses, imageOnce } from './virtual-machines.js';

const EXITS = 'A packet leaves the guest, crosses a process of the host or its helper thread, and enters another guest';
const SHARING = 'Waldspurger (OSDI 2002): 7 to 33 % of the memory of real guests was reclaimed by sharing pages';

export const kvm: TechnologyDocument = {
  id: 'kvm',
  title: 'KVM or VMware',
  memory: 'memory is set aside for each guest, a process of the host beside it; identical pages are kept once',
  packets: 'a paravirtual device, the host in between, and two guests entered and left for each burst',
  files: 'a disk image for each guest, copied on write from one',
  setup: 'some at a time, a kernel booted in each; the image is fetched first',
  interference: null,
  differs: {
    cpu: {
      transmitPerPacket: { times: 2, low: 1.3, high: 3.5, note: EXITS },
      forwardPerPacket: { times: 4, low: 2, high: 7, note: EXITS },
      receivePerPacket: { times: 2, low: 1.3, high: 3.5, note: EXITS },
      packetPerByte: { times: 1.5, low: 1, high: 2.5, note: 'The host copies between guests' },
      softirqStart: { times: 4, low: 2, high: 7, note: 'An interrupt injected into a guest' },
      taskWake: { times: 2.5, low: 1.5, high: 5, note: 'A virtual CPU is woken before the task in it' },
      contextSwitch: { times: 2.5, low: 1.5, high: 5, note: 'Between virtual machines, their page tables included' },
      backgroundWakesPerSecond: { times: 10, low: 3, high: 50, note: 'A kernel of its own and emulated timers' },
    },
    memory: {
      host: assumed('160MB', '100MB', '300MB', 'Kernel, services and the manager'),
      kernelPerContainer: assumed('24MB', '10MB', '50MB', 'A process for each guest, its buffers and shadow tables'),
      processesPerContainer: guestProcesses,
      duplicatedPerContainer: guestDuplicates,
    },
    guest: {
      memory: guestMemory,
      pageSharing: assumed('19%', '7%', '33%', SHARING),
    },
    disk: guestDisk,
    setupPerContainer: assumed('30s', '10s', '90s', 'A kernel that boots'),
    parallelSetup: assumed(2, 1, 4, 'As many as the disk bears'),
    imageOnce,
    processesPerContainer: assumed(4, 2, 8, 'Of the host: a process with its threads; the others are inside the guest'),
  },
};
