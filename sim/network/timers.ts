// Timers on cores that cost: shapers', sleeping tasks', connections'. Each is due on the core that set it, and its interrupt is
// packet work there; one that is due while another's interrupt still looks at the clock is served with it.

import type { Host } from '../../models/index.js';
import { beginInterrupt, type Cores } from '../cpu/index.js';
import type { EventHandler, Simulator } from '../simulator.js';
import type { ShaperAlarm } from './shapers.js';
import { KINDS, WORK } from './work-kinds.js';

export class Timers implements ShaperAlarm, EventHandler {
  private readonly kind: number;
  /** Per task that sleeps: on which core. */
  private readonly sleepsOn: number[] = [];
  /** Per shaper and per task: whether its core's clock was set anew for it, which is paid for with its interrupt. */
  private readonly shaperFirst: boolean[] = [];
  private readonly sleeperFirst: boolean[] = [];

  constructor(
    private readonly simulator: Simulator,
    private readonly cores: Cores,
  ) {
    this.kind = simulator.register(this);
  }

  armed(shaper: number, core: number, at: number): void {
    this.shaperFirst[shaper] = this.setsClock(core, at);
  }

  alarm(shaper: number, core: number): void {
    this.expire(core, shaper, WORK.release, WORK.sharedRelease);
  }

  sleep(task: number, core: number, until: number): void {
    this.sleeperFirst[task] = this.setsClock(core, until);
    this.sleepsOn[task] = core;
    this.simulator.schedule(until, this.kind, task);
  }

  /** A task's sleep is over. */
  handle(task: number): void {
    this.expire(this.sleepsOn[task], task, WORK.rouse, WORK.sharedRouse);
  }

  /** A connection's timer is due now. */
  ofConnection(endpoint: number, core: number): void {
    this.expire(core, endpoint, WORK.timer, WORK.sharedTimer);
  }

  /** ns of the work of kind `kind` for the shaper, task or connection `id`. */
  cost(kind: number, id: number, { timerInterrupt, timerArm, shaperWake }: Host['cpu']): number {
    switch (kind) {
      case WORK.release:
        return timerInterrupt + shaperWake + (this.shaperFirst[id] ? timerArm : 0);
      case WORK.sharedRelease:
        return shaperWake + (this.shaperFirst[id] ? timerArm : 0);
      case WORK.timer:
        return timerInterrupt + shaperWake;
      case WORK.sharedTimer:
        return shaperWake;
      case WORK.rouse:
        return timerInterrupt + (this.sleeperFirst[id] ? timerArm : 0);
      default:
        return this.sleeperFirst[id] ? timerArm : 0;
    }
  }

  /** Whether a timer that is set now, for `at`, is the first to be due on its core, where that costs. */
  private setsClock(coreId: number, at: number): boolean {
    const core = this.cores.all[coreId];
    return core.host.cpu.timerArm > 0 && core.timers.add(at, this.simulator.now);
  }

  private expire(coreId: number, id: number, alone: number, shared: number): void {
    const { cores, simulator } = this;
    const core = cores.all[coreId];
    const { now } = simulator;
    if (now < core.timersUntil) {
      cores.raise(coreId, id * KINDS + shared);
      return;
    }
    const item = id * KINDS + alone;
    cores.raise(coreId, item);
    beginInterrupt(core, now, item, this.cost(alone, id, core.host.cpu));
  }
}
