// Scenarios by name (experiments/scenarios/) or by file.

import { readdirSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { InputError, inlineNetwork, pipesOf, type Scenario, scenarioSchema } from '../models/index.js';
import { membersOf, scenarioTarget } from '../sim/index.js';
import { check, escaped, type Located, parseDocument, quoted, readDocument, suggestion } from './documents/index.js';
import { isLab, type Lab, labScenario, readLab } from './lab/index.js';
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
  if (isLab(nameOrFile))
    throw new InputError(
      escaped(nameOrFile),
      'a scenario: a containerlab file is for plan, whatif and explore, which pack what it declares',
      'a containerlab file',
    );
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

/** Names that a misspelt one is held against. */
const SUGGESTED = 50;

/** @throws InputError for a change of a link or of a vnode that the scenario does not have. */
function checkChanges(scenario: Scenario, located: Located): void {
  const { changes = [] } = scenario;
  const vnodes = new Set(
    changes.some(({ vnode }) => vnode !== undefined) ? membersOf(scenario).map(({ name }) => name) : [],
  );
  const network = changes.some(({ link }) => link !== undefined) ? scenarioTarget(scenario) : undefined;
  for (const [index, { link, vnode }] of changes.entries()) {
    const refuse = (key: string, expected: string, found: string): never => {
      const { source, line, column } = located.place(['changes', index, key], 'value');
      throw new InputError(`${source}:${line}:${column}`, expected, found);
    };
    if (link && network && pipesOf(network, link).length === 0)
      refuse('link', 'two routers of the network with a link between them', link.map((end) => quoted(end)).join(', '));
    if (vnode !== undefined && !vnodes.has(vnode))
      refuse(
        'vnode',
        `a vnode of ${scenario.name}`,
        `${quoted(vnode)}${suggestion(vnode, [...vnodes].slice(0, SUGGESTED))}`,
      );
  }
}

/** What a range is planned for: a scenario, and the lab that it stands for where a containerlab file was named. */
export interface Planned {
  readonly scenario: Scenario;
  readonly lab?: Lab;
}

/** As `loadScenario`, and containerlab files. @throws InputError. */
export function loadPlanned(nameOrFile: string, settings: readonly Setting[] = []): Planned {
  if (!isLab(nameOrFile)) return { scenario: loadScenario(nameOrFile, settings) };
  const lab = readLab(nameOrFile);
  const located = parseDocument(`${nameOrFile}.json`, JSON.stringify(labScenario(lab)));
  return { scenario: check(withSettings(located, scenarioSchema, settings), scenarioSchema, 'scenario'), lab };
}

/**
 * The scenario with its `scenario.*` settings applied and the file of its topology read: beside the scenario's own
 * file, or where a flag says.
 * @throws InputError for an unknown name, an unreadable file, or a mistake in it (with line and column).
 */
export function loadScenario(nameOrFile: string, settings: readonly Setting[] = []): Scenario {
  const located = withSettings(locate(nameOrFile), scenarioSchema, settings);
  const scenario = withNetwork(check(located, scenarioSchema, 'scenario'), nameOrFile, settings);
  checkChanges(scenario, located);
  return scenario;
}

/** The scenario with the file of its topology read. */
function withNetwork(scenario: Scenario, nameOrFile: string, settings: readonly Setting[]): Scenario {
  const { topology } = scenario.network;
  if (topology?.file === undefined) return scenario;
  const set = settings.some(({ path }) => path.join('.') === 'network.topology.file');
  const folder = set || !isFile(nameOrFile) ? '.' : dirname(nameOrFile);
  const { file, ...rest } = topology;
  const inline = inlineNetwork(readNetwork(isAbsolute(file) ? file : join(folder, file)));
  return { ...scenario, network: { ...scenario.network, topology: { ...rest, inline } } };
}
