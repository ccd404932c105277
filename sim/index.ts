// The door of sim: scenario in, run record out.

export { type Member, membersOf } from './members.js';
export type { Binding, Composition } from './options.js';
export { type RandomStream, randomStream } from './random.js';
export { scenarioNetwork, scenarioTarget } from './scenario-network.js';
export type { SimulationOptions } from './simulate.js';
export { simulate } from './simulate.js';
export { chainSojourns, packetWorkSojourns, pipeSojourns, taskSojourns } from './station.js';
export { PacketFlag, type PacketSummary, type PacketTrace } from './trace.js';
