// Workloads whose programs keep nothing: no memory beyond that of a bare container, and nothing on disk.

import type { Workload } from './workload.js';

export abstract class KeepsNothing implements Pick<Workload, 'memory' | 'memoryPeak' | 'diskWritten'> {
  memory(): number {
    return 0;
  }

  memoryPeak(): number {
    return 0;
  }

  diskWritten(): number {
    return 0;
  }
}
