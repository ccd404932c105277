// This process before all others of the machine, for looks that must not come late where cores are full.

import { constants, getPriority, setPriority } from 'node:os';
import type { Shell } from './shell.js';

/**
 * `work` with this thread scheduled first in, first out (sched(7)), which no niceness gives: at the best one forty busy
 * programs a core still take a third of it. What is started meanwhile does not inherit it. Where the kernel refuses, the
 * best niceness has to do.
 */
export async function inRealTime<T>(shell: Shell, work: () => Promise<T>): Promise<T> {
  const chrt = (...args: string[]) => shell.attempt({ program: 'chrt', args: [...args, String(process.pid)] });
  const priority = getPriority();
  const { code } = await chrt('--reset-on-fork', '--fifo', '--pid', '1');
  if (code !== 0) setPriority(constants.priority.PRIORITY_HIGHEST);
  try {
    return await work();
  } finally {
    if (code === 0) await chrt('--other', '--pid', '0');
    else setPriority(priority);
  }
}
