// The door of host: what physical hosts are and what the mechanisms cost on them.

export * from './host.js';
export * from './kernel.js';
export * from './neighbour-table.js';
export * from './profile.js';
