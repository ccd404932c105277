// Rules on who may import whom: layers, doors, cycles, purity, and the one place that starts processes.

import type { Import, Project } from './project.js';

/** What each top folder may import besides itself (design: arrows point down only). Anything may be in test. */
const BELOW: Readonly<Record<string, readonly string[]>> = {
  models: [],
  sim: ['models'],
  emu: ['models'],
  calibration: ['sim', 'emu', 'models'],
  experiments: ['calibration', 'sim', 'emu', 'models'],
};
const PROCESS_STARTERS = new Set(['child_process', 'cluster', 'execa', 'cross-spawn', 'tinyexec']);
const SHELL = 'emu/shell.ts';

const top = (path: string): string => path.split('/')[0] ?? '';
const folder = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
const arrow = ({ from, to }: Import): string => `${from} -> ${to}`;
/** `node_modules/@scope/name/file` to `@scope/name`. */
const packageName = (path: string): string =>
  /(?:^|.*\/)node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]?.replace(/^@types\//, '') ?? path;

const between = (project: Project, broken: (found: Import) => boolean): string[] =>
  project.imports.filter(broken).map(arrow);

export function layers(project: Project): string[] {
  return between(project, ({ from, to, kind }) => {
    if (kind !== 'file' || top(from) === 'test' || top(from) === top(to)) return false;
    return !BELOW[top(from)]?.includes(top(to));
  });
}

/** A file imports from its own folder, from the folders above it, and from any other through that folder's index. */
export function doors(project: Project): string[] {
  return between(project, ({ from, to, kind }) => {
    if (kind !== 'file' || top(from) === 'test') return false;
    const target = folder(to);
    const ownOrAbove = target !== '' && `${folder(from)}/`.startsWith(`${target}/`);
    return !ownOrAbove && !to.endsWith('/index.ts');
  });
}

export const cycles = (project: Project): string[] => project.cycles.map((path) => path.join(' -> '));

export const resolvable = (project: Project): string[] => between(project, ({ kind }) => kind === 'unresolved');

/** Models and sim do no input or output: no module of Node's comes in. */
export const pure = (project: Project): string[] =>
  between(project, ({ from, kind }) => kind === 'node' && ['models', 'sim'].includes(top(from)));

export const processesInOnePlace = (project: Project): string[] =>
  between(project, ({ from, to, kind }) => {
    if (top(from) === 'test' || from === SHELL || kind === 'file') return false;
    return PROCESS_STARTERS.has(kind === 'node' ? to : packageName(to));
  });
