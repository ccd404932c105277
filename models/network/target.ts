// The target network: what a range pretends to be. Routers and vnodes at places, joined by pipes, one way each.

import { type Chance, shuffle } from '../chance.js';

/** A router has no traffic of its own; vnodes are attached to stubs where a network has some, else to any router. */
export type PlaceKind = 'router' | 'stub' | 'vnode';

export interface Place {
  readonly name: string;
  readonly kind: PlaceKind;
  /** Where it is drawn, and what distances are taken from; any unit. */
  readonly x?: number;
  readonly y?: number;
}

/** What one way of a link does to packets. */
export interface PipeQuality {
  /** Bits per second; Infinity: none is lost to serialisation. */
  readonly rate: number;
  /** Propagation, integer ns. */
  readonly delay: number;
  /** Share of packets lost at random. */
  readonly loss: number;
  /** Bytes that may wait; undefined: see `defaultQueue`. */
  readonly queue: number | undefined;
}

export interface TargetPipe extends PipeQuality {
  /** Indices of places. */
  readonly from: number;
  readonly to: number;
  /** The link it is a way of; the other way has the same number. */
  readonly link: number;
}

export interface TargetNetwork {
  readonly places: readonly Place[];
  readonly pipes: readonly TargetPipe[];
}

/** Puts a network together, place by place and link by link. */
export class TargetNetworkBuilder implements TargetNetwork {
  readonly places: Place[] = [];
  readonly pipes: TargetPipe[] = [];
  private links = 0;
  /** Links of one pipe so far, by its ends. */
  private readonly unpaired = new Map<string, number[]>();

  /** @returns the place's index. */
  place(name: string, kind: PlaceKind, x?: number, y?: number): number {
    return this.places.push({ name, kind, ...(x !== undefined && y !== undefined && { x, y }) }) - 1;
  }

  /** A link of two pipes; without `back`, both ways are alike. */
  link(a: number, b: number, forth: PipeQuality, back: PipeQuality = forth): void {
    const link = this.links++;
    this.pipes.push({ ...quality(forth), from: a, to: b, link }, { ...quality(back), from: b, to: a, link });
  }

  /** One pipe: the way back of a link that lacks one, or else the first of a new link. */
  oneWay(from: number, to: number, forth: PipeQuality): void {
    const back = this.unpaired.get(`${to}>${from}`)?.shift();
    const link = back ?? this.links++;
    this.pipes.push({ ...quality(forth), from, to, link });
    if (back !== undefined) return;
    const key = `${from}>${to}`;
    this.unpaired.set(key, [...(this.unpaired.get(key) ?? []), link]);
  }
}

const quality = ({ rate, delay, loss, queue }: PipeQuality): PipeQuality => ({ rate, delay, loss, queue });

export const routersOf = ({ places }: TargetNetwork): number[] =>
  places.flatMap(({ kind }, index) => (kind === 'vnode' ? [] : [index]));

export const vnodesOf = ({ places }: TargetNetwork): number[] =>
  places.flatMap(({ kind }, index) => (kind === 'vnode' ? [index] : []));

/** Two-way links, and pipes without a way back, each counted once. */
export const linkCount = ({ pipes }: TargetNetwork): number => new Set(pipes.map(({ link }) => link)).size;

/**
 * The network with `count` more vnodes, as many on each stub (or on each router where there are no stubs).
 * @param up the link of each towards its router, `down` from there.
 * @param chance mixes them; absent: they go to the stubs in turn.
 * @throws Error when there is no router.
 */
export function attachVnodes(
  network: TargetNetwork,
  count: number,
  up: PipeQuality,
  down: PipeQuality,
  chance?: Chance,
): TargetNetwork {
  const stubs = network.places.flatMap(({ kind }, index) => (kind === 'stub' ? [index] : []));
  const around = stubs.length > 0 ? stubs : routersOf(network);
  if (around.length === 0) throw new Error('a network without routers');
  const homes = Array.from({ length: count }, (_, i) => around[i % around.length]);
  if (chance) shuffle(homes, chance);
  const grown = new TargetNetworkBuilder();
  for (const { name, kind, x, y } of network.places) grown.place(name, kind, x, y);
  const taken = new Set(network.places.map(({ name }) => name));
  grown.pipes.push(...network.pipes);
  let link = network.pipes.reduce((most, pipe) => Math.max(most, pipe.link), -1) + 1;
  for (let i = 1, added = 0; added < count; i++) {
    if (taken.has(`vnode-${i}`)) continue;
    const vnode = grown.place(`vnode-${i}`, 'vnode');
    const home = homes[added++];
    grown.pipes.push(
      { ...quality(up), from: vnode, to: home, link },
      { ...quality(down), from: home, to: vnode, link },
    );
    link++;
  }
  return grown;
}
