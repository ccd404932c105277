// Assignment: which core emulates which links (ModelNet's third phase). What crosses from core to core costs both.

import { type Chance, shuffle } from '../chance.js';
import type { TargetNetwork } from './target.js';

/** Per link, by its number: its core, from 0. */
export type Assignment = readonly number[];

const linkNumbers = ({ pipes }: TargetNetwork): number[] => [...new Set(pipes.map(({ link }) => link))];

/** As many links to each core as to any other, give or take one, whichever. */
export function randomAssignment(network: TargetNetwork, cores: number, chance: Chance): Assignment {
  const coreOf: number[] = [];
  for (const [i, link] of shuffle(linkNumbers(network), chance).entries()) coreOf[link] = i % cores;
  return coreOf;
}

/**
 * Greedy k-clusters (OSDI 2002, section 2.1): each core begins at a random place, and in turn they each take a link that
 * touches what they have. A core that is shut in begins again somewhere else.
 */
export function kClusters(network: TargetNetwork, cores: number, chance: Chance): Assignment {
  const { places, pipes } = network;
  const around: number[][] = places.map(() => []);
  const ends = new Map<number, readonly [number, number]>();
  for (const { from, to, link } of pipes) {
    if (ends.has(link)) continue;
    ends.set(link, [from, to]);
    around[from].push(link);
    around[to].push(link);
  }
  const coreOf: number[] = [];
  const order = shuffle(
    places.map((_, place) => place),
    chance,
  );
  let started = 0;
  // Per core: links that touch it and may still be free, those first that were reached first.
  const reached = Array.from({ length: cores }, (): number[] => []);
  const heads = reached.map(() => 0);
  const claim = (core: number): number | undefined => {
    for (;;) {
      for (const links = reached[core]; heads[core] < links.length; ) {
        const link = links[heads[core]++];
        if (coreOf[link] === undefined) return link;
      }
      if (started === order.length) return undefined;
      reached[core].push(...around[order[started++]]);
    }
  };
  for (const core of reached.keys()) if (started < order.length) reached[core].push(...around[order[started++]]);
  for (let left = ends.size, core = 0; left > 0; core = (core + 1) % cores) {
    const link = claim(core);
    // Places that were passed over may have free links around them all the same.
    if (link === undefined) {
      started = 0;
      continue;
    }
    coreOf[link] = core;
    left--;
    for (const place of ends.get(link) as readonly [number, number]) reached[core].push(...around[place]);
  }
  return coreOf;
}

/** How often packets go from one link to the next: weights by `link * links + next`, for links of different number. */
export type Transitions = ReadonlyMap<number, number>;

/** Weight of what crosses from core to core. */
export function crossing(transitions: Transitions, links: number, assignment: Assignment): number {
  let sum = 0;
  for (const [key, weight] of transitions)
    if (assignment[Math.floor(key / links)] !== assignment[key % links]) sum += weight;
  return sum;
}
