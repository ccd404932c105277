// Kernel generations: what a host's kernel does differently, apart from how fast its hardware is.

import type { KernelId } from './profile.js';

export interface Kernel {
  readonly id: KernelId;
  readonly title: string;
  /** Initial congestion window in segments (RFC 3390: 3 for a 1460-byte MSS; RFC 6928: 10, Linux 2.6.39). */
  readonly initialWindow: number;
  /** Largest receive window without a `window` in the scenario, bytes (tcp_rmem's maximum, half of it window). */
  readonly receiveWindow: number;
  /** Super-packets cross a veth whole (veth has TSO since Linux 3.11); otherwise one packet a segment. */
  readonly gsoOverVeth: boolean;
  /** TCP makes super-packets also where the device takes none; they are cut between qdisc and device (Linux 4.17). */
  readonly lateSegmentation: boolean;
  /** Sender keeps at most about 1 ms, at least two packets, in its own qdisc (TCP small queues, Linux 3.6). */
  readonly smallQueues: boolean;
  /** SACK loss detection by time (RACK, Linux 4.4; the default detection since 4.18) instead of duplicate ACKs. */
  readonly rack: boolean;
  /**
   * Where data waits to be read, reading it sends the acknowledgement (__tcp_ack_snd_check; measured with Linux 6.18). Older
   * kernels have the same code, and the catalogue's costs for them were fitted without: assumed not.
   */
  readonly readerAcknowledges: boolean;
  /**
   * Whoever brings a packet to a shaper whose timer has fired runs its queue before the timer's packet work does (__qdisc_run).
   * Assumed not of older kernels, as above.
   */
  readonly enqueueRunsQdisc: boolean;
  /**
   * What small queues held back is sent by a tasklet, which is left to ksoftirqd where a task has been woken for a core
   * that is idle but for packet work (handle_softirqs in kernel/softirq.c; measured with Linux 6.18). Assumed not of older
   * kernels, as above.
   */
  readonly taskletsYield: boolean;
  /** It has BBR (Linux 4.9). */
  readonly bbr: boolean;
  /** RTO floor, ns. */
  readonly minimumRto: number;
  /** Length of a delayed ACK's delay, ns. */
  readonly delayedAck: number;
  /** A cached route holds its neighbour entry, which therefore cannot be collected (removed in Linux 3.6). */
  readonly routeHoldsNeighbour: boolean;
  /** Its neighbour table has thresholds (Linux); FreeBSD keeps addresses in its routing table, without any. */
  readonly neighbourThresholds: boolean;
  /** Timer resolution of shapers, ns: high-resolution timers, or the tick. */
  readonly timerTick: number;
  /** A runnable task's time slice, ns: latency target and minimum granularity of its scheduler. */
  readonly schedulingLatency: number;
  readonly minimumGranularity: number;
  /**
   * A waking task may take the core from the running one (CFS); FreeBSD's and O(1)'s interactivity count as such. Since
   * Linux 6.6 a task keeps the core to the end of its slice (EEVDF's RUN_TO_PARITY), and so does ksoftirqd.
   */
  readonly wakeupPreemption: boolean;
  /**
   * While ksoftirqd is runnable, packet work is left to it, and no interrupt does it on top of tasks (Linux 4.9 to 6.3;
   * assumed of the others before 6.4).
   */
  readonly softirqsWait: boolean;
  /**
   * Tasks are spread over cores by load (measured with Linux 6.18); else no core is idle while a task waits, which of Linux
   * is assumed.
   */
  readonly spreadsByLoad: boolean;
}

const LINUX = {
  minimumRto: 200_000_000,
  delayedAck: 40_000_000,
  wakeupPreemption: true,
  softirqsWait: true,
  spreadsByLoad: false,
  readerAcknowledges: false,
  enqueueRunsQdisc: false,
  taskletsYield: false,
  neighbourThresholds: true,
} as const;

const LINUX_6 = {
  ...LINUX,
  initialWindow: 10,
  receiveWindow: 3_145_728,
  gsoOverVeth: true,
  lateSegmentation: true,
  smallQueues: true,
  rack: true,
  bbr: true,
  routeHoldsNeighbour: false,
  timerTick: 1,
} as const;

/**
 * Sources: the kernels' own net/core/sock.c, net/ipv4/tcp.c, net/ipv4/tcp_output.c, drivers/net/veth.c, kernel/sched,
 * kernel/softirq.c.
 */
export const kernels: Readonly<Record<KernelId, Kernel>> = {
  'freebsd-4.10': {
    id: 'freebsd-4.10',
    title: 'FreeBSD 4.10',
    initialWindow: 3,
    receiveWindow: 57_344,
    gsoOverVeth: false,
    lateSegmentation: false,
    smallQueues: false,
    rack: false,
    bbr: false,
    minimumRto: 1_000_000_000,
    delayedAck: 100_000_000,
    routeHoldsNeighbour: false,
    neighbourThresholds: false,
    timerTick: 1_000_000,
    schedulingLatency: 100_000_000,
    minimumGranularity: 100_000_000,
    wakeupPreemption: true,
    softirqsWait: true,
    spreadsByLoad: false,
    readerAcknowledges: false,
    enqueueRunsQdisc: false,
    taskletsYield: false,
  },
  'linux-2.6.18': {
    ...LINUX,
    id: 'linux-2.6.18',
    title: 'Linux 2.6.18 (OpenVZ)',
    initialWindow: 3,
    receiveWindow: 131_072,
    gsoOverVeth: false,
    lateSegmentation: false,
    smallQueues: false,
    rack: false,
    bbr: false,
    routeHoldsNeighbour: true,
    timerTick: 1_000_000,
    schedulingLatency: 100_000_000,
    minimumGranularity: 5_000_000,
  },
  'linux-2.6.32': {
    ...LINUX,
    id: 'linux-2.6.32',
    title: 'Linux 2.6.32',
    initialWindow: 3,
    receiveWindow: 2_097_152,
    gsoOverVeth: false,
    lateSegmentation: false,
    smallQueues: false,
    rack: false,
    bbr: false,
    routeHoldsNeighbour: true,
    timerTick: 1,
    schedulingLatency: 5_000_000,
    minimumGranularity: 1_000_000,
  },
  'linux-6.1': {
    ...LINUX_6,
    id: 'linux-6.1',
    title: 'Linux 6.1',
    schedulingLatency: 12_000_000,
    minimumGranularity: 1_500_000,
  },
  'linux-6.6': {
    ...LINUX_6,
    id: 'linux-6.6',
    title: 'Linux 6.6',
    schedulingLatency: 1_500_000,
    minimumGranularity: 1_500_000,
    wakeupPreemption: false,
    softirqsWait: false,
    spreadsByLoad: true,
    readerAcknowledges: true,
    enqueueRunsQdisc: true,
    taskletsYield: true,
  },
};
