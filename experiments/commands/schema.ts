// `schema`: the JSON schema of a kind of document.

import { Argument, type Command } from 'commander';
import { deliver, READS_ONLY, type StandardFlags, verb } from '../flags.js';
import { documentKinds, jsonSchemaOf } from '../schemas.js';
import type { Session } from '../session.js';

export function schemaVerb(session: Session): Command {
  return verb(
    'schema',
    'the JSON schema of a kind of document',
    ['schema scenario', 'schema profile --out profile.schema.json'],
    { idle: READS_ONLY },
  )
    .addArgument(new Argument('<kind>', 'kind of document').choices(documentKinds))
    .action((kind: string, flags: StandardFlags) => {
      const schema = jsonSchemaOf(kind);
      deliver(session, flags, schema, `${JSON.stringify(schema, null, 2)}\n`, `${kind}.schema.json`);
    });
}
