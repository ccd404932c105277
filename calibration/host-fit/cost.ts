// The costs of a host that are fitted by simulation, how far each may be from where it starts, and which scenarios pay
// it at all.

import type { Host, HostProfile, Parameter, Scenario, Technology } from '../../models/index.js';
import { normalQuantile } from '../normal.js';
import { parametersOf } from '../parameter-draw.js';
import { withLeaf } from './leaf.js';

/** Which scenarios a cost is paid in; a run of another does not depend on it. */
type Payers = (scenario: Scenario) => boolean;

const traffic: Payers = ({ workload }) => workload.kind !== 'idle' && workload.kind !== 'busy';
const shaped: Payers = (scenario) =>
  traffic(scenario) && (scenario.link.up !== 'unshaped' || scenario.link.down !== 'unshaped');
/** Datagrams are sent by tasks that sleep until the next is due. */
const timed: Payers = (scenario) =>
  shaped(scenario) || (scenario.workload.kind === 'pairs' && scenario.workload.transport === 'udp');
const direct: Payers = (scenario) => traffic(scenario) && scenario.network.attach === 'direct';
const swarm: Payers = ({ workload }) => workload.kind === 'swarm';
/** Set-up and memory are paid everywhere and looked at where containers do little else. */
const housing: Payers = ({ workload }) => workload.kind === 'idle' || workload.kind === 'swarm';
const all: Payers = () => true;

/** By the parameter's name below the platform; those of clients are not here. */
const PAYERS: Readonly<Record<string, Payers>> = {
  'cpu.softirqStart': traffic,
  'cpu.transmitPerPacket': traffic,
  'cpu.forwardPerPacket': traffic,
  'cpu.bridgePerPacket': direct,
  'cpu.receivePerPacket': traffic,
  'cpu.packetPerByte': traffic,
  'cpu.copyPerByte': traffic,
  'cpu.timerInterrupt': timed,
  'cpu.timerArm': timed,
  'cpu.shaperWake': shaped,
  'cpu.shaperPerPacket': shaped,
  'cpu.idleExit': all,
  'cpu.deepIdleExit': all,
  'cpu.taskWake': all,
  'cpu.contextSwitch': all,
  'cpu.refillPerByte': traffic,
  'cpu.workingSet': traffic,
  'cpu.systemCall': traffic,
  'cpu.applicationSpeed': swarm,
  'cpu.backgroundWakesPerSecond': ({ workload }) => workload.kind === 'idle',
  'cpu.backgroundWork': ({ workload }) => workload.kind === 'idle',
  'memory.kernelPerContainer': housing,
  'memory.processesPerContainer': housing,
  segmentCost: (scenario) => traffic(scenario) && !scenario.network.gso,
  setupPerContainer: ({ workload }) => workload.kind === 'idle',
};

/** Costs of room show in memory and set-up and in nothing else; costs of work in everything else. */
export const isOfRoom = (name: string): boolean => /^memory\.|^setup|^clients\..*\.memory/.test(name);

export interface FittedCost {
  /** Below the platform: `cpu.taskWake`. */
  readonly name: string;
  readonly start: number;
  /** Standard error of its natural logarithm before the fit, from the starting profile's interval. */
  readonly spread: number;
  readonly paidIn: Payers;
}

/** A cost is sought within this many standard errors of where it starts. */
export const FURTHEST = 3.5;
const NINETY = 2 * normalQuantile(0.95);

const spreadOf = ({ value, low = value, high = value }: Parameter): number =>
  low > 0 ? Math.log(high / low) / NINETY : 0;

/** Of one client: whoever runs it. */
const clientPayers = (client: string): readonly (readonly [string, Payers])[] => {
  const paidIn: Payers = ({ workload }) => workload.kind === 'swarm' && workload.client === client;
  return [
    [`clients.${client}.startWork`, paidIn],
    [`clients.${client}.memoryBase`, paidIn],
  ];
};

/** Costs of the profile's platform that have an interval and that some of the scenarios pay. */
export function fittedCosts(
  profile: HostProfile,
  technology: Technology,
  scenarios: readonly Scenario[],
): FittedCost[] {
  const parameters = parametersOf(profile, technology);
  const clients = Object.keys(profile.platforms[technology]?.clients ?? {}).flatMap(clientPayers);
  return [...Object.entries(PAYERS), ...clients].flatMap(([name, paidIn]) => {
    const parameter = parameters.get(`platform.${name}`);
    if (!parameter) throw new Error(`${profile.name} has no ${name}`);
    const spread = spreadOf(parameter);
    return spread > 0 && scenarios.some(paidIn) ? [{ name, start: parameter.value, spread, paidIn }] : [];
  });
}

/** The cost at `z` standard errors from its start. */
export const costAt = ({ start, spread }: FittedCost, z: number): number => start * Math.exp(z * spread);

/**
 * The host with each cost `z` standard errors from its start. A cost that the scenario never pays stays where it
 * starts, so that its derivative is nothing and the run is shared.
 */
export const hostAt = (host: Host, costs: readonly FittedCost[], z: readonly number[], scenario: Scenario): Host =>
  costs.reduce(
    (at, cost, j) => (cost.paidIn(scenario) ? withLeaf(at, cost.name, costAt(cost, z[j] as number)) : at),
    host,
  );
