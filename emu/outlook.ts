// A range that runs already, seen from outside: our own by its run, or any containers by their cgroups.

import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { meminfo, readNumber } from './capabilities.js';
import { type CgroupLayout, cgroupsIn, isPopulated, readCgroupLayout } from './cgroup.js';
import { neighbourTable, softnet } from './counters.js';
import { knownRuns } from './journal.js';
import { monitorClock } from './monitor.js';
import { cgroupName, type RunId } from './names.js';

/** Counters of the whole machine at one moment, and how many of the containers there are. */
export interface Outlook {
  /** Seconds of a clock that only goes forward. */
  readonly at: number;
  readonly cores: number;
  /** Core-seconds since boot that were idle, or spent on niced work: that yields to everything else. */
  readonly spareSeconds: number;
  /** Bytes. */
  readonly memoryTotal: number;
  readonly memoryAvailable: number;
  /** Entries of all namespaces together, what the table holds (gc_thresh3), and how often it was full. */
  readonly neighbours: { readonly entries: number; readonly holds: number; readonly overflows: number };
  /** Packets that met a full backlog. */
  readonly backlogDrops: number;
  /** Containers with a process in them, or in a cgroup below. */
  readonly containers: number;
}

/** Cgroups of the containers, below the root of the hierarchies; undefined: the range is no more. */
export type Containers = () => readonly string[] | undefined;

/** @returns the containers of a run, those that it still starts too. */
export const containersOfRun =
  (run: RunId): Containers =>
  () => {
    const known = knownRuns().find((one) => one.run === run);
    return known && known.state !== 'dead'
      ? known.vnodes.map(({ vnode }) => cgroupName(run, vnode, 'payload'))
      : undefined;
  };

/** Cgroups whose path is one of these; a `*` in the last part stands for any characters. */
export function containersInCgroups(patterns: readonly string[], layout = readCgroupLayout()): Containers {
  return () => {
    const found = new Set<string>();
    for (const pattern of patterns)
      for (const hierarchy of layout.hierarchies) for (const path of matching(hierarchy, pattern)) found.add(path);
    return [...found];
  };
}

function matching(hierarchy: string, pattern: string): string[] {
  const path = pattern.replace(/^\/+|\/+$/g, '');
  if (!path.includes('*')) return existsSync(join(hierarchy, path)) ? [path] : [];
  const [folder, last] = [dirname(path), basename(path)];
  const like = new RegExp(`^${last.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`);
  return cgroupsIn(join(hierarchy, folder))
    .filter((name) => like.test(name))
    .map((name) => join(folder, name));
}

/** Ticks a second in /proc (USER_HZ). */
const USER_HZ = 100;

/** The first line of /proc/stat (proc(5)): user, nice, system, idle, iowait. */
function spareSeconds(stat: string): { seconds: number; cores: number } {
  const [, , nice = 0, , idle = 0, iowait = 0] = (stat.split('\n')[0] ?? '').split(/\s+/).map(Number);
  return { seconds: (nice + idle + iowait) / USER_HZ, cores: stat.match(/^cpu\d+ /gm)?.length ?? 1 };
}

export function outlook(groups: readonly string[], layout: CgroupLayout = readCgroupLayout()): Outlook {
  const text = (file: string) => readFileSync(file, 'utf8');
  const spare = spareSeconds(text('/proc/stat'));
  const at = monitorClock();
  const memory = text('/proc/meminfo');
  return {
    at,
    cores: spare.cores,
    spareSeconds: spare.seconds,
    memoryTotal: meminfo(memory, 'MemTotal'),
    memoryAvailable: meminfo(memory, 'MemAvailable'),
    neighbours: {
      ...neighbourTable(text('/proc/net/stat/arp_cache')),
      holds: readNumber('/proc/sys/net/ipv4/neigh/default/gc_thresh3'),
    },
    backlogDrops: softnet(text('/proc/net/softnet_stat')).dropped,
    containers: groups.filter((group) => isPopulated(layout, group)).length,
  };
}
