// Random networks: transit-stub (Zegura, Calvert, Bhattacharjee: How to model an internetwork, INFOCOM 1996), Waxman
// (Routing of multipoint connections, JSAC 1988), preferential attachment (Barabasi and Albert, Science 286, 1999).

import type { Chance } from '../../chance.js';
import { type PipeQuality, type TargetNetwork, TargetNetworkBuilder } from '../target.js';

/** e^-x for x >= 0, the same in every engine: e^-x = (e^(-x / 2^k))^(2^k), the inner one by its series. */
export function decay(x: number): number {
  let halvings = 0;
  let small = x;
  while (small > 0.5) {
    small /= 2;
    halvings++;
  }
  let sum = 1;
  for (let n = 1, term = 1; n < 16; n++) {
    term = (-term * small) / n;
    sum += term;
  }
  for (; halvings > 0; halvings--) sum *= sum;
  return sum;
}

/** A random tree over places `first` .. `first + count - 1`, and `extra` more links between them where there is room. */
function joined(
  network: TargetNetworkBuilder,
  first: number,
  count: number,
  extra: number,
  pipe: PipeQuality,
  chance: Chance,
): void {
  const linked = new Set<number>();
  const join = (a: number, b: number): boolean => {
    const key = Math.min(a, b) * count + Math.max(a, b);
    if (a === b || linked.has(key)) return false;
    linked.add(key);
    network.link(first + a, first + b, pipe);
    return true;
  };
  for (let i = 1; i < count; i++) join(i, chance.below(i));
  const room = (count * (count - 1)) / 2 - (count - 1);
  for (let left = Math.min(extra, room); left > 0; ) if (join(chance.below(count), chance.below(count))) left--;
}

export interface TransitStubShape {
  /** Routers of the one transit domain; stub domains at each of them; routers of each stub domain. */
  readonly transits: number;
  readonly stubs: number;
  readonly routers: number;
}

/** A transit domain with stub domains behind it; within a domain a random tree and a link more for each two routers. */
export function transitStub(
  { transits, stubs, routers }: TransitStubShape,
  pipe: PipeQuality,
  transit: PipeQuality,
  chance: Chance,
): TargetNetwork {
  const network = new TargetNetworkBuilder();
  for (let t = 1; t <= transits; t++) network.place(`transit-${t}`, 'router');
  joined(network, 0, transits, Math.floor(transits / 2), transit, chance);
  for (let t = 0; t < transits; t++)
    for (let s = 1; s <= stubs; s++) {
      const first = network.places.length;
      for (let r = 1; r <= routers; r++) network.place(`stub-${t + 1}-${s}-${r}`, 'stub');
      joined(network, first, routers, Math.floor(routers / 2), pipe, chance);
      network.link(first + chance.below(routers), t, pipe);
    }
  return network;
}

/**
 * Routers at random in the unit square, a link between two at distance d with probability alpha e^(-d / (beta L)), L the
 * diagonal. `pipe.delay` is that of the diagonal. What stays apart is joined to its nearest neighbour.
 */
export function waxman(routers: number, alpha: number, beta: number, pipe: PipeQuality, chance: Chance): TargetNetwork {
  const network = new TargetNetworkBuilder();
  const at = Array.from({ length: routers }, () => ({ x: chance.uniform(), y: chance.uniform() }));
  for (const [i, { x, y }] of at.entries()) network.place(`router-${i + 1}`, 'router', x, y);
  const distance = (a: number, b: number): number => {
    const dx = at[a].x - at[b].x;
    const dy = at[a].y - at[b].y;
    return Math.sqrt((dx * dx + dy * dy) / 2);
  };
  const join = (a: number, b: number): void =>
    network.link(a, b, { ...pipe, delay: Math.round(pipe.delay * distance(a, b)) });
  const group = at.map((_, i) => i);
  const groupOf = (i: number): number => {
    while (group[i] !== i) i = group[i] = group[group[i]];
    return i;
  };
  for (let a = 0; a < routers; a++)
    for (let b = a + 1; b < routers; b++)
      if (chance.uniform() < alpha * decay(distance(a, b) / beta)) {
        join(a, b);
        group[groupOf(b)] = groupOf(a);
      }
  for (let a = 1; a < routers; a++) {
    if (groupOf(a) === groupOf(0)) continue;
    let nearest = 0;
    for (let b = 0; b < routers; b++)
      if (groupOf(b) === groupOf(0) && distance(a, b) < distance(a, nearest)) nearest = b;
    join(a, nearest);
    group[groupOf(a)] = groupOf(0);
  }
  return network;
}

/** Each new router is joined to `links` others, each chosen with probability in proportion to its degree. */
export function preferential(routers: number, links: number, pipe: PipeQuality, chance: Chance): TargetNetwork {
  const network = new TargetNetworkBuilder();
  // One entry per end of a link: a uniform draw from it is in proportion to the degree.
  const ends: number[] = [];
  for (let i = 0; i < routers; i++) {
    network.place(`router-${i + 1}`, 'router');
    const chosen = new Set<number>();
    const wanted = Math.min(links, i);
    while (chosen.size < wanted) chosen.add(ends.length === 0 ? 0 : ends[chance.below(ends.length)]);
    for (const other of chosen) {
      network.link(i, other, pipe);
      ends.push(i, other);
    }
  }
  return network;
}
