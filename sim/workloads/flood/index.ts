// The door of the flood workload.

export { Flood } from './flood.js';
