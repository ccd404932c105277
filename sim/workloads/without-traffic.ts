// What workloads whose vnodes send nothing have in common.

import type { Simulator } from '../simulator.js';
import { KeepsNothing } from './keeps-nothing.js';
import type { VnodeOutcome, Workload } from './workload.js';

export abstract class WithoutTraffic extends KeepsNothing implements Workload {
  readonly payloadDelivered = 0;
  readonly completed = 0;
  readonly unfinished = 0;

  constructor(protected readonly simulator: Simulator) {
    super();
  }

  abstract start(): void;
  abstract begin(vnode: number): number;
  abstract finish(vnode: number): boolean;
  abstract outcome(vnode: number): VnodeOutcome;

  opened(): void {}
  readableNow(): void {}
  writableNow(): void {}
  closed(): void {}
  datagram(): void {}
}

/** Of a vnode that is up from the start. */
export const nothingSent: Omit<VnodeOutcome, 'role'> = {
  sent: 0,
  received: 0,
  startedAt: 0,
  completedAt: null,
  milestones: [],
  goodput: null,
};
