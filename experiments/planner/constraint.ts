// Constraints: what can end a host's density, and what moves each.

import { formatRate, formatSize, type Host, type RunRecord } from '../../models/index.js';

export type ConstraintId =
  | 'cpu'
  | 'memory'
  | 'neighbour-table'
  | 'bridge-ports'
  | 'backlog'
  | 'nic'
  | 'disk'
  | 'pid-max'
  | 'range';

/** How the density of a limit was found. */
export type Evidence = 'simulated' | 'closed form' | 'extrapolated from the load' | 'searched no further';

export interface Limit {
  readonly id: ConstraintId;
  /** The highest density that it allows. */
  readonly density: number;
  readonly evidence: Evidence;
}

/** Share in use of what the constraint limits, in one run; 1 is full. */
export function utilisation(record: RunRecord, host: Host, id: ConstraintId): number {
  const [seen] = record.hosts;
  if (!seen) throw new Error('a record without a host');
  switch (id) {
    case 'memory':
      return seen.memory.used / host.memoryBytes;
    case 'neighbour-table':
      return seen.neighbours.peakEntries / host.limits.neighbours.gcThresh3;
    case 'nic': {
      const busier = Math.max(seen.bytes.remoteOut, seen.bytes.remoteIn);
      return (busier * 8) / record.totals.virtualSeconds / host.nicRate;
    }
    case 'disk':
      return (seen.disk.base + seen.disk.containers) / host.diskBytes;
    default:
      return seen.cpu.takenPercent / (100 * seen.cores);
  }
}

/** Resources whose use grows about in proportion to the density. */
export const LOADS = ['cpu', 'memory', 'nic', 'neighbour-table'] as const;

/** The host without this limit, or with far more of it: what lies behind a constraint shows once it is gone. */
export function lifted(host: Host, id: ConstraintId): Host {
  const { limits } = host;
  const plenty = 64;
  switch (id) {
    case 'memory':
      return { ...host, memoryBytes: host.memoryBytes * plenty };
    case 'disk':
      return { ...host, diskBytes: host.diskBytes * plenty };
    case 'nic':
      return { ...host, nicRate: host.nicRate * plenty };
    case 'neighbour-table': {
      const { gcThresh1, gcThresh2, gcThresh3 } = limits.neighbours;
      const more = 1024;
      const neighbours = { gcThresh1: gcThresh1 * more, gcThresh2: gcThresh2 * more, gcThresh3: gcThresh3 * more };
      return { ...host, limits: { ...limits, neighbours } };
    }
    case 'backlog':
      return { ...host, limits: { ...limits, backlog: limits.backlog * 1024 } };
    case 'bridge-ports':
      return { ...host, limits: { ...limits, bridgePorts: limits.bridgePorts * plenty } };
    default:
      return host;
  }
}

/** The next power of two: how sysctls are usually set. */
function roundedUp(value: number): number {
  let power = 1;
  while (power < value) power *= 2;
  return power;
}

export interface RemedyFacts {
  readonly host: Host;
  /** Bytes that one more vnode takes. */
  readonly memoryPerVnode: number;
  readonly diskPerVnode: number;
  /** Most neighbour entries seen, and the density they were seen at. */
  readonly entriesPerVnode: number;
  /** The density worth reaching: that of the next constraint. */
  readonly worth: number;
}

/** The exact command or change that moves the constraint. */
export function remedyFor(id: ConstraintId, { host, worth, ...facts }: RemedyFacts): string {
  switch (id) {
    case 'memory':
      return `more memory than ${formatSize(host.memoryBytes)}: ${megabytes(facts.memoryPerVnode)} a vnode`;
    case 'disk':
      return `more disk than ${formatSize(host.diskBytes)}, or a shared base: ${megabytes(facts.diskPerVnode)} a vnode`;
    case 'neighbour-table': {
      const third = roundedUp(Math.max(2 * host.limits.neighbours.gcThresh3, facts.entriesPerVnode * worth * 1.25));
      const set = (n: number, value: number) => `net.ipv4.neigh.default.gc_thresh${n}=${value}`;
      return `sysctl -w ${set(3, third)} ${set(2, third / 2)} ${set(1, third / 8)}`;
    }
    case 'backlog':
      return `sysctl -w net.core.netdev_max_backlog=${roundedUp(host.limits.backlog * 10)}`;
    case 'bridge-ports':
      return 'a second bridge on the host (ip link add br1 type bridge), joined to the first by one veth';
    case 'nic':
      return `a NIC faster than ${formatRate(host.nicRate)}`;
    case 'pid-max':
      return 'sysctl -w kernel.pid_max=4194304';
    case 'range':
      return 'nothing needs to be moved for a range of this size';
    default:
      return `more or faster cores than ${host.cores}, or lower rates (--set scenario.link.up=RATE)`;
  }
}

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e5) / 10}MB`;
