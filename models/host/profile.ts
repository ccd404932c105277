// A host profile: what a physical host is and what the mechanisms cost on it, each number with its source.

import { z } from 'zod';
import { clientProfiles } from '../bittorrent/index.js';
import { interferenceOf } from '../interference.js';
import { duration, rate, ratio, size } from '../units.js';
import { calibrationSchema } from './calibration.js';
import { TECHNOLOGIES } from './technology-name.js';

const source = z.enum(['measured', 'published', 'assumed', 'default']);

/** A number with where it comes from and its 90 % interval; without low and high it is taken as exact. */
export const parameter = <T extends z.ZodType<number, unknown>>(value: T) =>
  z
    .strictObject({
      value,
      low: value.optional(),
      high: value.optional(),
      source,
      /** The publication, the fit (which rows), or the reason for the assumption. */
      note: z.string().min(1).max(600),
    })
    .refine(
      (p) => {
        const { value: middle, low = middle, high = middle } = p as unknown as Parameter;
        return low <= middle && middle <= high;
      },
      { message: 'low <= value <= high' },
    );

const number = z.number().nonnegative();
const share = ratio.refine((value) => value <= 1, { message: 'a share up to 100%' });
const whole = z.int().nonnegative();

export interface Parameter {
  value: number;
  low?: number | undefined;
  high?: number | undefined;
  source: z.output<typeof source>;
  note: string;
}

/** Costs of CPU work at full clock. Times in ns; `...PerByte` in ns a byte. */
const cpu = z.strictObject({
  /** Starting packet work on a core where none is active (raising and entering the softirq). */
  softirqStart: parameter(duration),
  /** A packet (skb) leaving a socket: TCP output, IP, the container's qdisc. */
  transmitPerPacket: parameter(duration),
  /** A packet from the container's qdisc over its veth and the bridge to the far veth's qdisc. */
  forwardPerPacket: parameter(duration),
  /** What of `forwardPerPacket` the bridge takes; a direct veth path saves it. */
  bridgePerPacket: parameter(duration),
  /** A packet from the far veth's qdisc into the receiver's socket, TCP input included. */
  receivePerPacket: parameter(duration),
  /** Memory traffic of packet work for each byte of a packet, all stages together. */
  packetPerByte: parameter(number),
  /** A copy between application and socket buffer. */
  copyPerByte: parameter(number),
  /** A timer's interrupt, the core's clock set for the next one included; it also serves what is due soon after (hrtimer_interrupt). */
  timerInterrupt: parameter(duration).prefault({ value: '0ns', source: 'default', note: 'Counted in shaperWake' }),
  /** Setting a core's clock anew for a timer that is due before all others of the core (hrtimer_reprogram). */
  timerArm: parameter(duration).prefault({ value: '0ns', source: 'default', note: 'Counted in timerInterrupt' }),
  /** A shaper whose timer fires: its queue is scheduled and run. */
  shaperWake: parameter(duration),
  /** A packet that has to wait in a shaper: into its queue and out again, locks included. */
  shaperPerPacket: parameter(duration),
  /** One port's share of a broadcast. */
  broadcastPerPort: parameter(duration),
  /** A packet to or from the physical NIC, driver and interrupt share included. */
  nicPerPacket: parameter(duration),
  /** Leaving the idle state that short waits lead to (halt). */
  idleExit: parameter(duration),
  /** Leaving the deep state that a core is in after it was idle for `deepIdleAfter`, caches to refill included. */
  deepIdleExit: parameter(duration),
  deepIdleAfter: parameter(duration),
  /** Waking a task: try_to_wake_up and the run queue. */
  taskWake: parameter(duration),
  /** Switching a core between tasks, warm caches. */
  contextSwitch: parameter(duration),
  /** Bytes of cache that tasks compete for, per core. */
  cache: parameter(size),
  /** Refilling a task's evicted working set. */
  refillPerByte: parameter(number),
  /** What one task keeps in the cache. */
  workingSet: parameter(size),
  /** A system call with its application-side bookkeeping (one read or write of a socket). */
  systemCall: parameter(duration),
  /** Speed of application code, relative to one core of a Core 2 Duo T7500 at 2.2 GHz. */
  applicationSpeed: parameter(number),
  /** Background of an idle container: how often it wakes a second, and the work each time. */
  backgroundWakesPerSecond: parameter(number),
  backgroundWork: parameter(duration),
  /** Lowest clock over highest when a governor lets the clock follow the load; 1: fixed clock. */
  lowestClock: parameter(number),
});

const memory = z.strictObject({
  /** The host's own, containers apart. */
  host: parameter(size),
  /** A container's kernel part: namespaces, veth, cgroups, slab. */
  kernelPerContainer: parameter(size),
  /** Its private processes when idle, the client apart. */
  processesPerContainer: parameter(size),
  /** What would be shared with a read-only bind mount or copy-on-write and is duplicated without. */
  duplicatedPerContainer: parameter(size),
});

/** Memory of virtual machines. Absent: containers, which take what they use. */
const guest = z.strictObject({
  /** Set aside for each, whether it uses it or not. */
  memory: parameter(size),
  /** Share of it that is the same in all guests and kept once (page sharing). */
  pageSharing: parameter(share),
});

