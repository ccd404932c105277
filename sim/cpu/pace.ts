// How fast a core runs that others use out of sight: a virtual machine's core, whose physical core runs somebody else's
// thread beside it now and then (simultaneous multithreading, shared caches). Stretches of both speeds take turns.

import { exponential, type SharedCores } from '../../models/index.js';
import type { RandomStream } from '../random.js';

export class Pace {
  /** Speed now. The same work takes on average as long as on an even core of speed 1. */
  speed = 1;
  /** When it changes next, ns. */
  until = Number.POSITIVE_INFINITY;
  private readonly fast: number = 1;
  private readonly slow: number = 1;
  private readonly fastStretch: number = 0;
  private readonly slowStretch: number = 0;

  /** @param shared undefined: nobody else uses the core. */
  constructor(
    shared: SharedCores | undefined,
    private readonly random: RandomStream,
  ) {
    if (!shared || shared.share === 0 || shared.share >= 1) return;
    const { share, speed, stretch } = shared;
    this.fast = 1 - share + share / speed;
    this.slow = this.fast * speed;
    this.slowStretch = stretch;
    this.fastStretch = (stretch * (1 - share)) / share;
    this.speed = random.uniform() < share ? this.slow : this.fast;
    this.until = this.drawn();
  }

  /** Brings it up to `now`, which never goes back. */
  follow(now: number): void {
    while (now >= this.until) {
      this.speed = this.speed === this.slow ? this.fast : this.slow;
      this.until += this.drawn();
    }
  }

  /** Lengths without a memory: whoever slows the core comes and goes by chance. */
  private drawn(): number {
    const mean = this.speed === this.slow ? this.slowStretch : this.fastStretch;
    return Math.ceil(1 + mean * exponential(this.random));
  }
}
