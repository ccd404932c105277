// What a distilled network costs to emulate: pipes, pipes a packet passes, and bytes in flight.

import { type Distillation, DistilledNetwork } from './distillation.js';
import { linkCount, type TargetNetwork } from './target.js';

export interface DistilledSize {
  /** One way each. Hop by hop all pipes of the target; otherwise those that some path between two vnodes takes. */
  readonly pipes: number;
  /** Two-way links and pairs of collapsed pipes, each counted once. */
  readonly links: number;
  /** Of them, links of vnodes. */
  readonly edgeLinks: number;
  readonly pipesPerPacket: { readonly mean: number; readonly most: number };
  /** Bandwidth-delay product of all pipes, bytes: what the emulator has to buffer at full load. */
  readonly memory: number;
}

const inFlight = ({ rate, delay }: { rate: number; delay: number }): number =>
  Number.isFinite(rate) ? (rate / 8e9) * delay : 0;

/** Vnodes with equal links to the same router are one class: what holds for one holds for all. */
function classes(distilled: DistilledNetwork): { vnode: number; members: number }[] {
  const found = new Map<string, { vnode: number; members: number }>();
  for (const [vnode, home] of distilled.home.entries()) {
    const [up, down] = [distilled.qualities[distilled.up[vnode]], distilled.qualities[distilled.down[vnode]]];
    const key = [home, up.rate, up.delay, down.rate, down.delay].join(' ');
    const known = found.get(key);
    if (known) known.members++;
    else found.set(key, { vnode, members: 1 });
  }
  return [...found.values()];
}

/** @throws Error when the network is not connected. */
export function distilledSize(network: TargetNetwork, distillation: Distillation): DistilledSize {
  const distilled = new DistilledNetwork(network, distillation);
  const { vnodes } = distilled;
  const shared = new Set<number>();
  let hops = 0;
  let most = 0;
  let pairs = 0;
  let apart = 0;
  for (const from of classes(distilled))
    for (const to of classes(distilled)) {
      const count = from.vnode === to.vnode ? from.members * (from.members - 1) : from.members * to.members;
      if (count === 0) continue;
      const route = distilled.route(from.vnode, to.vnode, true);
      if (!route) throw new Error('a network that is not connected');
      pairs += count;
      hops += count * route.length;
      if (route.length > most) most = route.length;
      if (distilled.sharesAccess) for (const pipe of route) shared.add(pipe);
      else apart += count * inFlight(distilled.qualities[route[0]]);
    }
  const pipesPerPacket = { mean: pairs === 0 ? 0 : hops / pairs, most };
  if (!distilled.sharesAccess)
    return { pipes: pairs, links: pairs / 2, edgeLinks: 0, pipesPerPacket, memory: Math.round(apart) };
  const edges = new Set([...distilled.up, ...distilled.down]);
  const used = distillation === 'hop-by-hop' ? network.pipes.map((_, pipe) => pipe) : [...shared, ...edges];
  const own = [...new Set(used)];
  const kept = own.filter((pipe) => pipe < network.pipes.length);
  const links = linkCount({ places: network.places, pipes: kept.map((pipe) => network.pipes[pipe]) });
  return {
    pipes: own.length,
    links: links + (own.length - kept.length) / 2,
    edgeLinks: vnodes,
    pipesPerPacket,
    memory: Math.round(own.reduce((sum, pipe) => sum + inFlight(distilled.qualities[pipe]), 0)),
  };
}
