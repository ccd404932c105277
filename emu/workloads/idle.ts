// Containers that only exist, and containers that only compute.

import { setTimeout as pause } from 'node:timers/promises';
import { type Command, inParallel } from '../shell.js';
import { launchIn } from '../vnode-programs.js';
import { nothingHappened, type Workload } from './workload.js';

/** Always runnable, no system calls to speak of. */
const SPIN: Command = { program: '/usr/bin/busybox', args: ['sha1sum', '/dev/zero'] };

const quiet: Pick<Workload, 'prepare' | 'shared' | 'progress'> = {
  prepare: async () => {},
  shared: () => [],
  progress: () => ({ payloadBytes: 0, completed: 0, all: 0 }),
};

/** `duration` in ns. */
export function idle(duration: number): Workload {
  return {
    ...quiet,
    ready: async () => {},
    run: async (_range, _clock, signal) => {
      await pause(duration / 1e6, undefined, { signal });
    },
    outcomes: async (range) => new Map(range.vnodes.map(({ index }) => [index, { ...nothingHappened, startedAt: 0 }])),
  };
}

/** `duration` in ns. What each vnode got is in its CPU seconds. */
export function busy(duration: number): Workload {
  return {
    ...idle(duration),
    async ready(range) {
      await inParallel(range.vnodes, range.atOnce, (vnode) => launchIn(range, vnode, SPIN));
    },
  };
}
