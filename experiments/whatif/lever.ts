// Levers: for each constraint the setting that moves it, and the values that it can sensibly be set to.

import type { Host } from '../../models/index.js';
import type { Setting } from '../settings.js';
import { settingOf } from './scan.js';

export interface Lever {
  /** As `--set` takes it, and as people call it. */
  readonly path: string;
  readonly title: string;
  /** A sysctl, not money. */
  readonly free: boolean;
  /** Above what the host has, the smallest first. */
  readonly values: readonly string[];
  /** About how many times as much of it each value is. */
  readonly factors: readonly number[];
  /** The command that sets it, where there is one. */
  command(value: string): string | null;
}

const GIB = 2 ** 30;
/** Sizes that memory is sold in, GiB; disks, GB; NICs, Gbit/s; cores. */
const MEMORY = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024];
const DISK = [20, 40, 80, 160, 250, 500, 1000, 2000, 4000, 8000, 16_000];
const NIC = [1, 2.5, 10, 25, 40, 100, 200, 400];
const CORES = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256];
/** Ceilings that `--limits raised` moves all together. */
const RAISED = new Set(['processes', 'inotify', 'open-files', 'file-max', 'keys', 'ptys']);

/** Doublings of what is in force. */
const DOUBLINGS = 20;

const above = (
  list: readonly number[],
  now: number,
  text: (value: number) => string,
): Pick<Lever, 'values' | 'factors'> => {
  const more = list.filter((value) => value > now);
  return { values: more.map(text), factors: more.map((value) => value / now) };
};

const doubled = (now: number): Pick<Lever, 'values' | 'factors'> => {
  const start = 2 ** Math.floor(Math.log2(now));
  const powers = Array.from({ length: DOUBLINGS }, (_, i) => start * 2 ** (i + 1));
  return above(powers, now, String);
};

/** What moves this constraint on the host; undefined: nothing that a setting of the host could. */
export function leverFor(id: string, host: Host, limits: 'raised' | 'stock'): Lever | undefined {
  const bought = { free: false, command: () => null };
  switch (id) {
    case 'memory':
      return {
        ...{ path: 'host.memory', title: 'memory', ...bought },
        ...above(MEMORY, host.memoryBytes / GIB, (value) => `${value}GiB`),
      };
    case 'disk':
      return {
        ...{ path: 'host.disk', title: 'disk', ...bought },
        ...above(DISK, host.diskBytes / 1e9, (value) => `${value}GB`),
      };
    case 'nic':
      return {
        ...{ path: 'host.nicRate', title: 'the NIC', ...bought },
        ...above(NIC, host.nicRate / 1e9, (value) => `${value}Gbit/s`),
      };
    case 'cpu':
      return { ...{ path: 'host.cores', title: 'cores', ...bought }, ...above(CORES, host.cores, String) };
    case 'neighbour-table':
      return {
        path: 'host.gcThresh3',
        title: 'gc_thresh3',
        free: true,
        ...doubled(host.limits.neighbours.gcThresh3),
        command(value) {
          const thresholds = [Number(value) / 8, Number(value) / 2, Number(value)];
          return `sysctl -w ${thresholds.map((v, i) => `net.ipv4.neigh.default.gc_thresh${i + 1}=${v}`).join(' ')}`;
        },
      };
    case 'backlog':
      return {
        path: 'host.backlog',
        title: 'netdev_max_backlog',
        free: true,
        ...doubled(host.limits.backlog),
        command: (value) => `sysctl -w net.core.netdev_max_backlog=${value}`,
      };
    default:
      if (!RAISED.has(id) || limits === 'raised') return undefined;
      return {
        ...{ path: 'scenario.limits', title: 'the limits of the kernel', free: true },
        ...{ values: ['raised'], factors: [Number.POSITIVE_INFINITY] },
        command: () => 'as `rangefit limits` prints',
      };
  }
}

export const settingFor = ({ path }: Lever, value: string): Setting => settingOf({ path }, value);
