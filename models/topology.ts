// The topology of a range as a graph: vnodes on hosts by access links, hosts on a fabric. An edge is a pipe, one way.
// It is built and looked at as a graph, and compiled to flat arrays before anything runs.

import { DirectedGraph } from 'graphology';
import type { Attach, Scenario } from './scenario.js';

export type VnodeRole = 'tracker' | 'seeder' | 'leecher' | 'client' | 'server' | 'idle' | 'busy';

/** One way of a link. Rates in bits per second, times in ns, sizes in bytes. */
export interface PipeAttributes {
  readonly rate: number | 'unshaped';
  readonly delay: number;
  readonly loss: number;
  readonly burst: number | undefined;
  readonly queue: number | undefined;
}

/** Both pipes of a vnode's link. */
export interface AccessLink {
  readonly up: PipeAttributes;
  readonly down: PipeAttributes;
}

interface Place {
  readonly kind: 'vnode' | 'host' | 'fabric';
  readonly role?: VnodeRole;
}

/** The same topology by integers: vnodes and hosts in the order in which they were added. */
export interface CompiledTopology {
  readonly names: readonly string[];
  readonly roles: readonly VnodeRole[];
  readonly hostNames: readonly string[];
  readonly hostOf: readonly number[];
  readonly up: readonly PipeAttributes[];
  readonly down: readonly PipeAttributes[];
}

const FABRIC = 'fabric';

export class RangeTopology {
  readonly graph = new DirectedGraph<Place, Partial<PipeAttributes>>();

  private vnodes = 0;

  /** `accessOf`: the own link of each vnode, by its number; absent: all have the scenario's. */
  constructor(
    private readonly link: Scenario['link'],
    readonly attach: Attach,
    private readonly accessOf?: (vnode: number) => AccessLink,
  ) {
    this.graph.addNode(FABRIC, { kind: 'fabric' });
  }

  addHost(name: string): void {
    this.graph.addNode(name, { kind: 'host' });
    this.graph.addEdgeWithKey(`${name}>`, name, FABRIC, {});
    this.graph.addEdgeWithKey(`${name}<`, FABRIC, name, {});
  }

  /** @throws when the host is not there, or the name is taken. */
  addVnode(name: string, role: VnodeRole, host: string): void {
    const access = this.accessOf?.(this.vnodes++);
    const { delay, loss, burst, queue, up, down } = this.link;
    this.graph.addNode(name, { kind: 'vnode', role });
    const way = (rate: number | 'unshaped') => ({ rate, delay, loss, burst, queue });
    this.graph.addEdgeWithKey(`${name}>`, name, host, access?.up ?? way(up));
    this.graph.addEdgeWithKey(`${name}<`, host, name, access?.down ?? way(down));
  }

  compile(): CompiledTopology {
    const { graph } = this;
    const hostNames = graph.filterNodes((_, place) => place.kind === 'host');
    const hostIndex = new Map(hostNames.map((name, index) => [name, index]));
    const names = graph.filterNodes((_, place) => place.kind === 'vnode');
    const pipe = (key: string) => graph.getEdgeAttributes(key) as PipeAttributes;
    return {
      names,
      roles: names.map((name) => graph.getNodeAttribute(name, 'role') as VnodeRole),
      hostNames,
      hostOf: names.map((name) => hostIndex.get(graph.target(`${name}>`)) as number),
      up: names.map((name) => pipe(`${name}>`)),
      down: names.map((name) => pipe(`${name}<`)),
    };
  }
}
