// Where a fit starts: a profile of the machine as far as its kernel tells, with costs as on current servers, wide.

import {
  type HostProfile,
  type HostProfileDocument,
  hostProfileSchema,
  type KernelId,
  type PlatformDocument,
} from '../../models/index.js';
import type { Machine, MeasuredSharing } from '../observations/index.js';

const CURRENT = 'Usual for a server core of 2015 to 2025; where the fit started';

const TIMER = `${CURRENT}; timers and interrupts between cores leave a virtual machine`;

const assumed = <V extends string | number>(value: V, low: V, high: V, note = CURRENT) => ({
  ...{ value, low, high, source: 'assumed' as const, note },
});
const found = <V extends string | number>(value: V, note: string) => ({ value, source: 'measured' as const, note });
const bytes = (value: number): string => `${Math.round(value)}B`;

/** What waiting costs on the hardware's own cores. */
const IDLE_STATES = {
  idleExit: assumed('1500ns', '250ns', '10us', TIMER),
  deepIdleExit: assumed('4us', '1us', '20us', 'C6'),
  deepIdleAfter: assumed('200us', '100us', '400us', 'Target residency of C6'),
};

/**
 * And on a hypervisor's. Whether a waking task takes a halted core for idle hangs on whether the host polls for it at that moment
 * (halt_poll_ns), which it adapts: traced on Linux 6.18 under 2 to 24 pairs, of tasks that packet work on an idle core woke, 0 to
 * 90 % went to the halted core on which they had last run. None at all comes nearest to how often cores are idle.
 */
const HALT = {
  idleExit: assumed('0us', '0us', '0us', 'Without effect: there is one idle state'),
  deepIdleExit: assumed(
    '8us',
    '2us',
    '30us',
    'Halting and waking a virtual core: out of the virtual machine and in again',
  ),
  deepIdleAfter: assumed('0us', '0us', '0us', "A halted core is taken for the hypervisor's"),
};

/** The kernel generation whose networking a release has: by the features that the profile's kernels differ in. */
function generationOf(release: string): KernelId {
  const [major = 6, minor = 0] = release.split('.').map(Number);
  if (major > 6 || (major === 6 && minor >= 6)) return 'linux-6.6';
  if (major > 3 || (major === 3 && minor >= 12)) return 'linux-6.1';
  return major === 2 && release.startsWith('2.6.18') ? 'linux-2.6.18' : 'linux-2.6.32';
}

const SHARING = 'Kernel work timed on all cores at once, before and after the ladder: mean, least and most of halves';

function sharingOf({ share, speed, stretch }: MeasuredSharing): NonNullable<PlatformDocument['sharedCores']> {
  const as = (one: MeasuredSharing['share'], shown: (value: number) => string) => ({
    ...found(shown(one.value), SHARING),
    low: shown(one.low),
    high: shown(one.high),
  });
  const short = (value: number) => Number(value.toPrecision(3));
  const percent = (value: number) => `${short(100 * value)}%`;
  return { share: as(share, percent), speed: as(speed, percent), stretch: as(stretch, (s) => `${short(1000 * s)}ms`) };
}

/**
 * @param name what the host will be called
 * @param sharing undefined: nobody else uses its cores
 */
