// The door of baselines: the answers that people get today, from the same measurements.

export type { Baseline } from './baseline.js';
export { baselinesFor } from './baselines.js';
