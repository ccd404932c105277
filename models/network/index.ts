// The door of network: what joins vnodes.

export * from './link.js';
