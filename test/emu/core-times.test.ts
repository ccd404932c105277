// Timing kernel work on every core of this machine, for real; neither root nor containers are needed.

import { readdirSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { coreTimes, hostShell, type Shell } from '../../emu/index.js';

const pipes = () => readdirSync(tmpdir()).filter((name) => name.startsWith('rangefit-pipes-'));

it('gives a time for every 10 ms of every core, and leaves no pipe behind', async () => {
  const cores = availableParallelism();
  const before = pipes();
  const times = await coreTimes(hostShell(), cores, 0.5);
  expect(times).toHaveLength(cores);
  for (const ofCore of times) {
    expect(ofCore).toHaveLength(50);
    // A round trip is two system calls: more than a tenth of a microsecond and less than a bin.
    for (const time of ofCore) expect(time > 100 && time < 10e6 * 50, `${time} ns`).toBe(true);
  }
  expect(pipes()).toEqual(before);
});

it('says what is wrong when the program does not run, once all have ended, and leaves no pipe behind', async () => {
  const before = pipes();
  const shell = hostShell();
  let ended = 0;
  const broken: Shell = {
    ...shell,
    async run(command) {
      if (command.program === 'taskset' && command.args[1] === '0') throw new Error('no such core');
      const outcome = await shell.run(command);
      if (command.program === 'taskset') ended++;
      return outcome;
    },
  };
  await expect(coreTimes(broken, Math.min(2, availableParallelism()), 0.2)).rejects.toThrow('no such core');
  expect(ended).toBe(Math.min(2, availableParallelism()) - 1);
  expect(pipes()).toEqual(before);
});
