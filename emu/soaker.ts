// Soakers: one task a core at SCHED_IDLE that takes whatever the range leaves over. What they get is the capacity left.

import { readFileSync } from 'node:fs';
import { ranFor } from './counters.js';
import type { Command, Running, Shell } from './shell.js';

/** Hashing nothing for ever: always runnable, little memory, no system calls that would be charged otherwise. */
const soaker = (core: number): Command => ({
  program: 'taskset',
  args: ['--cpu-list', String(core), 'chrt', '--idle', '0', 'busybox', 'sha1sum', '/dev/zero'],
});

export interface Soakers {
  /** CPU seconds that they have got so far, by the scheduler's own nanosecond account. */
  seconds(): number;
  stop(): Promise<void>;
}

export function startSoakers(shell: Shell, cores: number): Soakers {
  const running: Running[] = Array.from({ length: cores }, (_, core) => shell.start(soaker(core)));
  return {
    seconds: () =>
      running.reduce((sum, { pid }) => sum + ranFor(readFileSync(`/proc/${pid}/schedstat`, 'utf8')) / 1e9, 0),
    async stop() {
      await Promise.all(running.map((task) => task.stop('SIGKILL')));
    },
  };
}
