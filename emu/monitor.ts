// The monitor: looks at the whole machine once a second, and knows what its own looking cost.

import { existsSync, readFileSync } from 'node:fs';
import { meminfo } from './capabilities.js';
import {
  type CpuTimes,
  cpuTimes,
  type InterfaceCounters,
  interfaces,
  neighbourTable,
  slabObjects,
  softnet,
} from './counters.js';
import type { Soakers } from './soaker.js';

/** Without CONFIG_SLUB_DEBUG there is none (mm/slab_common.c). */
const SLABINFO = '/proc/slabinfo';

/** The machine at one moment. */
export interface Look {
  /** Seconds of a clock that only goes forward. */
  readonly at: number;
  readonly cpu: CpuTimes;
  /** CPU seconds of the monitor's own process. */
  readonly own: number;
  readonly memory: MemoryParts;
  readonly softnet: { readonly dropped: number; readonly squeezed: number };
  readonly neighbours: { readonly entries: number; readonly overflows: number };
  readonly interfaces: ReadonlyMap<string, InterfaceCounters>;
  /** Seconds that soakers had their cores to themselves, and CPU seconds that they are charged; 0 without. */
  readonly soaked: number;
  readonly soakersCharged: number;
  /** What the workload says of itself. */
  readonly payloadBytes: number;
  readonly completed: number;
}

/** Bytes. */
export interface MemoryParts {
  /** What is not available to new programs. It moves with every cache of the machine, by more than a container takes. */
  readonly used: number;
  /** The monitor's own process apart. */
  readonly anonymous: number;
  readonly shared: number;
  /** Objects in use, wherever the kernel tells them apart from the room left around them. */
  readonly slab: number;
  readonly kernelStacks: number;
  readonly pageTables: number;
  readonly perCpu: number;
}

/** @param own what /proc/PID/status says of the monitor. @param slabinfo empty where the kernel has none. */
export function memoryParts(content: string, own: string, slabinfo: string): MemoryParts {
  return {
    used: meminfo(content, 'MemTotal') - meminfo(content, 'MemAvailable'),
    anonymous: meminfo(content, 'AnonPages') - meminfo(own, 'RssAnon'),
    shared: meminfo(content, 'Shmem'),
    slab: slabObjects(slabinfo) ?? meminfo(content, 'Slab'),
    kernelStacks: meminfo(content, 'KernelStack'),
    pageTables: meminfo(content, 'PageTables'),
    perCpu: meminfo(content, 'Percpu'),
  };
}

/** What the kernel itself takes. */
export const kernelBytes = ({ slab, kernelStacks, pageTables, perCpu }: MemoryParts): number =>
  slab + kernelStacks + pageTables + perCpu;

export interface Watched {
  /** Process in the range's namespace, whose interfaces are counted. */
  readonly holder: number;
  readonly soakers: Soakers | undefined;
  readonly progress: (interfaces: ReadonlyMap<string, InterfaceCounters>) => {
    readonly payloadBytes: number;
    readonly completed: number;
  };
}

export const monitorClock = (): number => performance.now() / 1000;

export function look(watched: Watched): Look {
  const cpu = cpuTimes(readFileSync('/proc/stat', 'utf8'));
  const at = monitorClock();
  const seen = interfaces(readFileSync(`/proc/${watched.holder}/net/dev`, 'utf8'));
  const progress = watched.progress(seen);
  const used = process.cpuUsage();
  return {
    at,
    cpu,
    own: (used.user + used.system) / 1e6,
    memory: memoryParts(
      readFileSync('/proc/meminfo', 'utf8'),
      readFileSync('/proc/self/status', 'utf8'),
      existsSync(SLABINFO) ? readFileSync(SLABINFO, 'utf8') : '',
    ),
    softnet: softnet(readFileSync('/proc/net/softnet_stat', 'utf8')),
    neighbours: neighbourTable(readFileSync('/proc/net/stat/arp_cache', 'utf8')),
    interfaces: seen,
    soaked: watched.soakers?.seconds() ?? 0,
    soakersCharged: watched.soakers?.charged() ?? 0,
    ...progress,
  };
}

export interface Monitor {
  /** Looks a last time and ends. The first look was at the start. */
  stop(): readonly Look[];
}

/** `onLook` gets every look as it is made, the first included. */
export function startMonitor(
  watched: Watched,
  intervalSeconds: number,
  onLook: (look: Look, first: Look, previous: Look | undefined) => void,
): Monitor {
  const looks: Look[] = [];
  const take = () => {
    const seen = look(watched);
    const previous = looks[looks.length - 1];
    looks.push(seen);
    onLook(seen, looks[0] as Look, previous);
  };
  take();
  const begun = monitorClock();
  let timer: NodeJS.Timeout;
  const schedule = () => {
    // Aimed at the grid, so that a late look does not push all later ones.
    const next = begun + Math.ceil((monitorClock() - begun) / intervalSeconds + 0.01) * intervalSeconds;
    timer = setTimeout(
      () => {
        take();
        schedule();
      },
      (next - monitorClock()) * 1000,
    );
  };
  schedule();
  return {
    stop() {
      clearTimeout(timer);
      take();
      return looks;
    },
  };
}

/** Busy core-seconds between two looks, the monitor's own taken off: cores x wall - idle - iowait. */
export function busySeconds(from: Look, to: Look, cores: number): number {
  const wall = (to.at - from.at) * cores;
  const idle = to.cpu.idle + to.cpu.iowait - from.cpu.idle - from.cpu.iowait;
  return Math.max(0, wall - idle - (to.soaked - from.soaked) - (to.own - from.own));
}

/** The same as the tick saw it: user, system, interrupts, softirq. Without soakers it takes no account of them. */
export function sampledSeconds(
  from: Look,
  to: Look,
): { user: number; system: number; irq: number; softirq: number; steal: number } {
  const difference = (kind: 'user' | 'system' | 'irq' | 'softirq' | 'steal') => to.cpu[kind] - from.cpu[kind];
  return {
    user: difference('user'),
    system: difference('system'),
    irq: difference('irq'),
    softirq: difference('softirq'),
    steal: difference('steal'),
  };
}
