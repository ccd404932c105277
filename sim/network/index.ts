// The door of network: packets from vnode to vnode, and what was carried and lost.

export type { Surroundings } from './access.js';
export { Network } from './network.js';
export type { OutsideBroadcasts } from './outside-broadcasts.js';
export { Pipes } from './pipes.js';
