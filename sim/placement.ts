// Who lives where: the scenario's vnodes on hosts, in order and evenly mixed; or one host of a larger range, with
// remote peers that stand for everybody else.

import { type Host, idealHost, type Scenario, seederCount, vnodeCount } from '../models/index.js';
import type { Surroundings } from './network/index.js';

/** A range seen from one of its hosts: `perHost` peers here, `remotePeers` stand for all the others. */
export interface Composition {
  readonly rangePeers: number;
  readonly remotePeers: number;
  /** What a remote peer's host does to its packets: delay in ns (both ways together), share lost, rate left. */
  readonly remoteDelay: number;
  readonly remoteLoss: number;
  readonly remoteRate: number;
}

export interface Placement {
  readonly hosts: readonly Host[];
  readonly hostNames: readonly string[];
  /** Per vnode: its host's index, its name, and its role. */
  readonly hostOf: readonly number[];
  readonly names: readonly string[];
  readonly roles: readonly VnodeRole[];
  /** Hosts whose vnodes are part of the record. */
  readonly recorded: readonly boolean[];
  readonly surroundings: readonly (Surroundings | undefined)[];
  /** Per host: broadcasts that reach it from hosts that are not simulated, for each one sent here. */
  readonly outsideBroadcasts: number;
  /** Peers the tracker hears of, for each one simulated. */
  readonly announceWeight: number;
}

export type VnodeRole = 'tracker' | 'seeder' | 'leecher' | 'client' | 'server' | 'idle' | 'busy';

/** @param perHost vnodes a host (the tracker apart); absent: all on one. */
export function place(scenario: Scenario, host: Host, perHost?: number, composition?: Composition): Placement {
  if (composition) return placeComposed(scenario, host, perHost ?? vnodeCount(scenario.workload), composition);
  const { workload } = scenario;
  const density = perHost ?? vnodeCount(workload);
  const roles: VnodeRole[] = [];
  const names: string[] = [];
  const hostOf: number[] = [];
  const add = (role: VnodeRole, name: string, on: number) => {
    roles.push(role);
    names.push(name);
    hostOf.push(on);
  };
  switch (workload.kind) {
    case 'swarm':
      add('tracker', 'tracker', 0);
      for (const [peer, role] of peerRoles(workload.peers, seederCount(workload)).entries())
        add(role, `peer-${peer + 1}`, Math.floor(peer / density));
      break;
    case 'pairs':
      for (let pair = 0; pair < workload.pairs; pair++) {
        const on = Math.floor(pair / Math.max(1, Math.floor(density / 2)));
        add('client', `client-${pair + 1}`, on);
        add('server', `server-${pair + 1}`, on);
      }
      break;
    default:
      for (let i = 0; i < vnodeCount(workload); i++)
        add(workload.kind, `${workload.kind}-${i + 1}`, Math.floor(i / density));
  }
  const count = 1 + Math.max(...hostOf);
  return {
    hosts: Array.from({ length: count }, () => host),
    hostNames: Array.from({ length: count }, (_, index) => `${host.name}-${index + 1}`),
    hostOf,
    names,
    roles,
    recorded: Array.from({ length: count }, () => true),
    surroundings: Array.from({ length: count }, () => undefined),
    outsideBroadcasts: 0,
    announceWeight: 1,
  };
}

function placeComposed(scenario: Scenario, host: Host, perHost: number, composition: Composition): Placement {
  const { workload } = scenario;
  if (workload.kind !== 'swarm') throw new Error('only swarms are composed');
  const { rangePeers, remotePeers } = composition;
  const share = seederCount({ ...workload, peers: rangePeers }) / rangePeers;
  const seeders = (peers: number) => Math.min(peers, Math.max(1, Math.round(peers * share)));
  const local = peerRoles(perHost, seeders(perHost));
  const remote = peerRoles(remotePeers, seeders(remotePeers));
  return {
    hosts: [host, idealHost(host)],
    hostNames: [`${host.name}-1`, 'elsewhere'],
    hostOf: [0, ...local.map(() => 0), ...remote.map(() => 1)],
    names: ['tracker', ...local.map((_, i) => `peer-${i + 1}`), ...remote.map((_, i) => `remote-${i + 1}`)],
    roles: ['tracker', ...local, ...remote],
    recorded: [true, false],
    surroundings: [
      undefined,
      { delay: composition.remoteDelay, loss: composition.remoteLoss, rate: composition.remoteRate },
    ],
    outsideBroadcasts: (rangePeers - perHost) / perHost,
    announceWeight: rangePeers / (perHost + remotePeers),
  };
}

/** Seeders evenly among the peers, so that every host has its share. */
function peerRoles(peers: number, seeders: number): VnodeRole[] {
  return Array.from({ length: peers }, (_, peer) =>
    Math.floor(((peer + 1) * seeders) / peers) > Math.floor((peer * seeders) / peers) ? 'seeder' : 'leecher',
  );
}
