// The door of exports: a document in, files for other tools out.

export type { Exported } from './exported.js';
export { lxcConfiguration } from './lxc-configuration.js';
export { multiHostLab } from './multi-host-lab.js';
export { prometheus } from './prometheus.js';
export { slices } from './slices.js';
