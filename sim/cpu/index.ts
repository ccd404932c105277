// The door of cpu: cores, and where their time went.

export type { Core } from './core.js';
export { Cores } from './cores.js';
export { type PacketWork, withoutTimers } from './packet-work.js';
export { beginInterrupt } from './timer-interrupt.js';
