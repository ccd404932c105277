// A baseline: how the same question is answered without simulating, from the same measurements.

import type { LoadPoint } from './observed-load.js';

export interface BaselineQuestion {
  readonly points: readonly LoadPoint[];
  readonly cores: number;
  /** Bytes for containers, and of each. */
  readonly memory: { readonly available: number; readonly each: number };
  /** Share of the asked goodput that is still within tolerance. */
  readonly goodput: number;
  /** Vnodes come in these steps: a pair is two. */
  readonly step: number;
}

export interface Baseline {
  readonly name: string;
  readonly how: string;
  /** The most vnodes of one host. */
  readonly knee: number;
  /** Percent of CPU, 100 a core; null: it says nothing of it. */
  cpuAt(vnodes: number): number | null;
}
