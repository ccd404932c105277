// Constraints: what can end a host's density, and what moves each.

import { type CeilingRow, formatRate, formatSize, type Host, type RunRecord } from '../../models/index.js';

/** `cpu`, `memory`, `disk`, `nic`, the id of a kernel ceiling, or `range`: nothing up to far more than was asked. */
export type ConstraintId = string;

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
    case 'disk-rate':
      return { ...host, writeRate: host.writeRate * plenty };
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

export interface RemedyFacts {
  readonly host: Host;
  /** Bytes that one more vnode takes. */
  readonly memoryPerVnode: number;
  readonly diskPerVnode: number;
  /** The kernel's ceilings at the density worth reaching, with the command that makes room for it. */
  readonly ceilings: readonly Pick<CeilingRow, 'id' | 'remedy'>[];
}

/** The exact command or change that moves the constraint. */
export function remedyFor(id: ConstraintId, { host, memoryPerVnode, diskPerVnode, ceilings }: RemedyFacts): string {
  const ceiling = ceilings.find((row) => row.id === id);
  if (ceiling) return ceiling.remedy;
  switch (id) {
    case 'memory':
      return `more memory than ${formatSize(host.memoryBytes)}: ${megabytes(memoryPerVnode)} a vnode`;
    case 'disk':
      return `more disk than ${gigabytes(host.diskBytes)}, or a shared base: ${megabytes(diskPerVnode)} a vnode`;
    case 'disk-rate':
      return `more spindles to stripe writes over (--set host.storage.spindles=COUNT): they take ${formatRate(host.writeRate)} together`;
    case 'nic':
      return `a NIC faster than ${formatRate(host.nicRate)}`;
    case 'range':
      return 'nothing needs to be moved for a range of this size';
    default:
      return `more or faster cores than ${host.cores}, or lower rates (--set scenario.link.up=RATE)`;
  }
}

const tenths = (value: number): number => Math.round(value * 10) / 10;
const megabytes = (bytes: number): string => `${tenths(bytes / 1e6)}MB`;
const gigabytes = (bytes: number): string => `${tenths(bytes / 1e9)}GB`;
