// A workload as the simulation sees it: it starts, it is an application on streams, and it says how its vnodes fared.

import type { OverlayRecord, VnodeRecord } from '../../models/index.js';
import type { Application, StreamEvents } from '../transport.js';

/** What only the workload knows of a vnode. */
export type VnodeOutcome = Pick<
  VnodeRecord,
  | 'role'
  | 'sent'
  | 'received'
  | 'startedAt'
  | 'completedAt'
  | 'leftAt'
  | 'milestones'
  | 'goodput'
  | 'workPerSecond'
  | 'responses'
>;

export interface Workload extends StreamEvents, Application {
  /** Schedules what happens first. Called once, at time zero. */
  start(): void;
  /** Payload bytes that have reached their destination, all vnodes together. */
  readonly payloadDelivered: number;
  readonly completed: number;
  readonly unfinished: number;
  outcome(vnode: number): VnodeOutcome;
  /** Of an overlay: what became of its queries. */
  readonly overlay?: OverlayRecord | undefined;
  /** Bytes of memory that the vnode's application takes now, and the most it took. */
  memory(vnode: number): number;
  memoryPeak(vnode: number): number;
  /** Bytes it has written to disk. */
  diskWritten(vnode: number): number;
  /** A datagram for this workload arrived; it gives the packet back to the pool. */
  datagram(packet: number): void;
}
