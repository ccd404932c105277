// A workload in the real world: what its vnodes need, how it runs, how far it is, and how each vnode fared.

import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { LatencyRecord, VnodeRecord } from '../../models/index.js';
import { CannotRun } from '../cannot-run.js';
import type { SharedPath } from '../container.js';
import type { InterfaceCounters } from '../counters.js';
import type { Range, Vnode } from '../range.js';
import type { PlannedVnode } from '../range-plan.js';
import { listens } from '../sockets.js';

/** What only the workload knows of a vnode. Times in seconds after the run's zero. */
export type VnodeOutcome = Pick<
  VnodeRecord,
  'sent' | 'received' | 'startedAt' | 'completedAt' | 'goodput' | 'rtt' | 'alive' | 'workPerSecond'
> & {
  /** File data that it has, where `received` counts repeated blocks. */
  readonly held?: number;
  /** Addresses that its program was connected to in the end. */
  readonly connectedTo?: readonly string[];
  /** Payload by the counters of its interface while its program was receiving, where that ended before the run did. */
  readonly countedReceived?: number;
};

export interface WorkloadProgress {
  /** Bytes of payload delivered so far, all vnodes together. */
  readonly payloadBytes: number;
  readonly completed: number;
  /** Vnodes that can complete; 0: the workload has no end of its own. */
  readonly all: number;
  /** Payload that single vnodes have, by index, where the workload can tell. */
  readonly perVnode?: ReadonlyMap<number, number>;
}

/** The run's own clock. */
export interface RunClock {
  /** Seconds since zero. */
  now(): number;
  /** Seconds after zero of a Unix time in seconds. */
  at(unix: number): number;
}

export interface Workload {
  /** Writes what vnodes share into `folder`, before they exist. */
  prepare(folder: string): Promise<void>;
  shared(vnode: PlannedVnode): readonly SharedPath[];
  /** Starts what must be up before the run's zero. */
  ready(range: Range): Promise<void>;
  /** From zero to the end, or the scenario's deadline. */
  run(range: Range, clock: RunClock, signal: AbortSignal): Promise<void>;
  /** Cheap; called once a second. */
  progress(interfaces: ReadonlyMap<string, InterfaceCounters>): WorkloadProgress;
  /** After the end: what a latency run found. */
  latency?(): LatencyRecord;
  /** After the end, range still up. By vnode index. */
  outcomes(range: Range): Promise<ReadonlyMap<number, VnodeOutcome>>;
}

export const nothingHappened: VnodeOutcome = {
  sent: 0,
  received: 0,
  startedAt: null,
  completedAt: null,
  goodput: null,
  rtt: null,
  alive: true,
};

/** @throws CannotRun when a vnode's program is not listening after 20 s; its last words are told. */
export async function untilListening(vnodes: readonly Vnode[], port: number, what: string): Promise<void> {
  const until = performance.now() + 20_000;
  for (const vnode of vnodes)
    while (!listens(vnode.init, port)) {
      if (performance.now() > until) throw new CannotRun(`${what} in ${vnode.name} does not answer`, lastWords(vnode));
      await pause(20);
    }
}

export function lastWords(vnode: Vnode): string[] {
  try {
    return readFileSync(vnode.places.output, 'utf8').trim().split('\n').slice(-5);
  } catch {
    return [];
  }
}
