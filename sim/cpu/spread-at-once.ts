// Tasks spread at once: no core is idle while a task that may move waits on another. So does FreeBSD 4's one run queue for
// all cores; of Linux before 6.6 it is assumed.

import type { Core } from './core.js';
import { fullest, type Movable, type Spreading } from './spreading.js';

export class SpreadAtOnce implements Spreading {
  constructor(
    private readonly cores: readonly Core[],
    private readonly tasks: Movable,
  ) {}

  /** Neighbours in number get different cores, and so do every second ones: pairs spread either way. */
  first(index: number): Core {
    return this.cores[(index + (index >> 1)) % this.cores.length];
  }

  /** Home if that is idle, else an idle core, else the one with the fewest waiting. */
  place(task: number, home: Core): Core {
    if (!this.tasks.mayMove(task) || home.idle) return home;
    let best = home;
    for (const core of this.cores) {
      if (core.idle) return core;
      if (core.waiting.length < best.waiting.length) best = core;
    }
    return best;
  }

  fetch(core: Core): void {
    const task = fullest(this.cores, core)?.waiting.take((waiting) => this.tasks.mayMove(waiting));
    if (task !== undefined) this.tasks.enqueue(task, core);
  }

  balance(): void {}
}
