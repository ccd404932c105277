// A kind of document that can be reported on.

import type { z } from 'zod';
import type { Kind } from '../documents/index.js';
import type { Report } from './report.js';

export interface ReportKind {
  readonly kind: Kind;
  readonly schema: z.ZodType;
  /** @param document one that the schema accepts, as it stands in the file. */
  report(document: unknown): Report;
}
