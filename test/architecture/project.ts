// The project as the architecture's rules see it: its files with their text, and who imports whom.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';

export interface SourceFile {
  /** Relative to the project, with `/`. */
  readonly path: string;
  readonly text: string;
}

export interface Import {
  readonly from: string;
  /** A file of the project, or the name of a package or of a Node module without `node:`. */
  readonly to: string;
  readonly kind: 'file' | 'package' | 'node' | 'unresolved';
}

export interface Project {
  /** Names at the top level, ignored ones left out. */
  readonly topLevel: readonly string[];
  /** Paths of all files and folders below, ignored ones left out. */
  readonly paths: readonly string[];
  /** The TypeScript sources. */
  readonly sources: readonly SourceFile[];
  /** Sources that the import graph covers. */
  readonly modules: readonly string[];
  readonly imports: readonly Import[];
  /** Each as the files it goes through. */
  readonly cycles: readonly (readonly string[])[];
}

/** Git's own, and what .gitignore lists. */
const IGNORED = /^(\.git|node_modules|dist|coverage|rangefit-runs|.*\.tgz)$/;

export async function readProject(root: string): Promise<Project> {
  const paths = list(root, '');
  const sources = paths
    .filter((path) => path.endsWith('.ts'))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
  const graph = await cruiseSources(
    root,
    sources.map((source) => source.path),
  );
  const known = new Set(sources.map((source) => source.path));
  const modules = graph.modules.filter((module) => known.has(module.source));
  return {
    topLevel: paths.filter((path) => !path.includes('/')),
    paths,
    sources,
    modules: modules.map((module) => module.source),
    imports: modules.flatMap((module) =>
      module.dependencies.map((dependency) => ({
        from: module.source,
        to: dependency.coreModule ? dependency.module.replace(/^node:/, '') : dependency.resolved,
        kind: known.has(dependency.resolved)
          ? 'file'
          : dependency.coreModule
            ? 'node'
            : dependency.couldNotResolve
              ? 'unresolved'
              : 'package',
      })),
    ),
    cycles: graph.summary.violations.map((violation) => [
      violation.from,
      ...(violation.cycle ?? []).map((step) => step.name),
    ]),
  };
}

function list(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => !IGNORED.test(entry.name))
    .flatMap((entry) => {
      const path = folder ? `${folder}/${entry.name}` : entry.name;
      return entry.isDirectory() ? [path, ...list(root, path)] : [path];
    })
    .sort();
}

async function cruiseSources(root: string, files: string[]): Promise<ICruiseResult> {
  const { output } = await cruise(files, {
    baseDir: root,
    doNotFollow: { path: 'node_modules' },
    // Types count: an import that only the compiler sees is still a dependency of the reader.
    tsPreCompilationDeps: true,
    // Packages may have no main file but say what they export.
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['node', 'import', 'require', 'types', 'default'],
    },
    validate: true,
    ruleSet: { forbidden: [{ name: 'cycle', severity: 'error', from: {}, to: { circular: true } }] },
  });
  if (typeof output === 'string') throw new Error(`dependency-cruiser gave a report: ${output}`);
  return output;
}
