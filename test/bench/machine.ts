// The machine a benchmark ran on: enough to judge its figures, nothing that identifies it.

import { availableParallelism, cpus, totalmem } from 'node:os';
import type { BenchDocument } from '../../experiments/bench-document.js';

export const machine = (): BenchDocument['machine'] => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: availableParallelism(),
  memory: totalmem(),
  architecture: process.arch,
  system: process.platform,
  runtime: `Node ${process.version}`,
});
