// The door of workloads: one line each.

export { Computing } from './computing.js';
export { Flood } from './flood/index.js';
export { Interference } from './interference.js';
export { Pairs } from './pairs.js';
export { Ring } from './ring.js';
export { Swarming } from './swarming.js';
export { Web } from './web.js';
export type { Workload } from './workload.js';
