// What containers do when nobody asks them: init, getty, sshd and their timers wake up now and then, for little work.

import type { Host } from '../models/index.js';
import type { Cores } from './cpu/index.js';
import type { RandomStream } from './random.js';
import type { EventHandler, Simulator } from './simulator.js';

export class Background implements EventHandler {
  private readonly kind: number;
  private readonly tasks: number[] = [];
  private readonly intervals: number[] = [];

  constructor(
    private readonly simulator: Simulator,
    private readonly cores: Cores,
  ) {
    this.kind = simulator.register(this);
  }

  /** The processes of one more container on a host with costs; they wake in a phase of their own. */
  addContainer(hostIndex: number, host: Host, random: RandomStream): void {
    const { backgroundWakesPerSecond, backgroundWork } = host.cpu;
    if (host.ideal || backgroundWakesPerSecond === 0) return;
    const interval = Math.round(1e9 / backgroundWakesPerSecond);
    const container = this.tasks.push(this.cores.addTask(hostIndex, -1, backgroundWork)) - 1;
    this.intervals.push(interval);
    this.simulator.schedule(random.below(interval), this.kind, container);
  }

  handle(container: number): void {
    this.cores.wake(this.tasks[container]);
    this.simulator.schedule(this.simulator.now + this.intervals[container], this.kind, container);
  }
}
