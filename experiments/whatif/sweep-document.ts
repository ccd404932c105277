// The sweep document: every point of a what-if study with its answer, what moves the knee, and what reaches a target.

import { z } from 'zod';
import { toleranceSchema } from '../../calibration/index.js';
import { hostProfileSchema, scenarioSchema } from '../../models/index.js';

const value = z.union([z.string(), z.number(), z.boolean()]);

const limit = z.strictObject({
  id: z.string(),
  /** The exact command or change that moves it. */
  remedy: z.string(),
  /** The highest density that it allows, and how that is known. */
  vnodesPerHost: z.number(),
  evidence: z.string(),
});

/** A plan without intervals. */
export const answerSchema = z.strictObject({
  host: z.string(),
  technology: z.string(),
  /** Of the whole range. */
  vnodes: z.int(),
  /** 0: it does not fit. */
  hosts: z.int(),
  /**
   * The planned density, half of it for pairs (otherwise null), and the knee of one host. Of a containerlab file: vnodes
   * on the fullest host, and on a host on average.
   */
  vnodesPerHost: z.int(),
  pairsPerHost: z.int().nullable(),
  knee: z.int(),
  /** Of a containerlab file: the knee of vnodes that idle. */
  idleKnee: z.int().exactOptional(),
  /** Where a first, small run put the density at which the host is full. */
  firstLook: z.number(),
  binding: limit,
  next: limit,
});

/** What one parameter does, all others as the study has them. */
const sensitivity = z.strictObject({
  path: z.string(),
  /**
   * Share of the knee's variance over the study that this parameter explains by itself (first-order Sobol index; of a
   * sample estimated, less what chance would explain).
   */
  share: z.number(),
  /**
   * By value (`from` and `to` are the same), or by part of a sampled stretch (its first and its last value that was
   * asked about): mean knee, and the constraint that binds most often.
   */
  levels: z.array(z.strictObject({ from: value, to: value, knee: z.number(), binding: z.string(), points: z.int() })),
  /** Where only this parameter differs along a line of points: between which values another constraint comes to bind. */
  switches: z.array(
    z.strictObject({ from: value, to: value, before: z.string(), after: z.string(), lines: z.int(), of: z.int() }),
  ),
  /**
   * Of a sample, in which the other parameters vary as well: how likely it is that this one changes what binds, and
   * between which values (with 90 %) it does so, as far as that is likely. Null where `switches` says it exactly.
   */
  estimate: z
    .strictObject({
      probability: z.number(),
      turns: z.array(
        z.strictObject({
          ...{ from: value, to: value, before: z.string(), after: z.string() },
          /** Share of the points at which `after` binds, below and above. */
          below: z.number(),
          above: z.number(),
          probability: z.number(),
        }),
      ),
    })
    .nullable(),
});

const target = z.strictObject({
  /** What was asked: at least so many vnodes on a host, or the range on at most so many hosts. */
  vnodesPerHost: z.int().nullable(),
  hosts: z.int().nullable(),
  reached: z.boolean(),
  /** Settings, as `--set` takes them; none: nothing needs to change, or nothing was found. */
  change: z.array(z.strictObject({ path: z.string(), value })),
  /** Commands of those changes that a command makes. */
  commands: z.array(z.string()),
  /** Vnodes per host before and after, the latter from a full plan with its 90 % interval. */
  before: z.int(),
  after: z.strictObject({ value: z.number(), low: z.number(), high: z.number() }).nullable(),
  sentence: z.string(),
});

/** With its 90 % interval; `high` null: all hosts that are there may not be enough. */
const fewestMost = z.strictObject({ value: z.number(), low: z.number(), high: z.number().nullable() });

const fleet = z.strictObject({
  /** Vnodes that the range has, or that these hosts hold. */
  vnodes: z.int(),
  /** A full plan of the range on these hosts says so. */
  fits: z.boolean(),
  /** The same came out again with the fleet that it led to. False: rounds ended before, and another may be better. */
  settled: z.boolean(),
  /** Of what costs least: hosts, and the sum of their prices (null without any). Null: no such fleet, or not asked. */
  hosts: fewestMost.nullable(),
  cost: fewestMost.nullable(),
  /** Vnodes that the hosts hold which are there; null where that was not asked. */
  holds: z.strictObject({ value: z.int(), low: z.int(), high: z.int() }).nullable(),
  shares: z.array(
    z.strictObject({
      host: z.string(),
      /** null: as many as wanted. */
      available: z.int().nullable(),
      used: z.int(),
      vnodesPerHost: z.int(),
      price: z.number().nullable(),
    }),
  ),
  sentence: z.string(),
});

export const sweepSchema = z.strictObject({
  format: z.literal('rangefit/sweep'),
  formatVersion: z.literal(1),
  seed: z.string(),
  /** The command line that asks the same. */
  command: z.string().optional(),
  /** A full grid, or points of the Halton sequence; `single`: nothing was scanned. */
  design: z.enum(['grid', 'sample', 'single']),
  parameters: z.array(z.strictObject({ path: z.string(), values: z.array(value) })),
  /** One line each. */
  warnings: z.array(z.string()),
  /** Without any of the scanned changes. */
  base: answerSchema,
  points: z.array(z.strictObject({ index: z.int(), values: z.array(value), answer: answerSchema })),
  /** The parameter that moves the knee most comes first. */
  sensitivity: z.array(sensitivity),
  target: target.nullable(),
  fleet: fleet.nullable(),
  tolerances: toleranceSchema,
  scenario: scenarioSchema,
  /** Of the base. */
  profile: hostProfileSchema,
});

/** Quantities as text and as numbers, as in a file. */
export type SweepDocument = z.input<typeof sweepSchema>;
export type SweepAnswer = z.output<typeof answerSchema>;
export type SweepPoint = SweepDocument['points'][number];
export type Sensitivity = SweepDocument['sensitivity'][number];
export type SweepTarget = NonNullable<SweepDocument['target']>;
export type SweepFleet = NonNullable<SweepDocument['fleet']>;
export type SettingValue = z.output<typeof value>;
