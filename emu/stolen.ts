// What the hypervisor takes of a machine that has work. From an idle one there is nothing to take, and a core that never sleeps
// keeps its place: whoever sleeps and wakes waits for others each time, and so do ranges.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { cpuTimes } from './counters.js';
import type { Shell } from './shell.js';

const PROGRAM = fileURLToPath(new URL('./wake-work.js', import.meta.url));

/**
 * Wakes all cores over and over for `seconds` and returns the percent of the CPU that the hypervisor took (`steal` in
 * /proc/stat). With neighbours it was 9 to 35 beside 1 to 4 for loops that never slept, in turn.
 * @throws CommandFailed where the program does not run.
 */
export async function stolenFromWakers(shell: Shell, cores: number, seconds: number): Promise<number> {
  const look = () => ({
    at: performance.now() / 1000,
    steal: cpuTimes(readFileSync('/proc/stat', 'utf8')).steal,
  });
  const from = look();
  const waking = [process.execPath, PROGRAM, String(seconds)];
  await Promise.all(
    Array.from({ length: cores }, (_, core) =>
      shell.run({ program: 'taskset', args: ['--cpu-list', String(core), ...waking] }),
    ),
  );
  const to = look();
  return (100 * (to.steal - from.steal)) / ((to.at - from.at) * cores);
}
