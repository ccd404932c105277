// What the hypervisor takes of a machine that has work: from an idle one there is nothing to take, however many others are busy.

import { readFileSync } from 'node:fs';
import { coreTimes } from './core-times.js';
import { cpuTimes } from './counters.js';
import type { Shell } from './shell.js';

/**
 * Keeps all cores at work for `seconds` and returns the percent of the CPU that the hypervisor took (`steal` in /proc/stat).
 * @throws CommandFailed where the work does not run.
 */
export async function stolenUnderLoad(shell: Shell, cores: number, seconds: number): Promise<number> {
  const look = () => ({
    at: performance.now() / 1000,
    steal: cpuTimes(readFileSync('/proc/stat', 'utf8')).steal,
  });
  const from = look();
  await coreTimes(shell, cores, seconds);
  const to = look();
  return (100 * (to.steal - from.steal)) / ((to.at - from.at) * cores);
}
