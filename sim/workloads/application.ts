// An application that talks in messages and keeps nothing: what such workloads have in common.

import type { OverlayRecord } from '../../models/index.js';
import type { Simulator } from '../simulator.js';
import { type ConversationParts, Conversations, type Listener } from './conversations.js';
import { KeepsNothing } from './keeps-nothing.js';
import type { VnodeOutcome, Workload } from './workload.js';

export interface ApplicationParts extends ConversationParts {
  readonly simulator: Simulator;
  readonly seed: string;
}

/** Runs for its duration (ns); who extends it says who begins, and what a message means. */
export abstract class Application extends KeepsNothing implements Workload, Listener {
  readonly unfinished = 0;
  payloadDelivered = 0;
  completed = 0;
  protected readonly talk: Conversations;

  constructor(protected readonly parts: ApplicationParts) {
    super();
    this.talk = new Conversations(parts, this);
  }

  abstract start(): void;
  abstract heard(vnode: number, endpoint: number, type: number, argument: number, bytes: number): void;
  abstract outcome(vnode: number): VnodeOutcome;

  get overlay(): OverlayRecord | undefined {
    return undefined;
  }

  begin(vnode: number): number {
    return this.talk.begin(vnode);
  }

  finish(vnode: number): boolean {
    return this.talk.finish(vnode);
  }

  readableNow(endpoint: number): void {
    this.talk.readableNow(endpoint);
  }

  opened(_endpoint: number): void {}
  writableNow(_endpoint: number): void {}
  closed(): void {}
  datagram(): void {}
}

/** Nearest rank of the sorted values. */
const rank = (sorted: readonly number[], share: number): number =>
  sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];

/** Seconds from asking to the whole answer, of times in ns; null: nothing was answered. */
export function responsesOf(times: readonly number[]): NonNullable<VnodeOutcome['responses']> | null {
  if (times.length === 0) return null;
  const sorted = [...times].sort((a, b) => a - b);
  const mean = sorted.reduce((sum, time) => sum + time, 0) / sorted.length;
  return { count: sorted.length, mean: mean / 1e9, p50: rank(sorted, 0.5) / 1e9, p99: rank(sorted, 0.99) / 1e9 };
}
