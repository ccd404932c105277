// pc3000, the Emulab host of the NCR report (chapter 8): one 3.0 GHz Xeon of 2005, 2 GB, in 32-bit mode.

import type { HostProfileDocument } from '../profile.js';
import { assumed, published } from './sources.js';

type PlatformDocument = NonNullable<HostProfileDocument['platforms']['openvz']>;

const REPORT = 'NCR report, section 8.1';
const GUESS = 'First guess for this processor, to be fitted';

/** What the hardware decides, whatever the container technology. */
const hardwareCosts = {
  cache: assumed('512KiB', '256KiB', '1MiB', `1 MB of L2 (${REPORT}.2), shared by two hyper-threads`),
  refillPerByte: assumed(1.2, 0.6, 2.4, 'A 64-byte line in about 80 ns from DDR2-400, partly overlapped'),
  workingSet: assumed('64KiB', '24KiB', '192KiB', 'Hot code and data of a client and of its path through the kernel'),
  copyPerByte: assumed(0.7, 0.4, 1.2, `${REPORT}.2: 3.2 to 6.4 GB/s of memory bandwidth; a copy reads and writes`),
  packetPerByte: assumed(0.5, 0.2, 1, 'Checksum and cache misses on payload; bounded by the same memory bandwidth'),
  idleExit: assumed('1us', '500ns', '3us', 'Leaving halt (C1); this Xeon has no deeper state'),
  lowestClock: published(1, 'No frequency governor: a server part of 2005 with a fixed clock'),
  nicPerPacket: assumed('3us', '1500ns', '6us', 'Driver and share of a coalesced interrupt; not calibrated'),
};

const LINUX = 'Linux of 2006 to 2010 on this processor';

const openvz: PlatformDocument = {
  kernel: 'linux-2.6.18',
  cores: assumed(2, 1, 2, 'Two hyper-threads of one Xeon under Linux; costs are those of a busy hyper-thread'),
  cpu: {
    ...hardwareCosts,
    softirqStart: assumed('2us', '500ns', '5us', GUESS),
    transmitPerPacket: assumed('4us', '2us', '8us', GUESS),
    forwardPerPacket: assumed('3us', '1500ns', '6us', GUESS),
    bridgePerPacket: assumed('700ns', '300ns', '1500ns', `${GUESS}; ${REPORT}.5 expects a direct path to be cheaper`),
    receivePerPacket: assumed('5us', '2500ns', '10us', GUESS),
    shaperWake: assumed('3us', '1us', '6us', `${GUESS}: a tick-driven token bucket and its interrupt`),
    broadcastPerPort: assumed('1500ns', '700ns', '3us', 'Clone and enqueue for each port'),
    taskWake: assumed('2us', '1us', '4us', LINUX),
    contextSwitch: assumed('2us', '1us', '4us', LINUX),
    systemCall: assumed('1us', '500ns', '2us', LINUX),
    applicationSpeed: assumed(0.6, 0.45, 0.8, 'A 3.0 GHz NetBurst core beside a 2.2 GHz Core 2 core'),
    backgroundWakesPerSecond: assumed(2, 0.5, 6, 'init, syslogd, cron and sshd of a container at rest'),
    backgroundWork: assumed('40us', '15us', '120us', 'Short timers of those processes'),
  },
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
    logsPerContainer: assumed('100KB', '10KB', '1MB', 'A short experiment'),
  },
  setupPerContainer: assumed('20s', '8s', '60s', `${REPORT}.5: creation is a large bottleneck, copies a file system`),
  parallelSetup: published(1, 'NCR report, section 8.3: set-up on a host is serialized'),
  processesPerContainer: assumed(5, 3, 10, 'init, syslogd, cron, sshd and the client'),
};

const FREEBSD = 'FreeBSD 4.10 with dummynet and encapsulated virtual Ethernets';

