// The door of the swarm workload.

export type { ApplicationCosts, SwarmMember, SwarmSetting } from './directory.js';
export { Swarm, type SwarmResult } from './swarm.js';
