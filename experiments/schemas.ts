// The kinds of documents that have a schema, by name.

import { z } from 'zod';
import { observationsSchema } from '../calibration/index.js';
import { hostProfileSchema, scenarioSchema } from '../models/index.js';
import { benchSchema } from './bench-document.js';
import { bindingSchema } from './binding-document.js';
import { planSchema } from './planner/index.js';
import { recordSchema } from './record-schema.js';
import { reproduceSchema } from './reproduce-document.js';
import { caseSchema } from './studies/index.js';
import { receiptSchema } from './verify/index.js';
import { sweepSchema } from './whatif/index.js';

/** A new kind of document is one line here. */
const schemas: Readonly<Record<string, z.ZodType>> = {
  scenario: scenarioSchema,
  profile: hostProfileSchema,
  observations: observationsSchema,
  record: recordSchema,
  plan: planSchema,
  receipt: receiptSchema,
  sweep: sweepSchema,
  reproduce: reproduceSchema,
  binding: bindingSchema,
  case: caseSchema,
  bench: benchSchema,
};

export const documentKinds: readonly string[] = Object.keys(schemas);

/** What a document of this kind may hold, as it stands in a file (JSON schema, draft 2020-12). */
export function jsonSchemaOf(kind: string): unknown {
  const schema = schemas[kind];
  if (!schema) throw new Error(`no schema of ${kind}`);
  return z.toJSONSchema(schema, { io: 'input' });
}
