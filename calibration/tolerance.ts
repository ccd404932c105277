// Tolerances: how far a run may be from its ideal twin and still count as faithful.

import { z } from 'zod';
import { duration, ratio } from '../models/index.js';

/** The same in plan, verify, watch and reproduce; `--set tolerance.goodput=97%` moves one. */
export const toleranceSchema = z.strictObject({
  /** Goodput of the slowest 5 % of vnodes, as a share of the ideal twin's: at least. */
  goodput: ratio.prefault('95%'),
  /** Completion time over the ideal twin's: the mean and the 95th percentile at most this much later. */
  completionMean: ratio.prefault('5%'),
  completionP95: ratio.prefault('10%'),
  /** Standard deviation of the completion time: at most this much more or less. */
  completionDeviation: ratio.prefault('30%'),
  /** Added RTT at the 99th percentile: at most the larger of a time and a share of the RTT. */
  latency: duration.prefault('1ms'),
  latencyShare: ratio.prefault('10%'),
  /** Share of packets lost although nothing asked for it. */
  loss: ratio.prefault('0.1%'),
  /** Vnodes without memory, and refused neighbour entries. */
  lostVnodes: z.int().nonnegative().default(0),
  refusedNeighbours: z.int().nonnegative().default(0),
});

/** Fractions and ns. */
export type Tolerances = z.output<typeof toleranceSchema>;
/** As in a file: quantities as text. */
export type ToleranceDocument = z.input<typeof toleranceSchema>;

export const defaultTolerances: Tolerances = toleranceSchema.parse({});
