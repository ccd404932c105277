// Distillation (Vahdat et al., Scalability and accuracy in a large-scale network emulator, OSDI 2002, section 4): a
// target network emulated by fewer pipes. Each path keeps its first and last pipes; what lies between becomes one pipe.

import { z } from 'zod';
import { InputError } from '../input-error.js';
import { Routing } from './routing.js';
import type { PipeQuality, TargetNetwork } from './target.js';

export const distillationSchema = z.union([
  /** `cheapest`: `plan` takes the one with the fewest pipes a packet that is within the tolerances. */
  z.enum(['hop-by-hop', 'last-mile', 'end-to-end', 'cheapest']),
  z.strictObject({
    /** Pipes at either end of a path that stay as they are. */
    walkIn: z.int().min(1).max(64),
    /** Links this many hops around the topological centre stay too; 0: none. */
    walkOut: z.int().min(0).max(64).default(0),
  }),
]);

/** `last-mile` is a walk-in of 1. */
export type Distillation = z.output<typeof distillationSchema>;

interface Walks {
  readonly walkIn: number;
  readonly walkOut: number;
}

function walksOf(distillation: Distillation): Walks {
  switch (distillation) {
    case 'hop-by-hop':
      return { walkIn: Number.POSITIVE_INFINITY, walkOut: 0 };
    case 'last-mile':
      return { walkIn: 1, walkOut: 0 };
    case 'end-to-end':
      return { walkIn: 0, walkOut: 0 };
    case 'cheapest':
      throw new InputError('scenario.network.topology.distill', 'a distillation that was chosen', distillation);
    default:
      return distillation;
  }
}

/** `walk-in 2`, `walk-in 2, walk-out 1`, or the name. */
export const distillationName = (distillation: Distillation): string =>
  typeof distillation === 'string'
    ? distillation
    : `walk-in ${distillation.walkIn}${distillation.walkOut > 0 ? `, walk-out ${distillation.walkOut}` : ''}`;

/** One pipe for several in a row: the lowest rate and its queue, all delays, the chance to get through all. */
export function collapsed(pipes: readonly PipeQuality[]): PipeQuality {
  let rate = Number.POSITIVE_INFINITY;
  let delay = 0;
  let arrives = 1;
  let queue: number | undefined;
  for (const pipe of pipes) {
    if (pipe.rate < rate) {
      rate = pipe.rate;
      queue = pipe.queue;
    }
    delay += pipe.delay;
    arrives *= 1 - pipe.loss;
  }
  return { rate, delay, loss: 1 - arrives, queue };
}

/** Neighbours of each place, both ways. */
function neighbours({ places, pipes }: TargetNetwork): number[][] {
  const around: number[][] = places.map(() => []);
  for (const { from, to } of pipes) {
    around[from].push(to);
    around[to].push(from);
  }
  return around;
}

/** Hops from the nearest of these places. */
function hopsFrom(network: TargetNetwork, starts: readonly number[]): Int32Array {
  const around = neighbours(network);
  const hops = new Int32Array(network.places.length).fill(-1);
  let frontier = [...starts];
  for (const place of frontier) hops[place] = 0;
  for (let depth = 1; frontier.length > 0; depth++) {
    const next: number[] = [];
    for (const place of frontier)
      for (const other of around[place])
        if (hops[other] < 0) {
          hops[other] = depth;
          next.push(other);
        }
    frontier = next;
  }
  return hops;
}

/** Frontier sets, breadth first from all vnodes: the vnodes, then what is one hop further in, and so on. */
export function frontiers(network: TargetNetwork): number[][] {
  const vnodes = network.places.flatMap(({ kind }, place) => (kind === 'vnode' ? [place] : []));
  const hops = hopsFrom(network, vnodes);
  const sets: number[][] = [];
  for (const [place, depth] of hops.entries()) {
    if (depth < 0) continue;
    while (sets.length <= depth) sets.push([]);
    sets[depth].push(place);
  }
  return sets;
}

/** The last frontier set: the places furthest from all vnodes (ModelNet goes on until a set has one place or none). */
export const centre = (network: TargetNetwork): number[] => {
  const sets = frontiers(network);
  return sets.find(({ length }) => length === 1) ?? sets.at(-1) ?? [];
};

/** Pipes of the distilled network by number: the target's own first, collapsed ones as they are found. */
export class DistilledNetwork {
  readonly routing: Routing;
  readonly qualities: PipeQuality[];
  /** Per pipe: the pipe of the target that it is, or the first of those that it stands for. */
  readonly origins: number[];
  /** Per vnode, in the order of the places: its router, the pipe to it and the pipe from it. */
  readonly home: number[] = [];
  readonly up: number[] = [];
  readonly down: number[] = [];
  private readonly walks: Walks;
  private readonly inner: Uint8Array | undefined;
  /** Collapsed pipes by their ends and the pipes that they stand for, which they keep when ways change. */
  private readonly found = new Map<string, number>();
  private readonly standsFor = new Map<number, readonly number[]>();
  private readonly interiors = new Map<number, readonly number[] | undefined>();

