// Emulab's experiments (NS files): nodes, links and LANs in ns-2's Tcl, with Emulab's own tb- commands.
// A node with one interface is a vnode, one with more a router. A LAN is a router in the middle, half of its delay to
// each side; so is a link between two vnodes, as Emulab puts a delay node there.

import { parseRate } from '../../models/index.js';
import { quoted } from '../documents/index.js';
import { checkEnds, type RawEdge, type RawGraph, type RawPoint, type RawValue, refuse } from './raw-graph.js';
import { Tcl } from './tcl.js';

interface Node {
  readonly kind: 'node';
  readonly line: number;
  name: string;
  interfaces: number;
}

interface Link {
  readonly kind: 'link' | 'lan';
  readonly line: number;
  readonly ends: readonly Node[];
  /** Both ways unless it is simplex. */
  readonly simplex: boolean;
  /** bit/s, ns one way, share, packets. */
  readonly rate: number;
  readonly delay: number;
  loss: number;
  queue?: number;
  name: string;
}

/** Commands that say nothing of the network: operating systems, hardware, software, routing. */
const ELSEWHERE = /^tb-set-(?!link|lan|node-lan)|^tb-(?:fix-node|use-endnodeshaping|force-endnodeshaping)/;
const SIMULATOR = 'ns';
/** Emulab's bandwidths: 100Mb, 1.5Mbps, 512kb, or bit/s. */
const BANDWIDTH = /^([\d.]+(?:e\d+)?)\s*([kKmMgG]?)(?:b|bps|bit\/s)?$/;

class Experiment {
  readonly nodes: Node[] = [];
  readonly links: Link[] = [];
  /** By handle, as variables hold them. */
  private readonly objects = new Map<string, Node | Link>();

  constructor(private readonly source: string) {}

  command(words: readonly string[], line: number): string | undefined {
    const [name = '', verb = '', ...rest] = words;
    if (name === 'new') return verb === 'Simulator' ? SIMULATOR : this.fail(line, 'new Simulator', quoted(verb));
    if (name === SIMULATOR) return this.simulator(verb, rest, line);
    if (name === 'tb-set-link-loss' || name === 'tb-set-lan-loss') return this.setLoss(words.slice(1), line);
    return ELSEWHERE.test(name) ? '' : undefined;
  }

