// t7500, the laptop of the P2P paper (RoEduNet 2010): a Core 2 Duo T7500 under Linux 2.6.32 with LXC.

import type { HostProfileDocument } from '../profile.js';
import { assumed, fitted, published } from '../sources.js';

const PAPER = 'Bardac, Deaconescu, Florea (RoEduNet 2010)';
const GUESS = 'Usual for this processor; rows P1, P2 and P5 do not determine it';

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
        softirqStart: fitted('5us', '3us', '8us', 'rows P1, P2 and P5'),
        transmitPerPacket: fitted('2300ns', '1700ns', '3us', 'rows P1, P2 and P5'),
        forwardPerPacket: fitted('2us', '1500ns', '2700ns', 'rows P1, P2 and P5'),
        bridgePerPacket: assumed('500ns', '200ns', '1us', GUESS),
        receivePerPacket: fitted('3us', '2200ns', '4us', 'rows P1, P2 and P5'),
        packetPerByte: assumed(0.4, 0.1, 0.8, 'Checksum and cache misses on payload'),
        copyPerByte: assumed(0.4, 0.2, 0.8, 'DDR2-667: a copy reads and writes'),
        shaperWake: assumed('3us', '1us', '8us', `${GUESS}: a high-resolution timer and its interrupt`),
        shaperPerPacket: assumed('1us', '200ns', '5us', 'Queueing under the lock of the discipline'),
        broadcastPerPort: assumed('1us', '400ns', '2us', 'Clone and enqueue for each port'),
        nicPerPacket: assumed('2us', '1us', '5us', 'Driver and share of a coalesced interrupt; not calibrated'),
        idleExit: fitted(
          '13us',
          '8us',
          '17us',
          'rows P1 and P2; C2 to C3 of a laptop part, a cache that it empties included',
        ),
        deepIdleExit: assumed(
          '52us',
          '17us',
          '80us',
          'C3 to C4 (ACPI tables of such laptops: 17 and 57 us), by how long it was idle',
        ),
        deepIdleAfter: assumed('200us', '100us', '500us', 'Target residency of C4, by which cpuidle chooses it'),
        taskWake: assumed('1500ns', '700ns', '4us', GUESS),
        contextSwitch: assumed('1500ns', '700ns', '4us', GUESS),
        cache: published('2MiB', 'Intel: 4 MB of L2, shared by two cores'),
        refillPerByte: assumed(0.6, 0.3, 1.2, 'A 64-byte line in about 40 ns, partly overlapped'),
        workingSet: fitted('36KiB', '24KiB', '56KiB', 'row P5, with the cost of a refill as assumed'),
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
