// How the tests run: one process a core, no globals, nothing measured against the clock.

import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // A simulated run of a hundred peers takes seconds, and a loaded machine several times that.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
