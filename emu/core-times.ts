// How long the same kernel work takes on each core, over and over, all cores at once: on a machine of one's own hardly
// anything changes; where others use the physical cores, too, times jump between two values.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Shell } from './shell.js';

const PROGRAM = fileURLToPath(new URL('./kernel-work.js', import.meta.url));

/**
 * @returns by core, ns that one round trip through a pipe took, for one 10 ms after another.
 * @throws CommandFailed where the program does not run.
 */
export async function coreTimes(shell: Shell, cores: number, seconds: number): Promise<number[][]> {
  const folder = mkdtempSync(join(tmpdir(), 'rangefit-pipes-'));
  try {
    const all = await Promise.allSettled(
      Array.from({ length: cores }, async (_, core) => {
        const pipe = join(folder, String(core));
        await shell.run({ program: 'mkfifo', args: [pipe] });
        const timing = [process.execPath, PROGRAM, String(seconds), pipe];
        const { stdout } = await shell.run({ program: 'taskset', args: ['--cpu-list', String(core), ...timing] });
        return JSON.parse(stdout) as number[];
      }),
    );
    return all.map((one) => {
      if (one.status === 'rejected') throw one.reason;
      return one.value;
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
