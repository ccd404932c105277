// The door of models: what exists in a range and how it behaves. Pure: no clock, no input or output.

export * from './binding.js';
export * from './bittorrent/index.js';
export * from './chance.js';
export * from './host/index.js';
export * from './input-error.js';
export * from './interference.js';
export * from './network/index.js';
export * from './queueing/index.js';
export * from './run-record.js';
export * from './scenario.js';
export * from './topology.js';
export * from './units.js';
