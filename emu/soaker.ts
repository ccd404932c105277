// Soakers: one task a core at SCHED_IDLE that takes whatever the range leaves over. What they get is the capacity left.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CannotRun } from './cannot-run.js';
import { ranFor } from './counters.js';
import type { Command, Running, Shell } from './shell.js';

const PROGRAM = fileURLToPath(new URL('./soaker-program.js', import.meta.url));

/** Always runnable, one thread, no system calls to speak of. */
const soaker = (core: number, file: string): Command => ({
  program: 'taskset',
  args: [
    ...['--cpu-list', String(core), 'chrt', '--idle', '0'],
    ...[process.execPath, '--single-threaded', PROGRAM, file],
  ],
});

export interface Soakers {
  /** Seconds that they have had their cores to themselves so far: no task, interrupt or packet work beside them. */
  seconds(): number;
  /** CPU seconds that the scheduler has charged them; interrupts and packet work on top of them included. */
  charged(): number;
  stop(): Promise<void>;
}

/** Until each has begun to tell: a program of Node needs a moment to start. */
const PATIENCE = 10;

/** @param folder where they tell what they have had. @throws CannotRun when they do not start. */
export async function startSoakers(shell: Shell, cores: number, folder: string): Promise<Soakers> {
  const files = Array.from({ length: cores }, (_, core) => join(folder, `soaker-${core}`));
  const running: Running[] = files.map((file, core) => shell.start(soaker(core, file)));
  const had = (file: string) => (existsSync(file) ? readFileSync(file) : Buffer.alloc(0));
  const stop = async () => {
    await Promise.all(running.map((task) => task.stop('SIGKILL')));
  };
  for (let waited = 0; files.some((file) => had(file).length < 8); waited += 0.01) {
    if (waited >= PATIENCE) {
      await stop();
      throw new CannotRun('the soakers do not start: taskset, chrt or node cannot be run');
    }
    await pause(10);
  }
  return {
    seconds: () => files.reduce((sum, file) => sum + had(file).readDoubleLE() / 1e9, 0),
    charged: () =>
      running.reduce((sum, { pid }) => sum + ranFor(readFileSync(`/proc/${pid}/schedstat`, 'utf8')) / 1e9, 0),
    stop,
  };
}
