// The machine a benchmark ran on: enough to judge its figures, nothing that identifies it.

import { availableParallelism, cpus, totalmem } from 'node:os';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  /** Bytes. */
  readonly memory: number;
  readonly architecture: string;
  readonly system: string;
  readonly runtime: string;
}

export const machine = (): Machine => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: availableParallelism(),
  memory: totalmem(),
  architecture: process.arch,
  system: process.platform,
  runtime: `Node ${process.version}`,
});
