// What a caller may ask of one simulated run beside scenario, host and seed.

import type { Composition } from './placement.js';
import type { PacketTrace } from './trace.js';

export interface SimulationOptions {
  /** Vnodes a host; the range takes as many hosts as that needs. Absent: all on one. */
  readonly perHost?: number;
  /** Virtual time after which the run stops, ns. Absent: when the workload is done, or at its deadline. */
  readonly window?: number;
  /** The event queue: the typed one, or the reference on heap-js. Both give the same record. */
  readonly queue?: 'typed' | 'reference';
  /** ns between rows of the time series; absent: one second, or a hundredth of a short run. */
  readonly seriesInterval?: number;
  /** One exactly simulated host out of a larger range. */
  readonly composition?: Composition;
  /** Called for every packet that a vnode sends. */
  readonly trace?: PacketTrace;
}
