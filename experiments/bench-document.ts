// The document of a benchmark (`npm run bench -- --json`): how fast the simulator is on a machine, and ns-3 beside it.

import { z } from 'zod';

const row = z.strictObject({
  name: z.string(),
  pairs: z.int().nullable(),
  hopsPerSecond: z.number().nullable(),
  eventsPerSecond: z.number().nullable(),
  /** The same job in ns-3 on this machine, where that is installed, and how much faster this simulator is. */
  peerHopsPerSecond: z.number().nullable(),
  ratio: z.number().nullable(),
  meanCompletionSeconds: z.number().nullable(),
  peerMeanCompletionSeconds: z.number().nullable(),
  wallSeconds: z.number(),
  peakBytes: z.number(),
});

export const benchSchema = z.strictObject({
  format: z.literal('rangefit/bench'),
  formatVersion: z.literal(1),
  /** Enough to judge the figures, nothing that identifies it. Memory in bytes. */
  machine: z.strictObject({
    cpu: z.string(),
    cores: z.int(),
    memory: z.number(),
    architecture: z.string(),
    system: z.string(),
    runtime: z.string(),
  }),
  /** Wall time of exact swarms grows as their peers to the power of this; null: fewer than two were run. */
  scaleExponent: z.number().nullable(),
  rows: z.array(row),
});

export type BenchDocument = z.infer<typeof benchSchema>;
export type BenchRow = BenchDocument['rows'][number];
