// Members: the vnodes of a scenario in the order in which they are numbered, what each is, and which host it is on when
// hosts are filled in order.

import { INTERFERING, InputError, type Scenario, seederCount, type VnodeRole, vnodeCount } from '../models/index.js';

/** A vnode of a scenario. */
export interface Member {
  readonly name: string;
  readonly role: VnodeRole;
  /** Its host when hosts are filled in order. */
  readonly host: number;
}

/**
 * All vnodes of the scenario, in the order in which they are numbered.
 * @param density vnodes a host, the tracker apart; absent: all on one.
 * @throws InputError for `latency`.
 */
export function membersOf({ workload }: Scenario, density = Number.POSITIVE_INFINITY): Member[] {
  switch (workload.kind) {
    case 'latency':
      throw new InputError(
        'scenario.workload.kind',
        'a workload that can be simulated: latency is measured',
        'latency',
      );
    case 'swarm':
      return [
        { name: 'tracker', role: 'tracker', host: 0 },
        ...peerRoles(workload.peers, seederCount(workload)).map((role, peer) => ({
          name: `peer-${peer + 1}`,
          role,
          host: Math.floor(peer / density),
        })),
      ];
    case 'pairs':
      return Array.from({ length: 2 * workload.pairs }, (_, vnode): Member => {
        const pair = vnode >> 1;
        const role = vnode % 2 === 0 ? 'client' : 'server';
        return { name: `${role}-${pair + 1}`, role, host: Math.floor(pair / pairsPerHost(density)) };
      });
    case 'interference':
      return (['busy', 'client', 'server'] as const).map((role, i) => ({
        ...{ name: INTERFERING[i], role, host: Math.floor(i / density) },
      }));
    case 'web':
    case 'flood':
    case 'ring':
      return Array.from({ length: vnodeCount(workload) }, (_, i): Member => {
        const serves = workload.kind === 'web' ? i < workload.replicas : workload.kind === 'ring' && i % 2 === 1;
        const nth = workload.kind === 'web' && !serves ? i - workload.replicas : i;
        const role = serves ? 'server' : 'client';
        return { name: `${role}-${nth + 1}`, role, host: Math.floor(i / density) };
      });
    default:
      return Array.from({ length: vnodeCount(workload) }, (_, i) => ({
        name: `${workload.kind}-${i + 1}`,
        role: workload.kind,
        host: Math.floor(i / density),
      }));
  }
}

const pairsPerHost = (density: number): number => Math.max(1, Math.floor(density / 2));

/** Hosts that so many vnodes a host take. */
export function hostCount({ workload }: Scenario, density: number): number {
  if (workload.kind === 'pairs') return Math.ceil(workload.pairs / pairsPerHost(density));
  return Math.ceil(vnodeCount(workload) / density);
}

/** Seeders evenly among the peers, so that every host has its share. */
export function peerRoles(peers: number, seeders: number): ('seeder' | 'leecher')[] {
  return Array.from({ length: peers }, (_, peer) =>
    Math.floor(((peer + 1) * seeders) / peers) > Math.floor((peer * seeders) / peers) ? 'seeder' : 'leecher',
  );
}
