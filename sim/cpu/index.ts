// The door of cpu: cores, and where their time went.

export type { Core } from './core.js';
export { Cores, type PacketWork } from './cores.js';