const jail: PlatformDocument = {
  kernel: 'freebsd-4.10',
  cores: assumed(1, 1, 1, 'FreeBSD 4.10 runs its kernel on one CPU'),
  cpu: {
    ...hardwareCosts,
    softirqStart: assumed('1500ns', '500ns', '4us', GUESS),
    transmitPerPacket: assumed('3us', '1500ns', '6us', GUESS),
    forwardPerPacket: assumed('3500ns', '1500ns', '7us', `${GUESS}: ${FREEBSD}`),
    bridgePerPacket: assumed('700ns', '300ns', '1500ns', GUESS),
    receivePerPacket: assumed('3us', '1500ns', '6us', GUESS),
    shaperWake: assumed('2us', '500ns', '5us', 'dummynet runs from the clock interrupt'),
    broadcastPerPort: assumed('1500ns', '700ns', '3us', 'Copy and enqueue for each port'),
    taskWake: assumed('1500ns', '700ns', '3us', GUESS),
    contextSwitch: assumed('2us', '1us', '4us', GUESS),
    systemCall: assumed('800ns', '400ns', '2us', GUESS),
    applicationSpeed: assumed(0.6, 0.45, 0.8, 'A 3.0 GHz NetBurst core beside a 2.2 GHz Core 2 core'),
    backgroundWakesPerSecond: assumed(2, 0.5, 6, 'syslogd, cron and sshd of a jail at rest'),
    backgroundWork: assumed('40us', '15us', '120us', 'Short timers of those processes'),
  },
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
  disk: {
    base: assumed('300MB', '150MB', '600MB', 'A FreeBSD base system'),
    sharedBase: false,
    perContainer: assumed('64MB', '16MB', '128MB', 'A file-backed disk for each jail'),
    logsPerContainer: assumed('100KB', '10KB', '1MB', 'A short experiment'),
  },
  setupPerContainer: published('30s', 'NCR report, section 8.3 (row E11): on the order of 30 seconds each'),
  parallelSetup: published(1, 'NCR report, section 8.3: set-up on a host is serialized'),
  processesPerContainer: assumed(4, 3, 8, 'syslogd, cron, sshd and the client'),
};

/** Nobody published LXC on this hardware: OpenVZ's costs, a later kernel, and the P2P paper's containers. */
const PAPER = "As the P2P paper's containers (row P7); assumed for this hardware";

const lxc: PlatformDocument = {
  ...openvz,
  kernel: 'linux-2.6.32',
  cpu: {
    ...openvz.cpu,
    shaperWake: assumed('2500ns', '1us', '6us', `${GUESS}: a high-resolution timer and its interrupt`),
  },
  memory: {
    host: assumed('80MB', '43MB', '150MB', 'Kernel and services without the OpenVZ tools'),
    kernelPerContainer: assumed('1MB', '500KB', '2MB', PAPER),
    processesPerContainer: assumed('3MB', '2MB', '5MB', PAPER),
    duplicatedPerContainer: assumed('8MB', '4MB', '16MB', 'Only without the read-only bind mounts'),
  },
  disk: {
    base: assumed('260MB', '200MB', '600MB', "As the P2P paper's (row P8)"),
    sharedBase: true,
    perContainer: assumed('1MB', '500KB', '5MB', "As the P2P paper's (row P8)"),
    logsPerContainer: assumed('100KB', '10KB', '1MB', "As the P2P paper's (row P8)"),
  },
  setupPerContainer: assumed('300ms', '50ms', '1s', 'Bind mounts instead of copies; a current host takes 30 ms'),
  parallelSetup: assumed(1, 1, 2, 'Containers are started one after the other'),
  processesPerContainer: assumed(5, 4, 6, "As the P2P paper's (row P9)"),
};

export const pc3000: HostProfileDocument = {
  name: 'pc3000',
  title: 'Emulab pc3000: 3.0 GHz Xeon, 1 MB L2, 2 GB, 2 x 146 GB',
  hardware: {
    memory: published('2GiB', `${REPORT}.2: four modules of 512 MB`),
    disk: published('146GB', `${REPORT}.2: two disks of 146 GB, one of them for containers`),
    nicRate: assumed('1Gbit/s', '100Mbit/s', '1Gbit/s', 'A gigabit interface for the experiment'),
    fabricDelay: assumed('30us', '10us', '80us', 'Half of a base round trip of 177 us (row E20), less both stacks'),
  },
  defaultTechnology: 'openvz',
  platforms: { openvz, jail, lxc },
};
