// What makes a measurement doubtful: a stolen CPU, somebody else's load, a monitor that could not keep up.

import { readdirSync, readFileSync } from 'node:fs';
import { type CgroupLayout, cgroupCpuSeconds } from './cgroup.js';
import { type CpuTimes, cpuTimes, ranFor } from './counters.js';
import type { Look } from './monitor.js';

export interface LoadAccount {
  /** CPU seconds charged to all tasks of the machine, to the range's, to this process, and to packet-work threads. */
  readonly all: number;
  readonly ours: number;
  readonly own: number;
  readonly kernel: number;
  /** As the tick sees it. */
  readonly ticks: CpuTimes;
}

/** Kernel threads do the range's work, mostly ksoftirqd, and no user's. */
function kernelThreadSeconds(): number {
  let nanoseconds = 0;
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      // A kernel thread has no command line; only those have none besides zombies, which do not run.
      if (readFileSync(`/proc/${name}/cmdline`, 'latin1') === '')
        nanoseconds += ranFor(readFileSync(`/proc/${name}/schedstat`, 'utf8'));
    } catch {
      // Ended meanwhile.
    }
  }
  return nanoseconds / 1e9;
}

export function loadAccount(layout: CgroupLayout, groups: readonly string[]): LoadAccount {
  const used = process.cpuUsage();
  return {
    all: cgroupCpuSeconds(layout, ''),
    ours: groups.reduce((sum, name) => sum + cgroupCpuSeconds(layout, name), 0),
    own: (used.user + used.system) / 1e6,
    kernel: kernelThreadSeconds(),
    ticks: cpuTimes(readFileSync('/proc/stat', 'utf8')),
  };
}

/**
 * CPU seconds that tasks took which are neither the range's nor the measurement's. The kernel charges a task for the
 * interrupts and the packet work that come on top of it, whoever they are for: that part, as the tick sees it, is taken off.
 * @param soakers CPU seconds that soakers are charged.
 */
export function foreignSeconds(from: LoadAccount, to: LoadAccount, soakers: number): number {
  const grew = (pick: (account: LoadAccount) => number) => pick(to) - pick(from);
  const kernel = grew((a) => a.kernel);
  const charged = grew((a) => a.all) - grew((a) => a.ours) - grew((a) => a.own) - kernel - soakers;
  const tasks = grew(({ ticks }) => ticks.user + ticks.system);
  // Kernel threads do packet work as well, on top of nobody.
  const onTop = Math.max(0, grew(({ ticks }) => ticks.irq + ticks.softirq) - kernel);
  return tasks + onTop > 0 ? Math.max(0, charged) * (tasks / (tasks + onTop)) : 0;
}

/** Shares of the machine's capacity above which figures cannot be trusted to a point or two. */
const STEAL = 0.01;
const FOREIGN = 0.03;
/** Share of one core for the monitor. */
const MONITOR = 0.25;
/** Looks later than this share of the interval. */
const LATE = 0.5;

export function disturbances(looks: readonly Look[], foreign: number, cores: number, interval: number): string[] {
  const first = looks[0];
  const last = looks[looks.length - 1];
  if (!first || !last || last.at <= first.at) return [];
  const wall = last.at - first.at;
  const percent = (seconds: number, of: number) => `${((seconds / of) * 100).toFixed(1)}%`;
  const found: string[] = [];
  const stolen = last.cpu.steal - first.cpu.steal;
  if (stolen > STEAL * wall * cores)
    found.push(`steal: the hypervisor took ${percent(stolen, wall * cores)} of the CPU`);
  if (foreign > FOREIGN * wall * cores)
    found.push(`foreign load: other processes took ${percent(foreign, wall * cores)} of the CPU`);
  const own = last.own - first.own;
  if (own > MONITOR * wall) found.push(`monitor: it took ${percent(own, wall)} of a core`);
  const late = looks.slice(1).filter((look, i) => look.at - (looks[i] as Look).at > interval * (1 + LATE)).length;
  if (late > 0) found.push(`monitor: ${late} of ${looks.length} looks came late`);
  return found;
}
