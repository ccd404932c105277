// Vnodes without traffic: idle ones only exist, busy ones only compute.

import type { Workload as Chosen, VnodeRecord } from '../../models/index.js';
import type { Simulator } from '../simulator.js';
import type { Tasks } from '../transport.js';
import type { VnodeOutcome, Workload } from './workload.js';

/** What a busy vnode computes before it is asked again, ns. */
const QUANTUM = 1_000_000;

export class Computing implements Workload {
  readonly payloadDelivered = 0;
  readonly completed = 0;
  readonly unfinished = 0;

  constructor(
    private readonly simulator: Simulator,
    private readonly tasks: Tasks,
    private readonly workload: Extract<Chosen, { kind: 'idle' | 'busy' }>,
  ) {}

  get finished(): boolean {
    return this.simulator.now >= this.workload.duration;
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
    const role: VnodeRecord['role'] = this.workload.kind;
    return { role, sent: 0, received: 0, startedAt: 0, completedAt: null, milestones: [], goodput: null };
  }

  memory(): number {
    return 0;
  }

  memoryPeak(): number {
    return 0;
  }

  diskWritten(): number {
    return 0;
  }

  opened(): void {}
  readableNow(): void {}
  writableNow(): void {}
  closed(): void {}
  datagram(): void {}
}
