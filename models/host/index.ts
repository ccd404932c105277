// The door of host: what physical hosts are and what the mechanisms cost on them.

export {
  beyondDomain,
  type CalibratedDomain,
  type Calibration,
  type Comparison,
  domainOf,
} from './calibration.js';
export * from './catalogue/index.js';
export * from './client-on.js';
export * from './disk.js';
export * from './host.js';
export * from './kernel.js';
export * from './kernel-limits.js';
export * from './memory.js';
export * from './neighbour-table.js';
export * from './profile.js';
export * from './setup.js';
export * from './technologies/index.js';
export * from './technology-name.js';
