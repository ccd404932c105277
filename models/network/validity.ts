// What a target network must be before anything runs on it: every vnode on one router by one link, and all connected.

import { type TargetNetwork, vnodesOf } from './target.js';

/** A flaw: where (a place or a pipe, by index), what was expected there, and what was found. */
export interface NetworkFlaw {
  readonly place?: number;
  readonly pipe?: number;
  readonly expected: string;
  readonly found: string;
}

/** Places that can be reached from `start` over pipes; `backwards`: those that can reach it. */
function reached({ places, pipes }: TargetNetwork, start: number, backwards: boolean): Uint8Array {
  const next: number[][] = places.map(() => []);
  for (const { from, to } of pipes) (backwards ? next[to] : next[from]).push(backwards ? from : to);
  const seen = new Uint8Array(places.length);
  const open = [start];
  seen[start] = 1;
  for (let place = open.pop(); place !== undefined; place = open.pop())
    for (const other of next[place])
      if (seen[other] === 0) {
        seen[other] = 1;
        open.push(other);
      }
  return seen;
}

/** The first flaw; undefined: there is none. */
export function flawOf(network: TargetNetwork): NetworkFlaw | undefined {
  const { places, pipes } = network;
  if (!places.some(({ kind }) => kind !== 'vnode')) return { expected: 'a network with routers', found: 'none' };
  const leaving = new Int32Array(places.length);
  const entering = new Int32Array(places.length);
  for (const [pipe, { from, to }] of pipes.entries()) {
    if (from === to) return { pipe, expected: 'a link between two places', found: `both ends at ${places[from].name}` };
    if (places[from].kind === 'vnode' && places[to].kind === 'vnode')
      return {
        pipe,
        expected: 'a router between two vnodes',
        found: `${places[from].name} linked to ${places[to].name}`,
      };
    leaving[from]++;
    entering[to]++;
  }
  for (const place of vnodesOf(network))
    if (leaving[place] !== 1 || entering[place] !== 1)
      return {
        place,
        expected: `one link each way at the vnode ${places[place].name}`,
        found: `${leaving[place]} out and ${entering[place]} in`,
      };
  for (const backwards of [false, true]) {
    const place = reached(network, 0, backwards).indexOf(0);
    if (place >= 0)
      return {
        place,
        expected: 'a connected network',
        found: backwards
          ? `no way from ${places[place].name} to ${places[0].name}`
          : `no way from ${places[0].name} to ${places[place].name}`,
      };
  }
  return undefined;
}
