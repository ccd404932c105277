// The door of network: what joins vnodes.

export * from './addresses.js';
export * from './link.js';
