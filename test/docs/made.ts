// What of the documentation is made, and not written: the page of the API, and the schemas. `npm run docs:make` writes them.

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../../experiments/package-root.js';
import { documentKinds, jsonSchemaOf } from '../../experiments/schemas.js';
import { apiPage } from './api-page.js';

/** Files below the root, and what is in them. */
export function made(): ReadonlyMap<string, string> {
  const schemas = documentKinds.map(
    (kind) => [`docs/schemas/${kind}.json`, `${JSON.stringify(jsonSchemaOf(kind), null, 1)}\n`] as const,
  );
  return new Map([['docs/api.md', apiPage()], ...schemas]);
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const [file, text] of made()) {
    mkdirSync(dirname(join(packageRoot(), file)), { recursive: true });
    writeFileSync(join(packageRoot(), file), text);
  }
