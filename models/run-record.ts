// A run record: what one run of a scenario gave, simulated or emulated, in the same words.

import type { ScenarioDocument } from './scenario.js';

/** Where a number comes from. */
export type Source = 'measured' | 'published' | 'assumed' | 'default';

/** CPU seconds taken, by kind. The sum is what the host really gave away, idle excluded. */
export interface CpuSeconds {
  /** Packet work: queueing disciplines, veth, bridge, TCP. */
  softirq: number;
  /** The applications' own work, copies to and from sockets included. */
  application: number;
  /** Switching between tasks, the refilling of cold caches included. */
  switching: number;
  /** Leaving idle states. */
  wakeup: number;
  /** Containers' own background processes. */
  background: number;
}

/** What only a real machine can tell of a run: how it was measured, and the measurement's own cost. */
export interface Measurement {
  /** CPU seconds as the kernel's tick saw them (/proc/stat); the split is a sample, the sum may miss interrupts. */
  readonly sampled: {
    readonly user: number;
    readonly system: number;
    readonly irq: number;
    readonly softirq: number;
    readonly steal: number;
  };
  /** CPU seconds that SCHED_IDLE soakers got, one a core; null: none ran. */
  readonly soaked: number | null;
  /** CPU seconds of the monitor itself, already taken off, and of processes that are not the run's. */
  readonly monitor: number;
  readonly foreign: number;
  readonly interrupts: number;
  readonly softnet: { readonly dropped: number; readonly squeezed: number };
  /** Bytes by which each part of the machine's memory grew, at the peak, and per container (its cgroup) in the end. */
  readonly memory: {
    readonly anonymous: number;
    readonly shared: number;
    /** Objects in use (/proc/slabinfo), or slabs where the kernel does not tell. */
    readonly slab: number;
    readonly kernelStacks: number;
    readonly pageTables: number;
    readonly perCpu: number;
    readonly perContainer: { readonly total: number; readonly anonymous: number; readonly kernel: number };
  };
  readonly setup: {
    readonly seconds: number;
    /** One container's own commands, started with others beside it. */
    readonly perContainer: { readonly mean: number; readonly max: number };
    readonly atOnce: number;
    readonly teardownSeconds: number;
  };
  /** As the kernel reported it while the range was up; buckets null where that way is not shaped. */
  readonly pinned: {
    readonly congestionControl: string;
    readonly superPackets: boolean;
    readonly up: { readonly rate: number; readonly burst: number; readonly queue: number } | null;
    readonly down: { readonly rate: number; readonly burst: number; readonly queue: number } | null;
    readonly neighbourThresholds: readonly [number, number, number];
  };
}

export interface HostRecord {
  readonly host: string;
  readonly cores: number;
  readonly vnodes: number;
  readonly cpu: {
    readonly seconds: CpuSeconds;
    /** Busy cores x 100, mean over the run, at full clock: the capacity really taken. */
    readonly takenPercent: number;
    /** The same as that kernel reports it: at the clock frequency of the moment. */
    readonly reportedPercent: number;
    /** Highest reported value in any one-second interval of the series. */
    readonly peakReportedPercent: number;
  };
  readonly contextSwitches: number;
  readonly wakeups: number;
  /** Bytes, at the peak. */
  readonly memory: {
    readonly total: number;
    readonly used: number;
    readonly host: number;
    readonly kernel: number;
    readonly containers: number;
  };
  /** Bytes, at the end. */
  readonly disk: { readonly base: number; readonly containers: number };
  readonly processes: number;
  readonly setupSeconds: number;
  readonly neighbours: {
    readonly peakEntries: number;
    readonly threshold: number;
    readonly refused: number;
    readonly overflows: number;
  };
  readonly packets: { readonly forwarded: number; readonly broadcasts: number };
  readonly bytes: {
    readonly forwarded: number;
    readonly local: number;
    readonly remoteOut: number;
    readonly remoteIn: number;
  };
  /** Packets dropped, by reason. */
  readonly drops: Readonly<Record<string, number>>;
  /** Emulated hosts only. */
  readonly measured?: Measurement;
}

export interface VnodeRecord {
  readonly vnode: string;
  readonly role: 'tracker' | 'seeder' | 'leecher' | 'client' | 'server' | 'idle' | 'busy';
  readonly host: string;
  /** Application payload bytes (file data in a swarm, repeated blocks included). */
  readonly sent: number;
  readonly received: number;
  /** Bytes on the access link, headers included. */
  readonly wireSent: number;
  readonly wireReceived: number;
  /** Seconds of virtual time; null: it never happened. */
  readonly startedAt: number | null;
  readonly completedAt: number | null;
  /** Of a peer that left before the end of the run. */
  readonly leftAt?: number;
  /** Seconds at which it had received 1/32, 2/32, ... of what it is to receive; as many as it reached. */
  readonly milestones: readonly number[];
  /** Payload bits per second while it was transferring; null where the role has none. */
  readonly goodput: number | null;
  /** Seconds, TCP's smoothed round trip: at each acknowledgement (simulated), each second (real); null without samples. */
  readonly rtt: { readonly p50: number; readonly p99: number; readonly samples: number } | null;
  readonly packetsSent: number;
  readonly retransmitted: number;
  /** Packets of this vnode lost inside the range although nothing asked for it. */
  readonly unexpectedLosses: number;
  /** CPU seconds this vnode's task got. */
  readonly cpuSeconds: number;
  /** Of who asked (web, flood): answers, and seconds from the question to the whole answer. */
  readonly responses?: {
    readonly count: number;
    readonly mean: number;
    readonly p50: number;
    readonly p99: number;
  } | null;
  /** Units of work a second that its program did; interference runs, the victim only. */
  readonly workPerSecond?: number;
  /** False when the host had no memory for it. */
  readonly alive: boolean;
  /** Emulated: payload bytes by the counters of its interface, headers taken off, while its program was there for them. */
  readonly counted?: { readonly sent: number; readonly received: number };
  /** Emulated: entries that a full neighbour table refused it; null: not traced. */
  readonly neighboursRefused?: number | null;
  /** Emulated swarms: whom its client said it was connected to in the end. */
  readonly connectedTo?: readonly string[];
}