export function startingProfile(name: string, machine: Machine, sharing?: MeasuredSharing): HostProfile {
  const { processor, cores, kernel, memory, disk, cache, kvm = false } = machine;
  const title = `${processor}: ${cores} cores, ${Math.round(memory / 2 ** 30)} GiB, Linux ${kernel}`;
  const cacheSize = cache > 0 ? cache : 2 ** 20;
  const document: HostProfileDocument = {
    name,
    title: title.slice(0, 200),
    hardware: {
      memory: found(bytes(memory), '/proc/meminfo: MemTotal'),
      disk: found(bytes(disk), 'Free where emulations keep their files'),
      nicRate: assumed('10Gbit/s', '1Gbit/s', '25Gbit/s', 'Not measured: one machine sees no traffic between hosts'),
      fabricDelay: assumed('20us', '5us', '80us', 'Not measured: one machine sees no traffic between hosts'),
    },
    defaultTechnology: 'lxc',
    platforms: {
      lxc: {
        kernel: generationOf(kernel),
        cores: found(cores, '/proc/cpuinfo'),
        ...(kvm ? { virtual: true } : {}),
        ...(sharing ? { sharedCores: sharingOf(sharing) } : {}),
        cpu: {
          softirqStart: assumed('500ns', '170ns', '1500ns'),
          transmitPerPacket: assumed('1000ns', '350ns', '3us'),
          forwardPerPacket: assumed('700ns', '250ns', '2us'),
          bridgePerPacket: assumed('200ns', '70ns', '600ns'),
          receivePerPacket: assumed('1000ns', '350ns', '3us'),
          packetPerByte: assumed(0.04, 0.012, 0.14),
          copyPerByte: assumed(0.1, 0.035, 0.3),
          timerInterrupt: assumed('3us', '500ns', '15us', TIMER),
          timerArm: assumed('1500ns', '250ns', '10us', TIMER),
          shaperWake: assumed('1us', '300ns', '3us'),
          shaperPerPacket: assumed('400ns', '120ns', '1500ns'),
          broadcastPerPort: assumed('400ns', '130ns', '1200ns', 'Clone and enqueue for each port; not measured'),
          nicPerPacket: assumed('800ns', '300ns', '2500ns', 'Driver and interrupt; not measured on one machine'),
          ...(kvm ? HALT : IDLE_STATES),
          taskWake: assumed('2us', '300ns', '15us', TIMER),
          contextSwitch: assumed('1000ns', '400ns', '2500ns'),
          cache: assumed(bytes(cacheSize), bytes(cacheSize / 2), bytes(cacheSize * 2), 'Second-level cache of a core'),
          refillPerByte: assumed(0.08, 0.025, 0.25),
          workingSet: assumed('12KiB', '3KiB', '48KiB', 'What a small program touches between two waits'),
          systemCall: assumed('300ns', '100ns', '1us'),
          applicationSpeed: assumed(4, 2, 8, 'A server core of today beside a Core 2 Duo of 2.2 GHz'),
          backgroundWakesPerSecond: assumed(0.5, 0.05, 5, 'init of a container at rest'),
          backgroundWork: assumed('20us', '5us', '80us', 'init of a container at rest'),
          lowestClock: assumed(1, 1, 1, 'No governor seen'),
        },
        segmentCost: assumed('400ns', '100ns', '1600ns', 'An skb and its headers'),
        memory: {
          host: assumed('500MB', '100MB', '1500MB', 'Kernel and services; what is left for a range hangs on it'),
          kernelPerContainer: assumed('700KB', '200KB', '2500KB'),
          processesPerContainer: assumed('200KB', '40KB', '1MB', 'The init of a container at rest'),
          duplicatedPerContainer: assumed('8MB', '4MB', '16MB', 'Only without the read-only bind mounts'),
        },
        disk: {
          base: assumed('1GB', '300MB', '3GB', "The host's own /usr, bind-mounted"),
          sharedBase: true,
          perContainer: assumed('100KB', '30KB', '300KB', 'Its own /etc and /var'),
          logsPerContainer: assumed('100KB', '10KB', '1MB', 'A short experiment'),
        },
        clients: {
          aria2: {
            startWork: assumed('40ms', '8ms', '200ms', 'A small program'),
            memoryBase: assumed('6MB', '1500KB', '24MB', 'A small program'),
          },
          libtorrent: {
            startWork: assumed('200ms', '40ms', '1s', 'An interpreter and its library'),
            memoryBase: assumed('12MB', '3MB', '48MB', 'An interpreter and its library'),
          },
        },
        setupPerContainer: assumed('200ms', '50ms', '1s', 'Started several at a time'),
        parallelSetup: found(4 * cores, 'As many as an emulation starts at once'),
        processesPerContainer: assumed(3, 2, 4, 'lxc-start, init and a client'),
      },
    },
  };
  return hostProfileSchema.parse(document);
}
