// How tasks spread over a host's cores: where a waking task goes, and which waiting task a core fetches that could run it
// sooner.

import type { Core } from './core.js';

export interface Spreading {
  /** The core on which the host's so-manieth task starts; a pair's two come in turn. */
  first(index: number): Core;
  /** The core on which a waking task goes: `home` is where it last ran, `waker` the core that wakes it, if one does. */
  place(task: number, home: Core, waker: Core | undefined, now: number): Core;
  /** The core has run out of tasks and may fetch one. */
  fetch(core: Core): void;
  /** The core is about to choose what it does next, and may even out the load first. */
  balance(core: Core, now: number): void;
}

/** Tasks as spreading sees them. */
export interface Movable {
  /** Neither pinned nor a core's own thread. */
  mayMove(task: number): boolean;
  /** When it last left a core, ns. */
  ranAt(task: number): number;
  /** Moves its virtual runtime, ns. */
  shift(task: number, by: number): void;
  /** Puts it into the core's run queue. */
  enqueue(task: number, core: Core): void;
  /** Gives a core that does nothing its next thing to do. */
  next(core: Core): void;
}

/** The core with the most runnable tasks besides `core`, two of them at least; undefined when there is none. */
export function fullest(cores: readonly Core[], core: Core): Core | undefined {
  let found: Core | undefined;
  for (const other of cores) if (other !== core && other.runnable > (found?.runnable ?? 1)) found = other;
  return found;
}