  /** Emulab calls nodes and links as the variables that they are put into: node(3) is node-3. */
  named(variable: string, handle: string): void {
    const object = this.objects.get(handle);
    if (object && object.name === '') object.name = variable.replace(/\(([^)]*)\)$/, '-$1');
  }

  private fail(line: number, expected: string, found: string): never {
    refuse(this.source, line, expected, found);
  }

  private simulator(verb: string, words: readonly string[], line: number): string | undefined {
    const [a = '', b = '', bandwidth = '', delay = ''] = words;
    switch (verb) {
      case 'node': {
        const node: Node = { kind: 'node', line, name: '', interfaces: 0 };
        this.nodes.push(node);
        return this.keep(node);
      }
      case 'duplex-link':
      case 'simplex-link':
        return this.link('link', [a, b], bandwidth, delay, line, verb === 'simplex-link');
      case 'make-lan':
        return this.link('lan', a.split(/\s+/).filter(Boolean), b, bandwidth, line, false);
      case 'queue-limit': {
        const packets = Number(bandwidth);
        if (!(Number.isInteger(packets) && packets >= 1))
          this.fail(line, 'a queue limit in packets', quoted(bandwidth));
        for (const link of this.between(a, b, line)) link.queue = packets;
        return '';
      }
      case 'rtproto':
      case 'run':
        return '';
      case 'at':
        return this.fail(line, "no events: a scenario's `changes` say what changes while it runs", 'one');
      default:
        return this.fail(line, 'node, duplex-link, simplex-link, make-lan, queue-limit, rtproto or run', quoted(verb));
    }
  }

  private keep(object: Node | Link): string {
    const handle = `${object.kind}#${this.objects.size}`;
    this.objects.set(handle, object);
    return handle;
  }

  private node(handle: string, line: number): Node {
    const found = this.objects.get(handle);
    return found?.kind === 'node' ? found : this.fail(line, 'a node of this experiment', quoted(handle));
  }

  private link(
    kind: Link['kind'],
    handles: readonly string[],
    bandwidth: string,
    delay: string,
    line: number,
    simplex: boolean,
  ): string {
    const ends = handles.map((handle) => this.node(handle, line));
    if (ends.length < 2 || new Set(ends).size < ends.length)
      this.fail(line, 'two nodes or more, each once', `${handles.length}`);
    for (const end of ends) end.interfaces++;
    const link = { kind, line, ends, simplex, rate: this.rate(bandwidth, line), delay: this.delay(delay, line) };
    const made: Link = { ...link, loss: 0, name: '' };
    this.links.push(made);
    return this.keep(made);
  }

  private rate(text: string, line: number): number {
    const [, value, unit = ''] = BANDWIDTH.exec(text) ?? [];
    const rate = parseRate(`${Number(value)}${unit.toLowerCase().replace('m', 'M').replace('g', 'G')}bit/s`);
    return rate !== undefined && rate >= 1000 && rate <= 1e12
      ? rate
      : this.fail(line, 'a bandwidth such as 100Mb, from 1kb', quoted(text));
  }

  /** ns. */
  private delay(text: string, line: number): number {
    const [, value = '', unit = 's'] = /^([\d.]+(?:e-?\d+)?)(s|ms|us)?$/.exec(text) ?? [];
    const delay = Math.round(Number(value === '' ? Number.NaN : value) * ({ s: 1e9, ms: 1e6, us: 1e3 }[unit] ?? 1e9));
    return delay >= 0 && delay <= 3.6e12 ? delay : this.fail(line, 'a delay such as 10ms', quoted(text));
  }

  private setLoss(words: readonly string[], line: number): string {
    const [first = '', second = ''] = words;
    const text = words.at(-1) ?? '';
    const loss = text === '' ? Number.NaN : Number(text);
    if (!(loss >= 0 && loss < 1)) this.fail(line, 'a loss from 0, below 1', quoted(text));
    const object = this.objects.get(first);
    const links = object && object.kind !== 'node' ? [object] : this.between(first, second, line);
    for (const link of links) link.loss = loss;
    return '';
  }

  private between(a: string, b: string, line: number): Link[] {
    const [from, to] = [this.node(a, line), this.node(b, line)];
    const found = this.links.filter(({ ends }) => ends.includes(from) && ends.includes(to));
    return found.length > 0 ? found : this.fail(line, 'a link between these nodes', `${from.name} and ${to.name}`);
  }
}

/** The link in the words of our own dialect. */
function attributesOf({ rate, loss, queue, line }: Link, delay: number, share = loss): Map<string, RawValue> {
  const said: [string, string][] = [
    ['rate', `${rate}bit/s`],
    ['delay', `${delay}ns`],
    ['plr', String(share)],
    ...(queue === undefined ? [] : ([['qlen', String(queue)]] as [string, string][])),
  ];
  return new Map(said.map(([name, text]) => [name, { text, line }]));
}

/** @throws InputError with the line of the first thing that is wrong. */
export function parseEmulab(source: string, text: string): RawGraph {
  const experiment = new Experiment(source);
  const tcl = new Tcl(
    source,
    (words, line) => experiment.command(words, line),
    (name, value) => experiment.named(name, value),
  );
  tcl.run(text.replaceAll('\r\n', '\n'));
  const points: RawPoint[] = [];
  const edges: RawEdge[] = [];
  const place = (id: string, kind: string, line: number) =>
    points.push({ id, line, attributes: new Map([['kind', { text: kind, line }]]) });
  for (const [i, node] of experiment.nodes.entries()) {
    node.name ||= `node-${i}`;
    place(node.name, node.interfaces > 1 ? 'router' : 'vnode', node.line);
  }
  for (const [i, link] of experiment.links.entries()) {
    const { kind, ends, simplex, line, delay, loss } = link;
    const join = (from: string, to: string, attributes: Map<string, RawValue>) =>
      edges.push({ source: from, target: to, line, directed: simplex, attributes });
    const [a, b] = ends as [Node, Node];
    if (kind === 'link' && (a.interfaces > 1 || b.interfaces > 1)) {
      join(a.name, b.name, attributesOf(link, delay));
      continue;
    }
    const middle = link.name || `${kind}-${i}`;
    place(middle, 'router', line);
    // Half of the way is as long, and loses as much, as the other half.
    const half = attributesOf(link, Math.round(delay / 2), 1 - Math.sqrt(1 - loss));
    if (simplex) {
      join(a.name, middle, half);
      join(middle, b.name, half);
    } else for (const end of ends) join(end.name, middle, half);
  }
  return checkEnds({ source, directed: false, points, edges });
}
