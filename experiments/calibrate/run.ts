// A calibration as its run folder keeps it: what was asked, and every real run as it was finished.

import { z } from 'zod';
import { entrySchema, type RunEntry } from '../../calibration/index.js';
import type { RunFolderKind } from '../run-folder.js';

const inputSchema = z.strictObject({
  name: z.string(),
  quick: z.boolean(),
  startedAt: z.string(),
  versions: z.record(z.string(), z.string()),
});

export type CalibrationRun = z.output<typeof inputSchema>;

export const calibrationRuns: RunFolderKind<CalibrationRun, RunEntry> = {
  verb: 'calibrate',
  input: inputSchema,
  entry: entrySchema,
};
