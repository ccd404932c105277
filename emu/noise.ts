// What others take of a machine: its own processes, which show on an idle machine, and a hypervisor's guests, which do not.

import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { cpuTimes } from './counters.js';
import type { Shell } from './shell.js';

export interface Noise {
  /** Percent of the machine's CPU, over the time that was looked. */
  readonly steal: number;
  readonly load: number;
  /** The clock follows the load. */
  readonly frequencyScaling: boolean;
}

const governor = (): string => {
  try {
    return readFileSync('/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor', 'utf8').trim();
  } catch {
    return 'none';
  }
};

/** From before `meanwhile` until after it. */
async function noiseDuring(cores: number, meanwhile: () => Promise<unknown>): Promise<Noise> {
  const look = () => ({ at: performance.now() / 1000, cpu: cpuTimes(readFileSync('/proc/stat', 'utf8')) });
  const from = look();
  await meanwhile();
  const to = look();
  const capacity = (to.at - from.at) * cores;
  const idle = to.cpu.idle + to.cpu.iowait - from.cpu.idle - from.cpu.iowait;
  return {
    steal: ((to.cpu.steal - from.cpu.steal) / capacity) * 100,
    load: Math.max(0, (1 - idle / capacity) * 100),
    frequencyScaling: !['none', 'performance'].includes(governor()),
  };
}

/** Looks for one second, or as long as told, and does nothing meanwhile. */
export const listen = (cores: number, milliseconds = 1000): Promise<Noise> =>
  noiseDuring(cores, () => pause(milliseconds));

const PROGRAM = fileURLToPath(new URL('./wake-work.js', import.meta.url));

/**
 * Wakes all cores over and over for `seconds` and returns the percent of the CPU that the hypervisor took. A core that never
 * sleeps keeps its place; whoever sleeps and wakes waits for others each time, and so do ranges: beside neighbours 9 to 35
 * percent were stolen of two processes that woke one another, 1 to 4 of loops that never slept, in turn.
 * @throws CommandFailed where the program does not run.
 */
export async function stolenFromWakers(shell: Shell, cores: number, seconds: number): Promise<number> {
  const waking = [process.execPath, PROGRAM, String(seconds)];
  const all = Array.from({ length: cores }, (_, core) => ['--cpu-list', String(core), ...waking]);
  const { steal } = await noiseDuring(cores, () =>
    Promise.all(all.map((args) => shell.run({ program: 'taskset', args }))),
  );
  return steal;
}
