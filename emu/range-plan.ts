// What a scenario needs in the real world: its vnodes with roles, addresses, ports and processor shares. Pure.

import {
  DistilledNetwork,
  INTERFERING,
  InputError,
  type PipeQuality,
  type Scenario,
  sameTarget,
  seederCount,
  type TargetNetwork,
  type VnodeRecord,
  vnodeCount,
} from '../models/index.js';

export type Role = VnodeRecord['role'];

/** What a container needs to be made, whatever it is for. */
export interface PlannedContainer {
  readonly index: number;
  readonly name: string;
  readonly address: string;
  readonly processor: { readonly shares: number; readonly core: number } | null;
  /** The most processes it may have at once; null: as many as the machine bears. */
  readonly processes: number | null;
}

export interface PlannedVnode extends PlannedContainer {
  readonly role: Role;
  /** The bridge its veth ends on; null: joined to its partner without a bridge. */
  readonly bridge: number | null;
  /** The vnode at the other end of its pair. */
  readonly partner: number | null;
  /** Both ways of its own link, where a network of routers has it; null: as the scenario says. */
  readonly access: { readonly up: PipeQuality; readonly down: PipeQuality } | null;
}

/** A router is a container too, numbered after the vnodes; its vnodes' veths end on its bridge. */
export interface PlannedRouter extends PlannedContainer {
  readonly bridge: number;
  /** In the network. */
  readonly place: number;
}

/** One way of a link between routers, by their place in the list of routers. */
export interface PlannedPipe {
  readonly pipe: number;
  readonly from: number;
  readonly to: number;
  readonly link: number;
  readonly quality: PipeQuality;
  /** It has, or gets in the course of the run, delay or loss. */
  readonly netem: boolean;
}

export interface RouterPlan {
  readonly network: TargetNetwork;
  readonly routers: readonly PlannedRouter[];
  readonly pipes: readonly PlannedPipe[];
  /** Per vnode: its router, by its place in the list. */
  readonly home: readonly number[];
}

export interface RangePlan {
  readonly vnodes: readonly PlannedVnode[];
  readonly bridges: number;
  /** Such as `198.18.0.0/15`. */
  readonly network: string;
  readonly prefix: number;
  /** null: no routers. */
  readonly routed: RouterPlan | null;
}

interface Wanted {
  readonly name: string;
  readonly role: Role;
  readonly pair?: number;
  readonly shares?: number;
  /** Cores below the last one that it is kept to. */
  readonly below?: number;
  readonly processes?: number;
}

/** Room for any stress and little more: a fork bomb stays a bomb in a box. */
const STRESSING = 64;
/** Of an ordinary container. */
const SHARES = 1024;

/** Names and roles are the simulator's: `peer-1`, `peer-2`, ... with the seeders spread evenly among them. */
function wanted(workload: Scenario['workload']): Wanted[] {
  const several = (role: Role, count: number): Wanted[] =>
    Array.from({ length: count }, (_, i) => ({ name: `${role}-${i + 1}`, role }));
  switch (workload.kind) {
    case 'swarm': {
      const seeders = seederCount(workload);
      const seedersBefore = (peer: number) => Math.floor((peer * seeders) / workload.peers);
      const peers = Array.from(
        { length: workload.peers },
        (_, i): Wanted => ({
          name: `peer-${i + 1}`,
          role: seedersBefore(i + 1) > seedersBefore(i) ? 'seeder' : 'leecher',
        }),
      );
      return [{ name: 'tracker', role: 'tracker' }, ...peers];
    }
    case 'pairs':
    case 'latency':
      // Latency: the first pair is measured, the others flood each other.
      return Array.from(
        { length: workload.kind === 'pairs' ? workload.pairs : 1 + workload.floods },
        (_, i): Wanted[] => [
          { name: `client-${i + 1}`, role: 'client', pair: i },
          { name: `server-${i + 1}`, role: 'server', pair: i },
        ],
      ).flat();
    case 'idle':
      return several('idle', workload.vnodes);
    case 'web':
    case 'flood':
    case 'ring':
      return several('client', vnodeCount(workload));
    case 'busy':
      return workload.shares.map((shares, i) => ({ name: `busy-${i + 1}`, role: 'busy', shares }));
    case 'interference':
      return (['busy', 'client', 'server'] as const).map((role, i) => ({
        ...{ name: INTERFERING[i] as string, role, shares: SHARES },
        ...(i === 0 ? {} : { below: 1, processes: STRESSING }),
      }));
  }
}

/**
 * @param network the routers between the vnodes, with the vnodes on them; absent: there are none.
 * @throws InputError when the address range is malformed or too small.
 */
