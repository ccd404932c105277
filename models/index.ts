// The door of models: what exists in a range and how it behaves. Pure: no clock, no input or output.

export * from './bittorrent/client.js';
export * from './host/host.js';
export * from './host/kernel.js';
export * from './host/profile.js';
export * from './input-error.js';
export * from './network/link.js';
export * from './run-record.js';
export * from './scenario.js';
export * from './units.js';
