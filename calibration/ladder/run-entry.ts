// One line of a ladder's run folder: what one real run gave, or why it was thrown away.

import { z } from 'zod';
import { METRICS } from '../observations/index.js';

export const entrySchema = z.strictObject({
  id: z.string(),
  quantities: z.partialRecord(z.enum(METRICS), z.number()),
  /** Why the figures were not used; empty: they were. */
  disturbed: z.array(z.string()),
  /** Wall seconds it took, set-up and taking down included. */
  seconds: z.number().nonnegative(),
});

/** What one run gave. */
export type RunEntry = z.output<typeof entrySchema>;
