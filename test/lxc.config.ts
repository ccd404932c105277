// Tests that start real containers: one after the other, since a machine carries one emulation at a time.

import { defineConfig } from 'vitest/config';
import base from './vitest.config.js';

// biome-ignore lint/style/noDefaultExport: vitest asks for it
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ['test/**/*.lxc.ts'],
    fileParallelism: false,
    maxWorkers: 1,
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
