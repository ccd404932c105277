// What a hypervisor takes, looked for with the cores of this machine woken for real; neither root nor containers are needed.

import { availableParallelism } from 'node:os';
import { expect, it } from 'vitest';
import { hostShell, type Shell, stolenFromWakers } from '../../emu/index.js';

const cores = availableParallelism();

/** The machine's own, `told` of each command and of its end. */
function watchedShell(told: (core: string, ended: boolean) => void): Shell {
  const shell = hostShell();
  return {
    ...shell,
    async run(command) {
      const core = command.args[1] as string;
      told(core, false);
      const outcome = await shell.run(command);
      told(core, true);
      return outcome;
    },
  };
}

it('wakes every core once, all at the same time, and gives a share of all of them', async () => {
  const begun: string[] = [];
  let mostAtOnce = 0;
  let now = 0;
  const shell = watchedShell((core, ended) => {
    if (!ended) begun.push(core);
    now += ended ? -1 : 1;
    mostAtOnce = Math.max(mostAtOnce, now);
  });
  const stolen = await stolenFromWakers(shell, cores, 0.5);
  expect(begun).toEqual(Array.from({ length: cores }, (_, core) => String(core)));
  expect(mostAtOnce).toBe(cores);
  expect(stolen).toBeGreaterThanOrEqual(0);
  expect(stolen).toBeLessThan(100);
});

it('says so when a core cannot be woken', async () => {
  await expect(stolenFromWakers(hostShell(), 64 * cores, 0.01)).rejects.toThrow(/taskset/);
});
