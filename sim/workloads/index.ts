// The door of workloads: one line each.

export { Computing } from './computing.js';
export { Pairs } from './pairs.js';
export { Swarming } from './swarming.js';
export type { Workload } from './workload.js';
