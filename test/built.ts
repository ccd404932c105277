// The built program, for tests that need what users run: compiled again when a source is newer.

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const SOURCES = ['models', 'sim', 'emu', 'calibration', 'experiments', 'test/bench', 'test/determinism'];

function newestSource(): number {
  const files = SOURCES.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(root, folder, file)),
  );
  return Math.max(...files.filter((file) => file.endsWith('.ts')).map((file) => statSync(file).mtimeMs));
}

/** Set when this test run has its build: sources that change meanwhile must not mix two programs. */
const ONCE = 'RANGEFIT_TESTS_BUILT';

const fresh = (path: string): boolean => existsSync(path) && statSync(path).mtimeMs >= newestSource();

/** The path of a compiled file, for example `experiments/cli.js`. Types are checked apart from the tests. */
export function built(file: string): string {
  const path = join(root, 'dist', file);
  if (process.env[ONCE] || fresh(path)) return path;
  const { stdout, stderr } = spawnSync('npm', ['run', '-s', 'build'], { cwd: root, encoding: 'utf8' });
  if (!fresh(path)) throw new Error(`the build gave no ${file}:\n${stdout}${stderr}`);
  return path;
}

/** Before all tests. */
export function setup(): void {
  built('sim/index.js');
  process.env[ONCE] = 'yes';
}
