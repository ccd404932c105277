// Watching: look after look, until the range ends, the time is over, or somebody stops it.

import type { Containers, Outlook } from '../../emu/index.js';
import type { Alarm, Vigil } from './vigil.js';

export interface Watching {
  /** Seconds between two looks, and after which it ends. */
  readonly interval: number;
  readonly until: number;
  readonly signal: AbortSignal;
  pause(milliseconds: number): Promise<unknown>;
}

/** Yields the new alarms of every look. Ends when all containers are gone that were there. */
export async function* watched(
  vigil: Vigil,
  containers: Containers,
  outlook: (groups: readonly string[]) => Outlook,
  { interval, until, signal, pause }: Watching,
): AsyncGenerator<readonly Alarm[]> {
  let most = 0;
  while (!signal.aborted && vigil.seconds < until) {
    const groups = containers();
    if (!groups) return;
    const seen = outlook(groups);
    if (most > 0 && seen.containers === 0) return;
    most = Math.max(most, seen.containers);
    yield vigil.look(seen);
    await pause(interval * 1000);
  }
}
