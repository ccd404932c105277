// pc3000, the Emulab host of the NCR report (chapter 8): one 3.0 GHz Xeon of 2005, 2 GB, in 32-bit mode.

import type { HostProfileDocument, PlatformDocument } from '../profile.js';
import { assumed, fitted, published } from '../sources.js';
import { jails, openvzContainers } from '../technologies/index.js';

const REPORT = 'NCR report, section 8.1';

/** What the hardware decides, whatever the container technology. */
const hardwareCosts = {
  cache: assumed('512KiB', '256KiB', '1MiB', `1 MB of L2 (${REPORT}.2), shared by two hyper-threads`),
  refillPerByte: fitted(
    0.25,
    0.15,
    0.5,
    'rows E1, E3 and E8: the price of a switch; 64 bytes in 16 ns, near the memory bandwidth',
  ),
  workingSet: fitted(
    '40KiB',
    '24KiB',
    '64KiB',
    'rows E3 and E8: hot code and data of a task and of its path through the kernel',
  ),
  copyPerByte: fitted(1.5, 1, 2, 'rows E1 and E2; 32-bit mode'),
  packetPerByte: fitted(1.35, 0.9, 1.8, 'rows E1 and E16: small packets cost less'),
  idleExit: assumed('500ns', '300ns', '3us', 'Leaving halt (C1)'),
  deepIdleExit: assumed('500ns', '300ns', '3us', 'This Xeon has no deeper state than C1'),
  deepIdleAfter: assumed('200us', '50us', '1ms', 'Without effect: there is no deeper state'),
  lowestClock: published(1, 'No frequency governor: a server part of 2005 with a fixed clock'),
  nicPerPacket: assumed('3us', '1500ns', '6us', 'Driver and share of a coalesced interrupt; not calibrated'),
};

const storage: NonNullable<PlatformDocument['storage']> = {
  kind: 'local',
  spindles: published(1, `${REPORT}.2: two disks, one of them for containers`),
  writeRate: assumed('40MB/s', '20MB/s', '60MB/s', 'A SCSI disk of that time with many writers behind the page cache'),
};

const openvz: PlatformDocument = {
  storage,
  kernel: 'linux-2.6.18',
  cores: assumed(2, 1, 2, 'Two hyper-threads of one Xeon under Linux; costs are those of a busy hyper-thread'),
  cpu: {
    ...hardwareCosts,
    softirqStart: fitted('1us', '500ns', '3us', 'rows E1, E3 and E16'),
    transmitPerPacket: fitted('1850ns', '1500ns', '2200ns', 'rows E1, E3 and E16'),
    forwardPerPacket: fitted('1550ns', '1250ns', '1900ns', 'rows E1, E3 and E16'),
    bridgePerPacket: assumed(
      '300ns',
      '150ns',
      '700ns',
      `A part of forwardPerPacket; ${REPORT}.5 expects a direct path to be cheaper`,
    ),
    receivePerPacket: fitted('1950ns', '1600ns', '2350ns', 'rows E1, E3 and E16'),
    shaperWake: fitted('2500ns', '1us', '5us', 'row E3: a tick-driven token bucket and its interrupt'),
    shaperPerPacket: fitted('1400ns', '700ns', '2500ns', 'row E3: queueing under the lock of the discipline'),
    broadcastPerPort: assumed('1500ns', '700ns', '3us', 'Clone and enqueue for each port'),
    taskWake: fitted('1500ns', '700ns', '3us', 'rows E1, E3 and E16'),
    contextSwitch: fitted('1500ns', '700ns', '3us', 'rows E1, E3 and E16'),
    systemCall: fitted('400ns', '250ns', '800ns', 'rows E1, E3 and E16'),
    applicationSpeed: assumed(0.6, 0.45, 0.8, 'A 3.0 GHz NetBurst core beside a 2.2 GHz Core 2 core'),
    backgroundWakesPerSecond: assumed(2, 0.5, 6, 'init, syslogd, cron and sshd of a container at rest'),
    backgroundWork: assumed('40us', '15us', '120us', 'Short timers of those processes'),
  },
  ...openvzContainers,
};

const jail: PlatformDocument = {
  storage,
  kernel: 'freebsd-4.10',
  cores: assumed(1, 1, 1, 'FreeBSD 4.10 runs its kernel on one CPU'),
  cpu: {
    ...hardwareCosts,
    softirqStart: fitted('800ns', '400ns', '2us', 'row E8'),
    transmitPerPacket: fitted('1500ns', '1200ns', '1800ns', 'row E8'),
    forwardPerPacket: fitted('500ns', '300ns', '700ns', 'row E8, encapsulation apart: dummynet and virtual Ethernets'),
    bridgePerPacket: assumed('300ns', '150ns', '700ns', 'A part of forwardPerPacket'),
    receivePerPacket: fitted('1500ns', '1200ns', '1800ns', 'row E8'),
    shaperWake: fitted('2500ns', '1us', '5us', 'row E8: dummynet runs from the clock interrupt'),
    shaperPerPacket: fitted('200ns', '100ns', '500ns', 'row E8, the rules before it apart'),
    broadcastPerPort: assumed('1500ns', '700ns', '3us', 'Copy and enqueue for each port'),
    taskWake: fitted('1200ns', '700ns', '2500ns', 'row E8'),
    contextSwitch: fitted('2us', '1us', '3500ns', 'row E8'),
    systemCall: fitted('600ns', '300ns', '1200ns', 'row E8'),
    applicationSpeed: assumed(0.6, 0.45, 0.8, 'A 3.0 GHz NetBurst core beside a 2.2 GHz Core 2 core'),
    backgroundWakesPerSecond: assumed(2, 0.5, 6, 'syslogd, cron and sshd of a jail at rest'),
    backgroundWork: assumed('40us', '15us', '120us', 'Short timers of those processes'),
  },
  ...jails,
};

/** Nobody published LXC on this hardware: OpenVZ's costs, a later kernel, and the P2P paper's containers. */
const PAPER = "As the P2P paper's containers (row P7); assumed for this hardware";

const lxc: PlatformDocument = {
  ...openvz,
  kernel: 'linux-2.6.32',
  cpu: {
    ...openvz.cpu,
    shaperWake: assumed('2500ns', '1us', '6us', 'As fitted for OpenVZ: a high-resolution timer and its interrupt'),
    shaperPerPacket: assumed('1us', '200ns', '5us', 'Queueing under the lock of the discipline'),
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
