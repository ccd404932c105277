// Memory at rest, so that a run is charged with what its containers take. The kernel frees cgroups and namespaces of those
// that are gone over some seconds, which would be credited to a run that began meanwhile.

import { setTimeout as pause } from 'node:timers/promises';

/** ms between looks, and looks at the most. */
const LOOK = 500;
const LOOKS = 16;
/** Bytes by which memory may fall from look to look and still count as at rest. */
const FALL = 64_000;

/**
 * Waits until the kernel's memory has stopped falling: half a second at least, eight at most.
 * @throws the signal's reason when aborted
 */
export async function memoryAtRest(kernelBytes: () => number, signal: AbortSignal, look = LOOK): Promise<void> {
  let before = kernelBytes();
  for (let i = 0; i < LOOKS; i++) {
    await pause(look, undefined, { signal });
    const now = kernelBytes();
    if (before - now < FALL) return;
    before = now;
  }
}
