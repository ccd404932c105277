// The plan document: the answer with everything that verify and report need, and nothing about this machine.

import { z } from 'zod';
import { toleranceSchema } from '../../calibration/index.js';
import { hostProfileSchema, scenarioSchema } from '../../models/index.js';
import { completionSchema, testedDensitySchema } from './tested-density.js';

const interval = z.strictObject({ value: z.number(), low: z.number(), high: z.number() });

const limit = z.strictObject({
  id: z.string(),
  /** The exact command or change that moves it. */
  remedy: z.string(),
  /** The highest density that it allows, and how that is known. */
  vnodesPerHost: z.number(),
  evidence: z.string(),
});

const answer = z.strictObject({
  hosts: interval,
  /** All hosts together are within tolerance with probability 0.9; of a containerlab file, vnodes on the fullest host. */
  vnodesPerHost: interval,
  /** Half of it, for pairs; otherwise null. */
  pairsPerHost: interval.nullable(),
  /** One host is within tolerance with probability one half; of a containerlab file, with vnodes that idle. */
  knee: interval,
  binding: limit,
  next: limit,
});

const metric = z.strictObject({
  metric: z.string(),
  value: z.number(),
  /** Standard error of the value, from the differences between seeds. */
  error: z.number(),
  tolerance: z.number(),
  /** Not beyond the tolerance by more than the ideal twins' own differences explain (95 %, one-sided). */
  ok: z.boolean(),
  margin: z.number(),
  measured: z.number(),
  ideal: z.number(),
  unit: z.enum(['bit/s', 's', 'share', 'count']),
});

const ceiling = z.strictObject({
  id: z.string(),
  title: z.string(),
  /** The untouched kernel's, in words. */
  default: z.string(),
  /** What is in force; null: no limit. */
  inForce: z.number().nullable(),
  /** What one host of this plan uses of it. */
  used: z.number(),
  /** The first number of vnodes a host that it refuses; null: none. */
  hitsAt: z.number().nullable(),
  ok: z.boolean(),
  /** The command that moves it far enough, or why nothing does. */
  remedy: z.string(),
  note: z.string(),
});

const alternative = z.strictObject({
  host: z.string(),
  technology: z.string(),
  hosts: interval,
  vnodesPerHost: interval,
  binding: z.string(),
  next: z.string().exactOptional(),
  /** Where technologies are compared: bytes, bytes, ns of CPU a full packet, seconds; and why it holds what it holds. */
  technologyFacts: z
    .strictObject({
      memoryPerVnode: z.number(),
      diskPerVnode: z.number(),
      packetNanoseconds: z.number(),
      setupSeconds: z.number(),
      why: z.string(),
      setup: z.string(),
    })
    .exactOptional(),
});

const share = z.strictObject({
  host: z.string(),
  available: z.int(),
  used: z.int(),
  vnodesPerHost: z.int(),
  vnodes: z.int(),
});

export const planSchema = z.strictObject({
  format: z.literal('rangefit/plan'),
  formatVersion: z.literal(1),
  vnodes: z.int(),
  host: z.string(),
  technology: z.string(),
  seed: z.string(),
  /** The command line that gives this plan; absent when a program asked for it. */
  command: z.string().exactOptional(),
  fits: z.boolean(),
  extrapolated: z.boolean(),
  /** One line each. */
  warnings: z.array(z.string()),
  answer,
  /** At the knee, or with as many idle vnodes as the fullest host of a lab: at the density of `fidelityAt`. */
  fidelity: z.array(metric),
  fidelityAt: z.int(),
  /** There too; null where nothing is downloaded. */
  completion: completionSchema.nullable(),
  ceilings: z.array(ceiling),
  /** Of the fullest host at the planned density, or the most that any host of a lab gets: bytes, bytes, seconds. */
  resources: z.strictObject({
    memory: z.number(),
    memoryAvailable: z.number(),
    disk: z.number(),
    diskAvailable: z.number(),
    setupSeconds: z.number(),
  }),
  method: z.strictObject({
    simulated: z.string(),
    composed: z.string(),
    compared: z.string(),
    windowSeconds: z.number().nullable(),
    /** In order; the host alone, all its limits in force. */
    densities: z.array(testedDensitySchema),
    seeds: z.int(),
    draws: z.int(),
    runs: z.int(),
  }),
  /** Where the scenario asked for the cheapest distillation of its network within the tolerances. */
  distillation: z
    .strictObject({
      chosen: z.string(),
      tried: z.array(
        z.strictObject({
          name: z.string(),
          pipes: z.number(),
          pipesPerPacket: z.number(),
          /** Distance from the whole network in the worst metric, in tolerances; null: nothing differs. */
          inaccuracy: z.number(),
          worst: z.string().nullable(),
          ok: z.boolean(),
        }),
      ),
    })
    .exactOptional(),
  /** How many of the host's parameters rest on what. */
  provenance: z.record(z.string(), z.int()),
  /** With `--host a,b`: every host asked about, this one included. */
  alternatives: z.array(alternative),
  /** With `--fleet`. */
  fleet: z.strictObject({ fits: z.boolean(), capacity: z.int(), missing: z.int(), shares: z.array(share) }).nullable(),
  /** Of a containerlab file: what it declares, and which of its vnodes go onto which host. */
  lab: z
    .strictObject({
      name: z.string(),
      /** What the file is called, and its text: exports cut it up. */
      file: z.string(),
      text: z.string(),
      /** Limits in bytes and cores; null: none. */
      vnodes: z.array(
        z.strictObject({
          name: z.string(),
          kind: z.string(),
          image: z.string().nullable(),
          memory: z.number().nullable(),
          cpu: z.number().nullable(),
        }),
      ),
      /** Two ends each, `vnode:interface`. */
      links: z.array(z.array(z.string()).length(2)),
      /** Bytes and cores that its vnodes ask for. */
      hosts: z.array(
        z.strictObject({ host: z.string(), vnodes: z.array(z.string()), memory: z.number(), cpu: z.number() }),
      ),
      /** Vnodes that no host has room for. */
      tooLarge: z.array(z.string()),
    })
    .exactOptional(),
  tolerances: toleranceSchema,
  scenario: scenarioSchema,
  profile: hostProfileSchema,
});

/** Quantities as text and as numbers, as in a file. */
export type PlanDocument = z.input<typeof planSchema>;
export type PlanAnswer = PlanDocument['answer'];
export type PlanCeiling = PlanDocument['ceilings'][number];
export type FleetShares = NonNullable<PlanDocument['fleet']>;

/** Six digits: more is noise, and fewer bytes differ. */
export function rounded<T>(value: T): T {
  if (typeof value === 'number') return (Number.isFinite(value) ? Number(value.toPrecision(6)) + 0 : value) as T;
  if (Array.isArray(value)) return value.map(rounded) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, rounded(inner)])) as T;
}
