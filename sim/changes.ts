// What changes while a run goes on: links get other qualities, fail and come back; vnodes and hosts are cut off.

import {
  accessRateAt,
  type Change,
  changesAt,
  changesOf,
  momentsOf,
  pipesOf,
  qualityAt,
  sameTarget,
  worksAt,
} from '../models/index.js';
import type { Network } from './network/index.js';
import type { Placement } from './placement.js';
import type { EventHandler, Simulator } from './simulator.js';

export class Changes implements EventHandler {
  private readonly kind: number;
  private readonly moments: readonly number[];

  /** @param cut told of vnodes that are cut off, or no longer. */
  constructor(
    private readonly simulator: Simulator,
    private readonly changes: readonly Change[],
    private readonly placement: Placement,
    private readonly network: Network,
    private readonly cut: (vnode: number, off: boolean) => void,
  ) {
    this.kind = simulator.register(this);
    this.moments = momentsOf(changes);
  }

  start(): void {
    for (const [index, moment] of this.moments.entries()) this.simulator.schedule(moment, this.kind, index);
  }

  handle(index: number): void {
    for (const change of changesAt(this.changes, this.moments[index]))
      if (change.link) this.renewLink(change, change.link);
      else this.renewVnodes(change);
  }

  private renewLink(change: Change, ends: readonly [string, string]): void {
    const { routers } = this.placement;
    if (!routers) throw new Error('a link changes where there are no routers');
    const now = this.simulator.now;
    const own = sameTarget(this.changes, change);
    const pipes = pipesOf(routers.network, ends);
    for (const pipe of pipes) {
      routers.mend(pipe, worksAt(own, now));
      routers.change(pipe, qualityAt(routers.network.pipes[pipe], own, now));
    }
    this.network.refresh([...new Set(pipes.flatMap((pipe) => routers.standingFor(pipe)))]);
  }

  /** Vnodes that are not simulated, where one host stands for many, do not matter. */
  private renewVnodes({ vnode: wanted, host: number }: Change): void {
    const now = this.simulator.now;
    const { names, hostOf, up, down } = this.placement;
    for (const [vnode, name] of names.entries()) {
      if (wanted === undefined ? hostOf[vnode] + 1 !== number : name !== wanted) continue;
      const own = changesOf(this.changes, name, hostOf[vnode]);
      this.cut(vnode, !worksAt(own, now));
      this.network.access.change(vnode, 'up', accessRateAt(up[vnode].rate, 'up', own, now));
      this.network.access.change(vnode, 'down', accessRateAt(down[vnode].rate, 'down', own, now));
    }
  }
}
