// Scenarios by name (experiments/scenarios/) or by file.

import { readdirSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { InputError, inlineNetwork, type Scenario, scenarioSchema } from '../models/index.js';
import { check, escaped, type Located, readDocument, suggestion } from './documents/index.js';
import { isFile } from './names.js';
import { packageRoot } from './package-root.js';
import { type Setting, withSettings } from './settings.js';
import { readNetwork } from './topologies/index.js';

const FOLDER = 'experiments/scenarios';

/** Names of the catalogue's scenarios, in alphabetical order. */
export function scenarioNames(): string[] {
  return readdirSync(join(packageRoot(), FOLDER))
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
    .sort();
}

function locate(nameOrFile: string): Located {
  if (isFile(nameOrFile)) return readDocument(nameOrFile);
  const names = scenarioNames();
  if (!names.includes(nameOrFile))
    throw new InputError(
      'scenario',
      `one of ${names.join(', ')}, or a file`,
      `"${escaped(nameOrFile)}"${suggestion(nameOrFile, names)}`,
    );
  const file = `${FOLDER}/${nameOrFile}.yaml`;
  return readDocument(join(packageRoot(), file), file);
}

/**
 * The scenario with its `scenario.*` settings applied and the file of its topology read: beside the scenario's own
 * file, or where a flag says.
 * @throws InputError for an unknown name, an unreadable file, or a mistake in it (with line and column).
 */
export function loadScenario(nameOrFile: string, settings: readonly Setting[] = []): Scenario {
  const scenario = check(withSettings(locate(nameOrFile), scenarioSchema, settings), scenarioSchema, 'scenario');
  const { topology } = scenario.network;
  if (topology?.file === undefined) return scenario;
  const set = settings.some(({ path }) => path.join('.') === 'network.topology.file');
  const folder = set || !isFile(nameOrFile) ? '.' : dirname(nameOrFile);
  const { file, ...rest } = topology;
  const inline = inlineNetwork(readNetwork(isAbsolute(file) ? file : join(folder, file)));
  return { ...scenario, network: { ...scenario.network, topology: { ...rest, inline } } };
}
