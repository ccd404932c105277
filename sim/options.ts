// What a caller may ask of one simulated run beside scenario, host and seed.

import type { Host } from '../models/index.js';
import type { PacketTrace } from './trace.js';

/** A range seen from a few of its hosts: `perHost` peers on each, `remotePeers` stand for all the others. */
export interface Composition {
  readonly rangePeers: number;
  /** Hosts that are simulated; the tracker is on the first. */
  readonly hosts: number;
  readonly remotePeers: number;
  /** What a remote peer's host does to its packets: delay in ns (both ways together), share lost, rate left. */
  readonly remoteDelay: number;
  readonly remoteLoss: number;
  readonly remoteRate: number;
}

/** Which vnode lives on which host (ModelNet's fourth phase). */
export interface Binding {
  readonly hosts: readonly Host[];
  readonly hostNames: readonly string[];
  /** Per vnode, in the order of `membersOf`: the index of its host. */
  readonly hostOf: readonly number[];
}

export interface SimulationOptions {
  /** Vnodes a host; the range takes as many hosts as that needs. Absent: all on one. */
  readonly perHost?: number;
  /** Virtual time after which the run stops, ns. Absent: when the workload is done, or at its deadline. */
  readonly window?: number;
  /** The event queue: the typed one, or the reference on heap-js. Both give the same record. */
  readonly queue?: 'typed' | 'reference';
  /** All events in one order, also where parts of the run never meet. Only the digest of the trajectory differs. */
  readonly together?: boolean;
  /** ns between rows of the time series; absent: one second, or a hundredth of a short run. */
  readonly seriesInterval?: number;
  /** Where each vnode lives, on hosts that may differ; instead of `perHost`. */
  readonly binding?: Binding;
  /** Exactly simulated hosts out of a larger range. */
  readonly composition?: Composition;
  /** Called for every packet that a vnode sends. */
  readonly trace?: PacketTrace;
}
