// A kernel ceiling: what containers use up until the kernel refuses, and what moves it.

import type { Host, LimitsMode } from './host.js';

/** One host of a range, as the ceilings see it. */
export interface Load {
  /** Vnodes on this host. */
  readonly vnodes: number;
  /** Containers beside them, such as a swarm's tracker. */
  readonly extraContainers: number;
  /** Peers that each vnode exchanges packets with. */
  readonly degree: number;
  readonly host: Host;
  readonly limits: LimitsMode;
  /** One bridge for all vnodes, or none that grows with them. */
  readonly oneBridge: boolean;
  /** Vnodes of the whole range, and the addresses of its subnet. */
  readonly rangeVnodes: number;
  readonly addresses: number;
}

export interface Ceiling {
  readonly id: string;
  readonly title: string;
  /** The untouched kernel's, as people know it. */
  readonly default: string;
  /** Its value untouched, and where everything that can be moved was moved. */
  stock(load: Load): number;
  raised(load: Load): number;
  /** What counts against it: some for the host itself, the rest for each vnode. */
  fixed(load: Load): number;
  perVnode(load: Load): number;
  /** The command that sets the ceiling to `value`, or what else to do where no command does. */
  remedy(value: number): string;
  /** What the demand rests on. */
  readonly note: string;
}

/** The range's own limits have no value of the host's: an untouched kernel and a tuned one are the same. */
export const unmoved = (value: (load: Load) => number): Pick<Ceiling, 'stock' | 'raised'> => ({
  stock: value,
  raised: value,
});

export const containers = ({ vnodes, extraContainers }: Load): number => vnodes + extraContainers;

/** The next power of two at or above the demand: sysctl values are set in such steps. */
export function enough(demand: number): number {
  let value = 1;
  while (value < demand) value *= 2;
  return value;
}
