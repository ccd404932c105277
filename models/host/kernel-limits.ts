// The kernel's ceilings for a host and a density: what each allows, what the range uses, and where it is hit.

import { addressRange } from '../network/index.js';
import { type Ceiling, enough, type Load, unmoved } from './ceiling.js';
import { freebsdCeilings } from './freebsd-ceilings.js';
import type { Host, LimitsMode } from './host.js';
import { linuxCeilings } from './linux-ceilings.js';

export interface CeilingQuery {
  readonly vnodes: number;
  /** Peers that each vnode exchanges packets with (a full mesh: one less than there are vnodes). */
  readonly degree: number;
  readonly host: Host;
  readonly limits: LimitsMode;
  /** Containers beside the vnodes, such as a swarm's tracker; absent: none. */
  readonly extraContainers?: number;
  /** False: a bridge for each pair, or none. Absent: one bridge for all. */
  readonly oneBridge?: boolean;
  /** Vnodes of the whole range; absent: those of this host. */
  readonly rangeVnodes?: number;
  /** The range's subnet; absent: 198.18.0.0/15. */
  readonly addresses?: string;
}

export interface CeilingRow {
  readonly id: string;
  readonly title: string;
  /** The untouched kernel's, in words. */
  readonly default: string;
  /** The value in force; null: none applies. */
  readonly inForce: number | null;
  /** What this density uses of it, and what each vnode adds. */
  readonly demand: number;
  readonly perVnode: number;
  /** The first number of vnodes that it refuses; null: no number does. */
  readonly hitsAt: number | null;
  /** The command with a value that suffices for the demand, or why nothing moves it. */
  readonly remedy: string;
  readonly ok: boolean;
  readonly note: string;
}

/** The range's subnet: not the kernel's, but hit in the same way. Its network and broadcast addresses are no vnode's. */
const subnet: Ceiling = {
  id: 'subnet',
  title: 'addresses of the subnet',
  default: '254 (of a /24)',
  ...unmoved(({ addresses }) => addresses),
  fixed: ({ extraContainers, rangeVnodes, vnodes }) => extraContainers + rangeVnodes - vnodes,
  perVnode: () => 1,
  remedy: () => 'no sysctl: --set scenario.network.addresses=10.0.0.0/8',
  note: 'one for each vnode of the whole range',
};

function row(ceiling: Ceiling, load: Load): CeilingRow {
  const limit = load.limits === 'stock' ? ceiling.stock(load) : ceiling.raised(load);
  const perVnode = ceiling.perVnode(load);
  const fixed = ceiling.fixed(load);
  const demand = fixed + perVnode * load.vnodes;
  // What was raised already is set as it was raised; otherwise to a round value that suffices, never below the stock.
  const value = load.limits === 'raised' && demand <= limit ? limit : enough(Math.max(demand, limit));
  const finite = Number.isFinite(limit);
  return {
    id: ceiling.id,
    title: ceiling.title,
    default: ceiling.default,
    inForce: finite ? limit : null,
    demand,
    perVnode,
    hitsAt: finite && perVnode > 0 ? Math.max(0, Math.floor((limit - fixed) / perVnode) + 1) : null,
    remedy: ceiling.remedy(finite ? value : demand),
    ok: demand <= limit,
    note: ceiling.note,
  };
}

/** Every ceiling of the host's kernel, and the subnet's. Pure arithmetic: nothing is simulated. */
export function kernelCeilings(query: CeilingQuery): CeilingRow[] {
  const { extraContainers = 0, oneBridge = true, rangeVnodes = query.vnodes, addresses = '198.18.0.0/15' } = query;
  const load: Load = {
    ...query,
    extraContainers,
    oneBridge,
    rangeVnodes,
    addresses: addressRange(addresses)?.count ?? 0,
  };
  const own = query.host.kernel.id === 'freebsd-4.10' ? freebsdCeilings : linuxCeilings;
  return [...own, subnet].map((ceiling) => row(ceiling, load));
}
