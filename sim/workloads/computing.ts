// Vnodes without traffic: idle ones only exist, busy ones only compute.

import type { Workload as Chosen } from '../../models/index.js';
import type { Simulator } from '../simulator.js';
import type { Tasks } from '../transport.js';
import { nothingSent, WithoutTraffic } from './without-traffic.js';
import type { VnodeOutcome } from './workload.js';

/** What a busy vnode computes before it is asked again, ns. */
const QUANTUM = 1_000_000;

export class Computing extends WithoutTraffic {
  constructor(
    simulator: Simulator,
    private readonly tasks: Tasks,
    private readonly workload: Extract<Chosen, { kind: 'idle' | 'busy' }>,
  ) {
    super(simulator);
  }

  start(): void {
    if (this.workload.kind !== 'busy') return;
    for (const vnode of this.workload.shares.keys()) this.tasks.wake(vnode);
  }

  begin(): number {
    return QUANTUM;
  }

  finish(): boolean {
    return this.workload.kind === 'busy';
  }

  outcome(): VnodeOutcome {
    return { role: this.workload.kind, ...nothingSent };
  }
}