const disk = z.strictObject({
  /** The base file system, once (bind-mounted or copy-on-write) or per container. */
  base: parameter(size),
  sharedBase: z.boolean(),
  perContainer: parameter(size),
  logsPerContainer: parameter(size),
});

/** Where vnodes write. Absent: as fast as they like. */
const storage = z.strictObject({
  /** Disks of the host that writes are striped over, or a server that the host reaches through its NIC. */
  kind: z.enum(['local', 'network']),
  spindles: parameter(whole),
  /** Of one spindle, with many writers at once. */
  writeRate: parameter(rate),
});

/** What tells the packets of one virtual link from another's. The costs are apart from `forwardPerPacket`. */
const encapsulation = z.strictObject({
  kind: z.enum(['none', 'vlan', 'custom']),
  vlanPerPacket: parameter(duration),
  customPerPacket: parameter(duration),
});

/** What one program of a swarm was measured to take on this host. */
const client = z.strictObject({
  /** CPU to start it, until it opens its first connection. */
  startWork: parameter(duration),
  /** Its process, without connections and what it caches. */
  memoryBase: parameter(size),
});

/**
 * Cores that others use as well, out of sight: the other thread of a physical core, its caches. A core runs at one of two speeds,
 * whatever the other cores do. The costs above are averages over both.
 */
const sharedCores = z.strictObject({
  /** Of the time, how much a core is slowed. */
  share: parameter(share),
  /** Its speed then, over that at other times. */
  speed: parameter(share.refine((value) => value > 0, { message: 'a share above 0%' })),
  /** How long it stays slowed, on average. */
  stretch: parameter(duration.refine((value) => value > 0, { message: 'a duration above 0' })),
});

export const platformSchema = z.strictObject({
  kernel: z.enum(['freebsd-4.10', 'linux-2.6.18', 'linux-2.6.32', 'linux-6.1', 'linux-6.6']),
  /** CPUs that the kernel of this platform uses. */
  cores: parameter(whole),
  /**
   * The cores are KVM's. One that has been idle for `deepIdleAfter` is the hypervisor's, and waking tasks do not take it for idle
   * (vcpu_is_preempted in Linux). Absent: they are the hardware's.
   */
  virtual: z.boolean().optional(),
  /** Absent: nobody else uses the cores. */
  sharedCores: sharedCores.optional(),
  cpu,
  memory,
  guest: guest.optional(),
  disk,
  storage: storage.optional(),
  encapsulation: encapsulation.optional(),
  /** Links are shaped by a list of rules: looking at one of them. Absent: a link's own queue is found at once. */
  ruleCost: parameter(duration).optional(),
  /** A super-packet is cut in software: each segment's skb and headers. Absent: cutting costs nothing. */
  segmentCost: parameter(duration).optional(),
  /** By the client's name. Absent: the client's own profile says its memory, and starting it costs nothing. */
  clients: z.partialRecord(z.enum(clientProfiles.map(({ name }) => name)), client).optional(),
  /** How much slower a vnode computes beside one that stresses a resource, where that was measured on this host. */
  interference: interferenceOf(parameter(share)).optional(),
  /**
   * net.ipv4.neigh.default.gc_thresh3 and net.core.netdev_max_backlog as this host has them set, the lower thresholds an
   * eighth and half of the highest. Absent: as the range's `limits` say.
   */
  gcThresh3: parameter(whole).optional(),
  backlog: parameter(whole).optional(),
  setupPerContainer: parameter(duration),
  /** Getting the image to a host that does not keep it from before. Absent: it is there. */
  imageOnce: parameter(duration).optional(),
  /** Containers set up at the same time. */
  parallelSetup: parameter(whole),
  processesPerContainer: parameter(whole),
});

export const hostProfileSchema = z
  .strictObject({
    format: z.literal('rangefit/profile').default('rangefit/profile'),
    formatVersion: z.literal(1).default(1),
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,62}$/)
      .describe('a name of lower-case letters, digits and dashes'),
    title: z.string().max(200),
    hardware: z.strictObject({
      memory: parameter(size),
      disk: parameter(size),
      nicRate: parameter(rate),
      /** One way through the fabric between two hosts. */
      fabricDelay: parameter(duration),
    }),
    defaultTechnology: z.enum(TECHNOLOGIES),
    platforms: z.partialRecord(z.enum(TECHNOLOGIES), platformSchema),
    /** Of a profile that `calibrate` wrote: what it rests on. */
    calibration: calibrationSchema.optional(),
  })
  .refine((p) => p.platforms[p.defaultTechnology] !== undefined, {
    message: 'a platform for the default technology',
    path: ['platforms'],
  });

export type HostProfile = z.output<typeof hostProfileSchema>;
export type HostProfileDocument = z.input<typeof hostProfileSchema>;
export type Platform = z.output<typeof platformSchema>;
export type PlatformDocument = z.input<typeof platformSchema>;
export type KernelId = Platform['kernel'];
export type CpuParameter = keyof Platform['cpu'];

/** The plain numbers of a group of parameters. */
export type Values<T> = { readonly [K in keyof T]: T[K] extends Parameter ? number : T[K] };

/** Parameters to their plain numbers. */
export function values<T extends Record<string, unknown>>(group: T): Values<T> {
  const plain = Object.entries(group).map(([name, p]) => [
    name,
    typeof p === 'object' && p !== null && 'value' in p ? p.value : p,
  ]);
  return Object.fromEntries(plain) as Values<T>;
}
