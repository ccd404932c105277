// Shortest paths between routers: one tree per destination, found when first asked for and kept flat. For 10,000 vnodes
// on 200 routers that is 40,000 numbers, where a table of pairs of vnodes would have 100 million.

import { Heap } from 'heap-js';
import type { TargetNetwork } from './target.js';

export const NO_PIPE = -1;
/** A hop counts as this many ns of delay, so that of equally short paths the one of fewer hops is taken. */
const HOP = 1;

/** Pipes of routers, by the place that they lead to. */
function entering({ places, pipes }: TargetNetwork): number[][] {
  const into: number[][] = places.map(() => []);
  for (const [pipe, { from, to }] of pipes.entries())
    if (places[from].kind !== 'vnode' && places[to].kind !== 'vnode') into[to].push(pipe);
  return into;
}

export class Routing {
  private readonly into: readonly (readonly number[])[];
  private readonly trees = new Map<number, Int32Array>();
  /** Pipes that carry nothing now. */
  private readonly broken = new Set<number>();

  constructor(readonly network: TargetNetwork) {
    this.into = entering(network);
  }

  /** The pipe that leads from a router towards another, both by place; NO_PIPE: at the end, or no way there. */
  next(from: number, towards: number): number {
    return this.tree(towards)[from];
  }

  /** The pipes from one router to another, in order; undefined: there is no way. */
  path(from: number, to: number): number[] | undefined {
    const tree = this.tree(to);
    const pipes: number[] = [];
    for (let at = from; at !== to; ) {
      const pipe = tree[at];
      if (pipe === NO_PIPE) return undefined;
      pipes.push(pipe);
      at = this.network.pipes[pipe].to;
    }
    return pipes;
  }

  /** A link fails or works again: all routers know at once, as ModelNet has it. */
  mend(pipe: number, works: boolean): void {
    if (works) this.broken.delete(pipe);
    else this.broken.add(pipe);
    this.trees.clear();
  }

  works(pipe: number): boolean {
    return !this.broken.has(pipe);
  }

  /** Numbers held by the trees so far. */
  get size(): number {
    return this.trees.size * this.network.places.length;
  }

  /** Dijkstra from the destination against the direction of the pipes; ties go to the pipe that was named first. */
  private tree(to: number): Int32Array {
    const known = this.trees.get(to);
    if (known) return known;
    const { places, pipes } = this.network;
    const next = new Int32Array(places.length).fill(NO_PIPE);
    const cost = new Float64Array(places.length).fill(Number.POSITIVE_INFINITY);
    const done = new Uint8Array(places.length);
    const open = new Heap<{ readonly place: number; readonly cost: number }>(
      (a, b) => a.cost - b.cost || a.place - b.place,
    );
    cost[to] = 0;
    open.push({ place: to, cost: 0 });
    for (let nearest = open.pop(); nearest; nearest = open.pop()) {
      const { place } = nearest;
      if (done[place] === 1) continue;
      done[place] = 1;
      for (const pipe of this.into[place]) {
        const { from, delay } = pipes[pipe];
        const through = cost[place] + delay + HOP;
        if (this.broken.has(pipe) || done[from] === 1 || through > cost[from]) continue;
        if (through === cost[from] && next[from] < pipe) continue;
        if (through < cost[from]) open.push({ place: from, cost: through });
        cost[from] = through;
        next[from] = pipe;
      }
    }
    this.trees.set(to, next);
    return next;
  }
}
