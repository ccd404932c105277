// Observations: what was run on a machine and what was measured, kept as a file so that a fit can be repeated.

import { z } from 'zod';
import { interferenceOf, scenarioSchema } from '../../models/index.js';
import { METRICS } from './metric.js';

const number = z.number();

const observation = z.strictObject({
  metric: z.enum(METRICS),
  /** Mean over the repeats, in the metric's unit. */
  value: number,
  /** Standard error of that mean. */
  error: number.nonnegative(),
  repeats: z.array(number).min(1),
});

const experiment = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,80}$/),
  /** What the experiment isolates. */
  rung: z.string().max(80),
  scenario: scenarioSchema,
  /** Never fitted: only compared with what the fit predicts. */
  heldOut: z.boolean(),
  observations: z.array(observation),
  /** Why runs were thrown away, one line each. */
  discarded: z.array(z.string().max(400)).default([]),
});

const machine = z.strictObject({
  /** The processor's name. */
  processor: z.string().max(200),
  cores: z.int().min(1),
  kernel: z.string().max(200),
  /** Bytes. */
  memory: number.positive(),
  disk: number.positive(),
  /** Bytes of second-level cache a core has; 0: not known. */
  cache: number.nonnegative(),
  /** Its cores are KVM's. Absent: not known to be. */
  kvm: z.boolean().exactOptional(),
});

/** Of a victim's speed, lost beside a stressed vnode: the mean, the least and the most that was seen. */
const lostShare = z.strictObject({
  value: number.min(0).max(1),
  low: number.min(0).max(1),
  high: number.min(0).max(1),
});

/** The mean, the least and the most that was seen. */
const seen = <T extends z.ZodType<number>>(value: T) => z.strictObject({ value, low: value, high: value });

/** Of cores that others use, too: how much of the time they are slowed, their speed then over that otherwise, and for how many seconds. */
const sharing = z.strictObject({
  share: seen(number.min(0).max(1)),
  speed: seen(number.positive().max(1)),
  stretch: seen(number.positive()),
});

export const observationsSchema = z.strictObject({
  format: z.literal('rangefit/observations').default('rangefit/observations'),
  formatVersion: z.literal(1).default(1),
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/)
    .describe('a name of lower-case letters, digits and dashes'),
  machine,
  /** ISO 8601, UTC. */
  measuredAt: z.string().max(40),
  /** Of this program, and of what ran the containers. */
  versions: z.record(z.string(), z.string()),
  /** Who measured. */
  origin: z.enum(['calibrate', 'import']),
  experiments: z.array(experiment).min(1),
  /** Where it was measured. It goes into the profile as it is: nothing is fitted to it. */
  interference: interferenceOf(lostShare).optional(),
  /** Where it was measured, and the cores were not even. As it is, too. */
  sharedCores: sharing.optional(),
});

export type Observations = z.output<typeof observationsSchema>;
export type MeasuredInterference = NonNullable<Observations['interference']>;
export type MeasuredSharing = NonNullable<Observations['sharedCores']>;
export type Machine = Observations['machine'];
export type Experiment = Observations['experiments'][number];
export type Observation = Experiment['observations'][number];
