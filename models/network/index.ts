// The door of network: what joins vnodes.

export * from './addresses.js';
export * from './assignment.js';
export * from './changes.js';
export * from './core-machine.js';
export * from './distillation.js';
export * from './distilled-size.js';
export * from './generators/index.js';
export * from './link.js';
export * from './range-network.js';
export * from './routing.js';
export * from './target.js';
export * from './validity.js';
