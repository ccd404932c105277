// What a scenario needs in the real world: its vnodes with roles, addresses, ports and processor shares. Pure.

import { InputError, type Scenario, seederCount, type VnodeRecord } from '../models/index.js';

export type Role = VnodeRecord['role'];

export interface PlannedVnode {
  readonly index: number;
  readonly name: string;
  readonly role: Role;
  readonly address: string;
  /** The bridge its veth ends on; null: joined to its partner without a bridge. */
  readonly bridge: number | null;
  /** The vnode at the other end of its pair. */
  readonly partner: number | null;
  readonly processor: { readonly shares: number; readonly core: number } | null;
}

export interface RangePlan {
  readonly vnodes: readonly PlannedVnode[];
  readonly bridges: number;
  /** Such as `198.18.0.0/15`. */
  readonly network: string;
  readonly prefix: number;
}

interface Wanted {
  readonly name: string;
  readonly role: Role;
  readonly pair?: number;
  readonly shares?: number;
}

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
    case 'busy':
      return workload.shares.map((shares, i) => ({ name: `busy-${i + 1}`, role: 'busy', shares }));
  }
}

/** @throws InputError when the address range is malformed or too small. */
export function planRange(scenario: Scenario, core = 0): RangePlan {
  const { attach, addresses } = scenario.network;
  const list = wanted(scenario.workload);
  const { first, prefix, capacity } = addressRange(addresses);
  if (list.length > capacity)
    throw new InputError(
      'scenario.network.addresses',
      `a range with at least ${list.length} addresses`,
      `${addresses} with ${capacity}`,
    );
  const vnodes = list.map(
    (vnode, index): PlannedVnode => ({
      index,
      name: vnode.name,
      role: vnode.role,
      address: dotted(first + 1 + index),
      bridge: attach === 'bridge' ? 0 : attach === 'direct' ? null : (vnode.pair ?? 0),
      partner: vnode.pair === undefined ? null : index ^ 1,
      processor: vnode.shares === undefined ? null : { shares: vnode.shares, core },
    }),
  );
  const bridges =
    attach === 'bridge' ? 1 : attach === 'direct' ? 0 : 1 + Math.max(0, ...vnodes.map((v) => v.bridge ?? 0));
  return { vnodes, bridges, network: `${dotted(first)}/${prefix}`, prefix };
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
