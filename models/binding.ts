// Binding (ModelNet's fourth phase): which vnode runs on which host.

import { Heap } from 'heap-js';

/** A host and the most vnodes that may share it: its colocation factor. */
export interface HostRoom {
  readonly room: number;
}

/** Who talks to whom: pairs of vnodes with weights; `uniform`: everybody to everybody, equally. */
export type Demand =
  | { readonly kind: 'uniform' }
  | { readonly kind: 'pairs'; readonly pairs: readonly (readonly [number, number, number])[] };

/** `hosts`: as few hosts as hold all vnodes. `traffic`: as little traffic between hosts as there is room for. */
export type BindingGoal = 'hosts' | 'traffic';

/** Groups of vnodes that talk to each other, directly or by others; largest first, in the order of their vnodes. */
function groupsOf(vnodes: number, demand: Demand): number[][] {
  const leader = Array.from({ length: vnodes }, (_, vnode) => vnode);
  const leaderOf = (vnode: number): number => {
    let at = vnode;
    while (leader[at] !== at) {
      leader[at] = leader[leader[at]];
      at = leader[at];
    }
    return at;
  };
  if (demand.kind === 'pairs') for (const [a, b] of demand.pairs) leader[leaderOf(b)] = leaderOf(a);
  const groups = new Map<number, number[]>();
  for (let vnode = 0; vnode < vnodes; vnode++) {
    const first = leaderOf(vnode);
    const group = groups.get(first);
    if (group) group.push(vnode);
    else groups.set(first, [vnode]);
  }
  return [...groups.values()].sort((a, b) => b.length - a.length || a[0] - b[0]);
}

/** Per vnode: those it talks to, with weights. */
type Neighbours = readonly (readonly (readonly [number, number])[])[];

function neighboursOf(vnodes: number, demand: Demand): Neighbours {
  const near: [number, number][][] = Array.from({ length: vnodes }, () => []);
  for (const [a, b, weight] of demand.kind === 'pairs' ? demand.pairs : []) {
    near[a].push([b, weight]);
    near[b].push([a, weight]);
  }
  return near;
}

/** Takes the vnodes of a group one by one, each time the one that talks most to those taken since `begin`. */
class Growth {
  private readonly taken = new Set<number>();
  private pull = new Map<number, number>();
  private readonly reach = new Heap<readonly [number, number]>(([a, x], [b, y]) => y - x || a - b);
  private next = 0;

  constructor(
    private readonly group: readonly number[],
    private readonly near: Neighbours,
  ) {}

  get left(): number {
    return this.group.length - this.taken.size;
  }

  begin(): void {
    this.pull = new Map();
    this.reach.clear();
  }

  take(): number {
    const vnode = this.closest() ?? this.first();
    this.taken.add(vnode);
    for (const [other, weight] of this.near[vnode]) {
      if (this.taken.has(other)) continue;
      const pull = (this.pull.get(other) ?? 0) + weight;
      this.pull.set(other, pull);
      this.reach.push([other, pull]);
    }
    return vnode;
  }

  private closest(): number | undefined {
    for (let one = this.reach.pop(); one; one = this.reach.pop()) if (!this.taken.has(one[0])) return one[0];
    return undefined;
  }

  private first(): number {
    while (this.taken.has(this.group[this.next])) this.next++;
    return this.group[this.next];
  }
}

/**
 * Binds vnodes to hosts: groups that talk among themselves stay together where a host has room for them, the largest
 * first; what fits nowhere as a whole is grown host by host along its traffic. Where everybody talks to everybody, the
 * fewest hosts have the least traffic between them too.
 * @returns per vnode its host; undefined: there is not room for all.
 */
export function bind(
  vnodes: number,
  hosts: readonly HostRoom[],
  demand: Demand,
  goal: BindingGoal,
): number[] | undefined {
  // Largest first: the fewest hosts that hold all are then the first ones.
  const order = [...hosts.keys()].sort((a, b) => hosts[b].room - hosts[a].room || a - b);
  let needed = 0;
  for (let held = 0; held < vnodes; held += hosts[order[needed++]].room) if (needed === order.length) return undefined;
  const open = order.slice(0, goal === 'hosts' || demand.kind === 'uniform' ? needed : order.length);
  const left = hosts.map(({ room }) => room);
  const hostOf = new Array<number>(vnodes).fill(-1);
  const put = (vnode: number, host: number): void => {
    hostOf[vnode] = host;
    left[host]--;
  };
  const rest: number[][] = [];
  let first = 0;
  for (const group of groupsOf(vnodes, demand)) {
    while (first < open.length && left[open[first]] === 0) first++;
    const host = open.slice(first).find((one) => left[one] >= group.length);
    if (host === undefined) rest.push(group);
    else for (const vnode of group) put(vnode, host);
  }
  // The largest rooms that are left cut a group into the fewest pieces.
  const near = rest.length > 0 ? neighboursOf(vnodes, demand) : [];
  for (const group of rest)
    for (const growth = new Growth(group, near); growth.left > 0; ) {
      const host = open.reduce((most, one) => (left[one] > left[most] ? one : most));
      growth.begin();
      for (let room = Math.min(left[host], growth.left); room > 0; room--) put(growth.take(), host);
    }
  return hostOf;
}

/** Share of the traffic that crosses from host to host, from 0 to 1. */
export function crossHostShare(hostOf: readonly number[], demand: Demand): number {
  if (demand.kind === 'uniform') {
    const held = new Map<number, number>();
    for (const host of hostOf) held.set(host, (held.get(host) ?? 0) + 1);
    const all = hostOf.length * (hostOf.length - 1);
    let inside = 0;
    for (const count of held.values()) inside += count * (count - 1);
    return all === 0 ? 0 : 1 - inside / all;
  }
  let all = 0;
  let across = 0;
  for (const [a, b, weight] of demand.pairs) {
    all += weight;
    if (hostOf[a] !== hostOf[b]) across += weight;
  }
  return all === 0 ? 0 : across / all;
}