export function planRange(scenario: Scenario, core = 0, network?: TargetNetwork): RangePlan {
  const { addresses } = scenario.network;
  const list = wanted(scenario.workload);
  const { first, prefix, capacity } = addressRange(addresses);
  const routers = network?.places.filter(({ kind }) => kind !== 'vnode').length ?? 0;
  if (list.length + routers > capacity)
    throw new InputError(
      'scenario.network.addresses',
      `a range with at least ${list.length + routers} addresses`,
      `${addresses} with ${capacity}`,
    );
  const attach = network ? 'bridge' : scenario.network.attach;
  const vnodes = list.map(
    (vnode, index): PlannedVnode => ({
      index,
      name: vnode.name,
      role: vnode.role,
      address: dotted(first + 1 + index),
      bridge: attach === 'bridge' ? 0 : attach === 'direct' ? null : (vnode.pair ?? 0),
      partner: vnode.pair === undefined ? null : index ^ 1,
      access: null,
      processor:
        vnode.shares === undefined ? null : { shares: vnode.shares, core: Math.max(0, core - (vnode.below ?? 0)) },
      processes: vnode.processes ?? null,
    }),
  );
  const range = { network: `${dotted(first)}/${prefix}`, prefix };
  if (network) return { ...range, ...routedPlan(scenario, vnodes, network, (k) => dotted(first + capacity - k)) };
  const bridges =
    attach === 'bridge' ? 1 : attach === 'direct' ? 0 : 1 + Math.max(0, ...vnodes.map((v) => v.bridge ?? 0));
  return { ...range, vnodes, bridges, routed: null };
}

/** Routers have the last addresses of the range. */
function routedPlan(
  scenario: Scenario,
  vnodes: readonly PlannedVnode[],
  network: TargetNetwork,
  addressOf: (router: number) => string,
): Pick<RangePlan, 'vnodes' | 'bridges' | 'routed'> {
  const { home, up, down, qualities } = new DistilledNetwork(network, 'hop-by-hop');
  const places = network.places.flatMap(({ kind }, place) => (kind === 'vnode' ? [] : [place]));
  const routerOf = new Map(places.map((place, router) => [place, router]));
  const routers = places.map(
    (place, router): PlannedRouter => ({
      index: vnodes.length + router,
      name: `router-${router + 1}`,
      address: addressOf(router),
      bridge: router,
      place,
      processor: null,
      processes: null,
    }),
  );
  const pipes = network.pipes.flatMap((quality, pipe): PlannedPipe[] => {
    const [from, to] = [routerOf.get(quality.from), routerOf.get(quality.to)];
    if (from === undefined || to === undefined) return [];
    const ends = [quality.from, quality.to].map((place) => network.places[place]?.name ?? '') as [string, string];
    const changes = sameTarget(scenario.changes ?? [], { at: 0, link: ends });
    const netem =
      quality.delay > 0 ||
      quality.loss > 0 ||
      changes.some(({ delay, loss }) => delay !== undefined || loss !== undefined);
    return [{ pipe, from, to, link: quality.link, quality, netem }];
  });
  const homes = vnodes.map((_, vnode) => routerOf.get(home[vnode] as number) as number);
  const placed = vnodes.map((vnode, index): PlannedVnode => {
    const [upPipe, downPipe] = [qualities[up[index] as number], qualities[down[index] as number]];
    if (!upPipe || !downPipe) throw new Error(`${vnode.name} has no place in the network`);
    return { ...vnode, bridge: homes[index] as number, access: { up: upPipe, down: downPipe } };
  });
  return { vnodes: placed, bridges: routers.length, routed: { network, routers, pipes, home: homes } };
}

/** `first` is the network's own address; `capacity` leaves out that and the broadcast address. */
function addressRange(text: string): { first: number; prefix: number; capacity: number } {
  const [address = '', length = ''] = text.split('/');
  const octets = address.split('.').map(Number);
  const prefix = Number(length);
  if (octets.length !== 4 || octets.some((octet) => octet > 255) || prefix < 8 || prefix > 30)
    throw new InputError('scenario.network.addresses', 'an IPv4 range from /8 to /30, such as 198.18.0.0/15', text);
  const value = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  const total = 2 ** (32 - prefix);
  const first = Math.floor(value / total) * total;
  if (!ours(first, prefix))
    throw new InputError(
      'scenario.network.addresses',
      'a range inside 198.18.0.0/15, 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16',
      text,
    );
  return { first, prefix, capacity: total - 2 };
}

/** RFC 2544 benchmarking, RFC 1918 private: nothing that exists elsewhere is ever hidden by a range. */
function ours(first: number, prefix: number): boolean {
  const inside = (base: readonly number[], length: number) =>
    prefix >= length &&
    Math.floor(first / 2 ** (32 - length)) ===
      Math.floor(base.reduce((sum, octet) => sum * 256 + octet, 0) / 2 ** (32 - length));
  return (
    inside([198, 18, 0, 0], 15) ||
    inside([10, 0, 0, 0], 8) ||
    inside([172, 16, 0, 0], 12) ||
    inside([192, 168, 0, 0], 16)
  );
}

const dotted = (value: number): string => [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
