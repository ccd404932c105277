// Tests that take minutes: whole downloads, which plans only look at the beginning of, and a network of 10,000 vnodes.

import { defineConfig } from 'vitest/config';
import base from './vitest.config.js';

// biome-ignore lint/style/noDefaultExport: vitest asks for it
export default defineConfig({
  ...base,
  test: { ...base.test, include: ['test/**/*.long.ts'], maxWorkers: 1, testTimeout: 900_000 },
});
