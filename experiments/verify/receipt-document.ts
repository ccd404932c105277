// A receipt: what a plan predicted for the planned density and its neighbours, and what this machine measured there.

import { encode, z } from 'zod';
import { METRICS } from '../../calibration/index.js';
import { scenarioSchema } from '../../models/index.js';
import { resourceSchema } from '../saturation.js';

const number = z.number();
const interval = z.strictObject({ value: number, low: number, high: number });

const row = z.strictObject({
  metric: z.enum(METRICS),
  unit: z.string(),
  predicted: interval,
  /** Mean over the undisturbed runs, and its standard error. */
  measured: number,
  error: number,
  repeats: z.array(number).min(1),
  /** Predicted less measured: in the unit, or as a share of the measured value. */
  off: number,
  relative: z.boolean(),
  /** The most that it may be; null: shown and not judged. */
  allowed: number.nullable(),
  inside: z.boolean(),
  ok: z.boolean(),
});

const faithful = z.strictObject({
  ok: z.boolean(),
  /** The metric nearest to its tolerance, and by how much: 1 as good as ideal, 0 on it, negative broken. */
  metric: z.string(),
  margin: number,
});

/** Everything that could have run out, of the runs that were fullest. Absent: the receipt is from before it was kept. */
const resources = z.strictObject({ predicted: z.array(resourceSchema), measured: z.array(resourceSchema) });

const density = z.strictObject({
  vnodes: z.int(),
  step: z.enum(['below', 'planned', 'above']),
  rows: z.array(row),
  predicted: faithful,
  measured: faithful,
  /** Percent of CPU by each baseline; null: it says nothing of it. */
  baselines: z.array(z.strictObject({ name: z.string(), cpu: number.nullable() })),
  resources: resources.exactOptional(),
  scenario: scenarioSchema,
  discarded: z.array(z.string()),
});

const knee = z.strictObject({
  predicted: interval,
  /** Of each ladder of real runs, and their median. */
  ladders: z.array(number).min(1),
  measured: number,
  inside: z.boolean(),
  off: number,
  ok: z.boolean(),
});

const comparison = z.strictObject({
  /** What is compared: CPU at every density, or the knee. */
  what: z.enum(['cpu', 'knee']),
  unit: z.string(),
  /** Mean of the absolute errors. */
  ours: number,
  /** Of a repeated measurement. */
  repeat: number,
  baselines: z.array(z.strictObject({ name: z.string(), how: z.string(), error: number })),
  /** At most half of the best baseline's, or below the repeat error. Null: there is no baseline. */
  better: z.boolean().nullable(),
});

export const receiptSchema = z.strictObject({
  format: z.literal('rangefit/receipt'),
  formatVersion: z.literal(1),
  host: z.string(),
  /** The machine that was measured. */
  machine: z.string(),
  kernel: z.string(),
  measuredAt: z.string(),
  version: z.string(),
  /** The command line that gave it; absent when a program asked for it, and from before it was kept. */
  command: z.string().exactOptional(),
  seed: z.string(),
  question: z.string(),
  warnings: z.array(z.string()),
  densities: z.array(density).min(1),
  knee: knee.nullable(),
  comparisons: z.array(comparison),
  /** Wall seconds. */
  seconds: number,
  ok: z.boolean(),
});

export type Receipt = z.output<typeof receiptSchema>;
export type ReceiptRow = z.output<typeof row>;
export type ReceiptDensity = z.output<typeof density>;
export type ReceiptKnee = z.output<typeof knee>;
export type ReceiptComparison = z.output<typeof comparison>;

/** A receipt as it is written, and read again. */
export const receiptDocument = (receipt: Receipt): z.input<typeof receiptSchema> => encode(receiptSchema, receipt);
