// Waiting for a quiet machine: what other processes and the hypervisor take must not be measured as the range's.

import { setTimeout as pause } from 'node:timers/promises';
import { TooNoisy } from '../../calibration/index.js';
import { hostShell, listen, stolenFromWakers } from '../../emu/index.js';

/** Percent of the machine that may be busy, or stolen, before a run begins. */
const QUIET_LOAD = 8;
const QUIET_STEAL = 2;
/** Milliseconds of each look. */
const LOOK = 250;
/** Seconds for which the cores are woken to see what is stolen, and for which they are left alone after it. */
const STRAIN = 0.5;
const REST = 1;

/** How quiet a machine is to be. */
export interface Quiet {
  /** For so long; 0: at one look. Longer ones take work now and then, for nothing is stolen from an idle machine. */
  readonly seconds: number;
  /** Whether the machine is too noisy when a hypervisor still takes of it in the end, and not only when other processes do. */
  readonly insists: boolean;
}

/** Waits for that. @throws TooNoisy when it does not come within `patience` seconds more. */
export async function untilQuiet(
  cores: number,
  patience: number,
  signal: AbortSignal,
  { seconds, insists }: Quiet = { seconds: 0, insists: true },
): Promise<void> {
  const until = performance.now() + (patience + seconds) * 1000;
  let calmSince = performance.now();
  for (;;) {
    signal.throwIfAborted();
    const { load, steal: idly } = await listen(cores, LOOK);
    const steal = seconds > 0 ? Math.max(idly, await stolenFromWakers(hostShell(), cores, STRAIN)) : idly;
    const now = performance.now();
    if (load > QUIET_LOAD || steal > QUIET_STEAL) calmSince = now;
    else if (now - calmSince >= seconds * 1000) return;
    // The next run tells itself whether it was disturbed.
    if (now > until && !insists && load <= QUIET_LOAD) return;
    if (now > until)
      throw new TooNoisy(
        `other processes keep ${load.toFixed(0)}% of the CPU busy and the hypervisor takes ${steal.toFixed(1)}%, ` +
          `for ${(patience + seconds).toFixed(0)} s by now`,
      );
    await pause(seconds > 0 ? REST * 1000 : LOOK, undefined, { signal });
  }
}