/** A machine that emulates pipes of the network between the hosts. */
export interface CoreRecord {
  /** Share of its CPU, of 100. */
  readonly cpuPercent: number;
  /** Frames taken in, descriptors from other cores among them. */
  readonly received: number;
  /** Packets moved out of a pipe. */
  readonly moved: number;
  /** Frames lost at its NIC because it was busy moving others. */
  readonly physicalDrops: number;
  /** Packets handed to another core because it has their next pipe. */
  readonly crossings: number;
  /** Packets handed over between the core of their host and that of their first or last pipe. */
  readonly detours: number;
  /** Seconds by which packets left pipes later than on an exact clock. */
  readonly lateness: { readonly mean: number; readonly most: number };
}

/** One column per quantity, one row per interval. */
export interface Series {
  readonly intervalSeconds: number;
  /** File bytes each leecher has, summed; payload bytes delivered in pairs. */
  readonly payloadBytes: readonly number[];
  readonly reportedCpuPercent: readonly number[];
  readonly takenCpuPercent: readonly number[];
  /** What was taken, by kind of work; absent where it cannot be told, as on a real machine. */
  readonly takenCpuPercentByKind?: Readonly<Record<keyof CpuSeconds, readonly number[]>>;
  readonly neighbourEntries: readonly number[];
  readonly memoryBytes: readonly number[];
  readonly completed: readonly number[];
}

/** Seconds, over the echo requests of one phase. */
export interface LatencySummary {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly samples: number;
}

/** One phase of a latency run: at rest or under flood, without or with probes in the kernel. */
export interface LatencyPhase {
  readonly flood: boolean;
  /** User to user, as ping tells it. */
  readonly raw: LatencySummary;
  /** The containers' own share, per packet; null without probes. */
  readonly probed: {
    /** From the sender's system call to its arrival at the host's end of the veth. */
    readonly egress: LatencySummary;
    /** In the other vnode: from the host's end of its veth and back there. */
    readonly remote: LatencySummary;
    /** From the host's end of the veth to the receiver's system call. */
    readonly ingress: LatencySummary;
    /** Raw less all three: what the network between the veths took. */
    readonly corrected: LatencySummary;
    /** Requests with all events seen, of those sent. */
    readonly coverage: number;
  } | null;
}

export interface LatencyRecord {
  readonly phases: readonly LatencyPhase[];
  /** Seconds that the probes add to the median raw RTT, at rest and under flood. */
  readonly perturbation: { readonly rest: number; readonly flood: number };
}

/** What became of the queries of an overlay, all together. */
export interface OverlayRecord {
  readonly queries: number;
  /** Vnodes that a query came to for the first time, by hops from who asked (the first entry: 0 hops). */
  readonly reached: readonly number[];
  /** Queries and pings that a vnode had heard before. */
  readonly duplicates: number;
  /** Answers that came back to who asked. */
  readonly hits: number;
  readonly messages: number;
  /** Where links adapt: seconds of virtual time, and the mean round trip on the overlay's links, seconds. */
  readonly linkRtts: readonly { readonly seconds: number; readonly rtt: number }[];
}

export interface RunRecord {
  readonly format: 'rangefit/record';
  readonly formatVersion: 1;
  readonly world: 'simulated' | 'emulated';
  readonly scenario: ScenarioDocument;
  readonly seed: string;
  readonly hosts: readonly HostRecord[];
  readonly vnodes: readonly VnodeRecord[];
  readonly series: Series;
  readonly totals: {
    readonly virtualSeconds: number;
    /** What receivers got; in a swarm what they have of the file, each byte once. */
    readonly payloadBytes: number;
    readonly packetsSent: number;
    readonly packetsDelivered: number;
    readonly packetsDropped: number;
    readonly packetsInFlight: number;
    readonly completed: number;
    readonly unfinished: number;
    /** Events the simulator processed, and packets sent on links; 0 when emulated. */
    readonly events: number;
    readonly packetHops: number;
  };
  /** Hash of the event trajectory; null when emulated. */
  readonly digest: string | null;
  readonly provenance: {
    readonly version: string;
    readonly host: string;
    readonly technology: string;
    readonly kernel: string;
    /** What the numbers of this record rest on. */
    readonly source: Source;
    readonly notes: readonly string[];
    /** The command line that gave the record; absent when a program asked for it. */
    readonly command?: string;
  };
  /** Runs over emulated pipes only: the machines that emulate them. */
  readonly cores?: readonly CoreRecord[];
  /** Overlays only. */
  readonly overlay?: OverlayRecord;
  /** Latency runs only. */
  readonly latency?: LatencyRecord;
  /** Emulated runs: why the figures may be off; empty when undisturbed or simulated. */
  readonly disturbed: readonly string[];
}
