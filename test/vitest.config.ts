// How the tests run: one process a core, on the compiled program, as users run it. Transformed by the test runner
// instead, every imported name costs a look-up, and the packet loop takes three times as long.

import { dirname, join, relative, resolve } from 'node:path';
import { defineConfig, type Plugin } from 'vitest/config';
import { root } from './built.js';

const PROGRAM = /^(models|sim|emu|calibration|experiments)\/.*\.js$/;
const BUILT = new RegExp(`^${join(root, 'dist').replace(/[^\w/]/g, '\\$&')}/`);

/** Sends a test's imports of the program to what the build made of it. */
const compiled: Plugin = {
  name: 'compiled',
  enforce: 'pre',
  resolveId(source, importer) {
    if (!importer || !source.startsWith('.')) return undefined;
    const path = relative(root, resolve(dirname(importer), source));
    return PROGRAM.test(path) ? join(root, 'dist', path) : undefined;
  },
};

export default defineConfig({
  root,
  plugins: [compiled],
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/built.ts'],
    server: { deps: { external: [BUILT] } },
    pool: 'forks',
    maxWorkers: 2,
    execArgv: ['--enable-source-maps'],
    // A simulated run of a hundred peers takes seconds, and a loaded machine several times that.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
