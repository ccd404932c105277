// Broadcasts from hosts that are not simulated: as peers of the rest of the range start and look for each other, their
// requests reach every port of the simulated hosts too.

import type { EventHandler, Simulator } from '../simulator.js';

export interface OutsideBroadcasts {
  readonly perSecond: number;
  /** ns of virtual time after which the whole range has started. */
  readonly until: number;
}

export class OutsideSource implements EventHandler {
  private readonly kind: number;
  private readonly interval: number;

  /** @param flood pays for one broadcast on every simulated host. */
  constructor(
    private readonly simulator: Simulator,
    private readonly broadcasts: OutsideBroadcasts,
    private readonly flood: () => void,
  ) {
    this.kind = simulator.register(this);
    this.interval = Math.max(1, Math.round(1e9 / broadcasts.perSecond));
    if (broadcasts.perSecond > 0) simulator.schedule(this.interval, this.kind, 0);
  }

  handle(): void {
    const { simulator, interval, broadcasts } = this;
    this.flood();
    if (simulator.now + interval <= broadcasts.until) simulator.schedule(simulator.now + interval, this.kind, 0);
  }
}
