// The door of sim: scenario in, run record out.

export { type RandomStream, randomStream, shuffle } from './random.js';
export type { Composition, PacketSummary, PacketTrace, SimulationOptions } from './simulate.js';
export { simulate } from './simulate.js';
