// A start line: programs wait at a lock that the experimenter holds, and all go when it is let go.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { SharedPath } from '../container.js';
import type { Command, Running, Shell } from '../shell.js';

const INSIDE = '/srv/barrier';

/** How long the last of the waiting programs gets to reach the lock, ms. */
const SETTLE = 300;

export interface Barrier {
  readonly shared: SharedPath;
  close(shell: Shell): Promise<void>;
  /** The same program, waiting in a vnode. It becomes the program: nothing else stays in memory. */
  behind(command: Command): Command;
  /** Waits until the last program has reached the line. */
  settled(): Promise<void>;
  open(): Promise<void>;
}

export function createBarrier(folder: string): Barrier {
  const file = join(folder, 'barrier');
  writeFileSync(file, '');
  let holding: Running | undefined;
  return {
    shared: { host: file, vnode: INSIDE.slice(1), kind: 'file' },
    async close(shell) {
      holding = shell.start({ program: 'flock', args: ['--exclusive', '--no-fork', file, 'sleep', 'infinity'] });
      await pause(50);
    },
    behind: (command) => ({
      ...command,
      program: '/usr/bin/flock',
      args: ['--shared', '--no-fork', INSIDE, command.program, ...command.args],
    }),
    settled: () => pause(SETTLE),
    async open() {
      await holding?.stop('SIGKILL');
    },
  };
}
