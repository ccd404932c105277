// A container technology: how it holds vnodes apart and joins them, and what it costs where only plain Linux
// containers are known.

import { z } from 'zod';
import { interferenceOf } from '../../interference.js';
import { ratio } from '../../units.js';
import { type CpuParameter, parameter, platformSchema } from '../profile.js';
import { TECHNOLOGIES } from '../technology-name.js';

const number = z.number().nonnegative();

/** A cost as a multiple of what it is with plain containers on the same machine. */
const factor = z
  .strictObject({ times: number, low: number, high: number, note: z.string().min(1).max(600) })
  .refine(({ times, low, high }) => low <= times && times <= high, { message: 'low <= times <= high' });

const { shape } = platformSchema;
const cpuParameters = z.enum(Object.keys(shape.cpu.shape) as [CpuParameter, ...CpuParameter[]]);

/** What differs from plain containers; everything else is as with them. */
const differences = z.strictObject({
  /** Absent: the machine's own. */
  kernel: shape.kernel.optional(),
  cores: shape.cores.optional(),
  cpu: z.partialRecord(cpuParameters, factor),
  memory: shape.memory,
  guest: shape.guest,
  disk: shape.disk,
  encapsulation: shape.encapsulation,
  ruleCost: shape.ruleCost,
  setupPerContainer: shape.setupPerContainer,
  parallelSetup: shape.parallelSetup,
  imageOnce: shape.imageOnce,
  processesPerContainer: shape.processesPerContainer,
});

export const technologySchema = z.strictObject({
  id: z.enum(TECHNOLOGIES),
  title: z.string(),
  /** One clause each: where memory, packets, files and set-up differ, in words. */
  memory: z.string(),
  packets: z.string(),
  files: z.string(),
  setup: z.string(),
  /** Speed that a vnode loses beside one under stress; null: nobody published it. */
  interference: interferenceOf(parameter(ratio)).nullable(),
  /** Null: these are the plain containers. */
  differs: differences.nullable(),
});

export type TechnologyModel = z.output<typeof technologySchema>;
export type TechnologyDocument = z.input<typeof technologySchema>;
