// The document of reproduce: one row for every published figure.

import { z } from 'zod';
import { toleranceSchema } from '../calibration/index.js';

const row = z.strictObject({
  id: z.string(),
  /** F: a profile may be fitted to it, so it is no check. C: a check. I: follows from the inputs. */
  use: z.enum(['F', 'C', 'I']),
  claim: z.string(),
  expected: z.string(),
  /** null: not run. */
  got: z.string().nullable(),
  /** Distance from what was expected, in `errorUnit`; null where a shape is expected. */
  error: z.number().nullable(),
  /** `share`: relative to what was expected. */
  errorUnit: z.string().nullable(),
  tolerance: z.string(),
  status: z.enum(['pass', 'fail', 'skipped', 'uncovered']),
  /** Why it misses, is skipped or uncovered; for others how it was taken, or null. */
  reason: z.string().nullable(),
  /** The numbers behind `got`. */
  values: z.record(z.string(), z.number()).optional(),
});

export const reproduceSchema = z.strictObject({
  format: z.literal('rangefit/reproduce'),
  formatVersion: z.literal(1),
  seed: z.string(),
  /** What was moved on the command line, for all rows. */
  settings: z.array(z.string()),
  /** The command line that gives this document; absent when a program asked for it. */
  command: z.string().exactOptional(),
  tolerances: toleranceSchema,
  summary: z.strictObject({
    checks: z.strictObject({ pass: z.int(), fail: z.int() }),
    exact: z.strictObject({ pass: z.int(), fail: z.int() }),
    fitted: z.strictObject({ within: z.int(), off: z.int() }),
    skipped: z.int(),
    uncovered: z.int(),
  }),
  rows: z.array(row),
});

/** Tolerances as text, as in a file. */
export type ReproduceDocument = z.input<typeof reproduceSchema>;
export type ReproducedRow = ReproduceDocument['rows'][number];
