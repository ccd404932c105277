// A verification as its run folder keeps it: the plan and how it is verified, and every real run as it was finished,
// so that a kill costs one run at the most.

import { z } from 'zod';
import { type RunRecord, type Scenario, vnodeCount } from '../../models/index.js';
import type { PlanDocument } from '../planner/index.js';
import { recordSchema } from '../record-schema.js';
import type { RunFolder, RunFolderKind } from '../run-folder.js';
import type { RealRun } from './measured.js';

const inputSchema = z.strictObject({
  /** As its file has it. */
  plan: z.custom<PlanDocument>((value) => typeof value === 'object' && value !== null),
  repeats: z.int().positive(),
  ladders: z.int().nonnegative(),
  startedAt: z.string(),
  command: z.string().exactOptional(),
});

const isRecord = (value: unknown): boolean => recordSchema.safeParse(value).success;

const entrySchema = z.strictObject({ run: z.string(), record: z.custom<RunRecord>(isRecord, 'a run record') });

export type VerificationRun = z.output<typeof inputSchema>;
export type VerificationEntry = z.output<typeof entrySchema>;

export const verificationRuns: RunFolderKind<VerificationRun, VerificationEntry> = {
  verb: 'verify',
  input: inputSchema,
  entry: entrySchema,
};

const nameOf = (scenario: Scenario, seed: string): string => `${vnodeCount(scenario.workload)} vnodes, run ${seed}`;

/**
 * `run`, but what the folder holds is not run again. Disturbed runs at its end are: whoever goes on hopes for a quieter
 * machine.
 */
export function keptRuns(folder: RunFolder<VerificationRun, VerificationEntry>, run: RealRun): RealRun {
  const entries = [...folder.entries()];
  const last = entries.findLastIndex(({ record }) => record.disturbed.length === 0);
  const kept = new Map<string, RunRecord>(entries.slice(0, last + 1).map((entry) => [entry.run, entry.record]));
  return async (scenario, seed, quiet) => {
    const name = nameOf(scenario, seed);
    const finished = kept.get(name);
    if (finished) return finished;
    const record = await run(scenario, seed, quiet);
    folder.add({ run: name, record });
    return record;
  };
}
