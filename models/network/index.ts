// The door of network: what joins vnodes.

export * from './addresses.js';
export * from './generators/index.js';
export * from './link.js';
export * from './target.js';
export * from './validity.js';
