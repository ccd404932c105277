// t7500, the laptop of the P2P paper (RoEduNet 2010): a Core 2 Duo T7500 under Linux 2.6.32 with LXC.

import type { HostProfileDocument } from '../profile.js';
import { assumed, published } from './sources.js';

const PAPER = 'Bardac, Deaconescu, Florea (RoEduNet 2010)';
const GUESS = 'First guess for this processor, to be fitted to rows P1, P2 and P5';

export const t7500: HostProfileDocument = {
  name: 't7500',
  title: 'Core 2 Duo T7500 laptop: 2 x 2.2 GHz, Debian squeeze',
  hardware: {
    memory: assumed('1500MB', '1400MB', '2048MB', `${PAPER}: a peak of 1,357 MB was close to the limit`),
    disk: published('5.7GB', `${PAPER}: the partition`),
    nicRate: assumed('1Gbit/s', '100Mbit/s', '1Gbit/s', 'A laptop of 2007; the paper used one host'),
    fabricDelay: assumed('30us', '10us', '80us', 'One switch; the paper used one host'),
  },
  defaultTechnology: 'lxc',
  platforms: {
    lxc: {
      kernel: 'linux-2.6.32',
      cores: published(2, `${PAPER}: Core 2 Duo`),
      cpu: {
        softirqStart: assumed('4us', '1us', '10us', GUESS),
        transmitPerPacket: assumed('3us', '1500ns', '6us', GUESS),
        forwardPerPacket: assumed('2500ns', '1us', '5us', GUESS),
        bridgePerPacket: assumed('500ns', '200ns', '1us', GUESS),
        receivePerPacket: assumed('4us', '2us', '8us', GUESS),
        packetPerByte: assumed(0.4, 0.1, 0.8, 'Checksum and cache misses on payload'),
        copyPerByte: assumed(0.4, 0.2, 0.8, 'DDR2-667: a copy reads and writes'),
        shaperWake: assumed('3us', '1us', '8us', `${GUESS}: a high-resolution timer and its interrupt`),
        broadcastPerPort: assumed('1us', '400ns', '2us', 'Clone and enqueue for each port'),
        nicPerPacket: assumed('2us', '1us', '5us', 'Driver and share of a coalesced interrupt; not calibrated'),
        idleExit: assumed('10us', '1us', '60us', 'From C1 (1 us) to C4 (57 us) of a laptop part'),
        taskWake: assumed('1500ns', '700ns', '4us', GUESS),
        contextSwitch: assumed('1500ns', '700ns', '4us', GUESS),
        cache: published('2MiB', 'Intel: 4 MB of L2, shared by two cores'),
        refillPerByte: assumed(0.6, 0.3, 1.2, 'A 64-byte line in about 40 ns, partly overlapped'),
        workingSet: assumed(
          '64KiB',
          '24KiB',
          '192KiB',
          'Hot code and data of a client and of its path through the kernel',
        ),
        systemCall: assumed('500ns', '200ns', '1us', GUESS),
        applicationSpeed: published(1, 'The reference by definition'),
        backgroundWakesPerSecond: assumed(4, 1, 12, 'init, getty and sshd of a container, lxc-start outside'),
        backgroundWork: assumed('50us', '15us', '200us', GUESS),
        lowestClock: published(0.36363636, 'Intel: 800 MHz of 2,200 MHz; that the governor used it is assumed'),
      },
      memory: {
        host: published('43MB', `${PAPER} (row P7)`),
        kernelPerContainer: assumed('1MB', '500KB', '2MB', "Part of the paper's 4 MB (row P7)"),
        processesPerContainer: assumed('3MB', '2MB', '3500KB', "The rest of the paper's 4 MB (row P7)"),
        duplicatedPerContainer: assumed('8MB', '4MB', '16MB', 'Only without the read-only bind mounts'),
      },
      disk: {
        base: published('260.45MB', `${PAPER} (row P8)`),
        sharedBase: true,
        perContainer: published('1MB', `${PAPER} (row P8)`),
        logsPerContainer: published('100KB', `${PAPER} (row P8)`),
      },
      setupPerContainer: assumed('200ms', '30ms', '1s', 'Bind mounts instead of copies; a current host takes 30 ms'),
      parallelSetup: assumed(1, 1, 2, 'Containers are started one after the other'),
      processesPerContainer: published(5, `${PAPER}: lxc-start, init, getty, sshd, client (row P9)`),
    },
  },
};