  constructor(
    readonly network: TargetNetwork,
    readonly distillation: Distillation,
  ) {
    const { places, pipes } = network;
    this.routing = new Routing(network);
    this.walks = walksOf(distillation);
    this.qualities = [...pipes];
    this.origins = pipes.map((_, pipe) => pipe);
    if (this.walks.walkOut > 0) this.inner = this.innerPipes(this.walks.walkOut);
    const vnode = new Map(places.flatMap(({ kind }, place) => (kind === 'vnode' ? [place] : [])).map((p, i) => [p, i]));
    for (const [pipe, { from, to }] of pipes.entries()) {
      const [sends, receives] = [vnode.get(from), vnode.get(to)];
      if (sends !== undefined) {
        this.home[sends] = to;
        this.up[sends] = pipe;
      }
      if (receives !== undefined) this.down[receives] = pipe;
    }
  }

  get vnodes(): number {
    return this.home.length;
  }

  /** End to end, a path has no pipe in common with any other, not even at its ends. */
  get sharesAccess(): boolean {
    return this.walks.walkIn > 0;
  }

  /**
   * Pipes from one vnode to another, in order; without the vnodes' own links when those are not to be part of it (end to
   * end they always are). Undefined: there is no way now.
   */
  route(from: number, to: number, access: boolean): readonly number[] | undefined {
    if (!this.sharesAccess) {
      const path = this.routing.path(this.home[from], this.home[to]);
      if (!path) return undefined;
      return [this.pipe(from * this.vnodes + to, [this.up[from], ...path, this.down[to]])];
    }
    const inside = this.interior(this.home[from], this.home[to]);
    return inside && access ? [this.up[from], ...inside, this.down[to]] : inside;
  }

  /** A pipe of the target fails or works again, and with it all that stand for it. Routes are others from now on. */
  mend(pipe: number, works: boolean): void {
    this.routing.mend(pipe, works);
    this.interiors.clear();
  }

  /** A pipe of the target has another quality, and so have all that stand for it. Routes stay. */
  change(pipe: number, quality: PipeQuality): void {
    this.qualities[pipe] = quality;
    for (const [collapsing, path] of this.standsFor)
      if (path.includes(pipe)) this.qualities[collapsing] = collapsed(path.map((one) => this.qualities[one]));
  }

  /** The pipes so far that stand for one of the target, itself among them. */
  standingFor(pipe: number): number[] {
    return [pipe, ...[...this.standsFor].flatMap(([one, path]) => (path.includes(pipe) ? [one] : []))];
  }

  /** Whether all that a pipe stands for works. */
  works(pipe: number): boolean {
    return (this.standsFor.get(pipe) ?? [pipe]).every((one) => this.routing.works(one));
  }

  private interior(from: number, to: number): readonly number[] | undefined {
    const key = from * this.network.places.length + to;
    const known = this.interiors.get(key);
    if (known || this.interiors.has(key)) return known;
    const path = this.routing.path(from, to);
    const route = path && this.distilled(path);
    this.interiors.set(key, route);
    return route;
  }

  /** A path between routers: access links are the first and last pipe of the walks, so one less is kept at each end. */
  private distilled(path: readonly number[]): readonly number[] {
    const kept = Math.min(this.walks.walkIn - 1, path.length);
    const end = Math.max(kept, path.length - kept);
    const route = path.slice(0, kept);
    for (let at = kept; at < end; ) {
      let stop = at;
      if (this.inner) while (stop < end && this.inner[path[stop]] === 0) stop++;
      else stop = end;
      if (stop > at) route.push(this.bypass(path.slice(at, stop)));
      while (stop < end && this.inner?.[path[stop]] === 1) route.push(path[stop++]);
      at = stop;
    }
    route.push(...path.slice(end));
    return route;
  }

  /** One pipe from where this part of a path begins to where it ends, the same for all paths that share both. */
  private bypass(path: readonly number[]): number {
    const [first] = path;
    if (path.length === 1) return first;
    const { pipes, places } = this.network;
    const [from, to] = [pipes[first].from, pipes[path.at(-1) as number].to];
    return this.pipe(from * places.length + to, this.routing.path(from, to) ?? path);
  }

  private pipe(ends: number, path: readonly number[]): number {
    const key = `${ends}:${path.join()}`;
    const known = this.found.get(key);
    if (known !== undefined) return known;
    const pipe = this.qualities.push(collapsed(path.map((one) => this.qualities[one]))) - 1;
    this.origins[pipe] = path[0];
    this.found.set(key, pipe);
    this.standsFor.set(pipe, path);
    return pipe;
  }

  /** Per pipe: 1 when both its ends lie within `hops` of the centre. */
  private innerPipes(hops: number): Uint8Array {
    const { network } = this;
    const away = hopsFrom(network, centre(network));
    const within = (place: number): boolean => away[place] <= hops && network.places[place].kind !== 'vnode';
    return Uint8Array.from(network.pipes, ({ from, to }) => (within(from) && within(to) ? 1 : 0));
  }
}
