// Waiting for a quiet machine: what other processes and the hypervisor take must not be measured as the range's.

import { setTimeout as pause } from 'node:timers/promises';
import { TooNoisy } from '../../calibration/index.js';
import { listen } from '../../emu/index.js';

/** Percent of the machine that may be busy, or stolen, before a run begins. */
const QUIET_LOAD = 8;
const QUIET_STEAL = 2;
/** Milliseconds of each look. */
const LOOK = 250;

/** Returns once the machine has been quiet for `seconds`. @throws TooNoisy when it is not within `patience` seconds more. */
export async function untilQuiet(cores: number, patience: number, signal: AbortSignal, seconds = 0): Promise<void> {
  const until = performance.now() + (patience + seconds) * 1000;
  let calmSince = performance.now();
  for (;;) {
    signal.throwIfAborted();
    const { load, steal } = await listen(cores, LOOK);
    const now = performance.now();
    if (load > QUIET_LOAD || steal > QUIET_STEAL) calmSince = now;
    else if (now - calmSince >= seconds * 1000) return;
    if (now > until)
      throw new TooNoisy(
        `other processes keep ${load.toFixed(0)}% of the CPU busy and the hypervisor takes ${steal.toFixed(1)}%, ` +
          `for ${(patience + seconds).toFixed(0)} s by now`,
      );
    await pause(LOOK, undefined, { signal });
  }
}
