// A containerlab file cut into one a host: all that it says stays as it is written, but for what other hosts have.
// Source: containerlab's manual, "Links" and "Multi-node labs", and its links/ and core/ (v0.79).

import { type Document, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLMap } from 'yaml';
import { count, plural } from '../wording.js';

export interface CutLab {
  /** A containerlab file a host. */
  readonly texts: readonly string[];
  /** What is not as it was, or needs care: one line each, with its place in the file. */
  readonly notes: readonly string[];
}

export interface Cut {
  /** What the file is called, and its text. */
  readonly file: string;
  readonly text: string;
  /** Names of vnodes by host. */
  readonly hosts: readonly (readonly string[])[];
}

/** The identifier of the first tunnel, if the file has none above; each link has its own. */
const FIRST_VNI = 1000;
/** IANA's port of VXLAN. Releases before 0.70 know it only by this key, which later ones take as well as `dst-port`. */
const PORT = { 'udp-port': '4789' };

/** What names a file of the host that a vnode runs on. */
const FILES = ['binds', 'startup-config', 'license', 'env-files'];

/** Addresses are set in the environment, as containerlab substitutes them: RANGEFIT_HOST_1, ... */
const addressOf = (host: number): string => `\${RANGEFIT_HOST_${host + 1}}`;

const wordOf = (node: unknown): string => (isScalar(node) ? String(node.value) : '');
const itemsOf = (node: unknown): unknown[] => (isSeq(node) ? node.items : []);
const entriesOf = (node: unknown): (readonly [string, unknown])[] =>
  isMap(node) ? node.items.map(({ key, value }) => [wordOf(key), value] as const) : [];

interface End {
  readonly vnode: string;
  readonly port: string;
  /** In the long notation, with what else it says of the interface. */
  readonly long?: YAMLMap;
}

/** Of both notations, and of links that have one end here and the other outside of the lab. */
function endsOf(link: YAMLMap): End[] {
  const ends = link.has('endpoints') ? itemsOf(link.get('endpoints', true)) : [link.get('endpoint', true)];
  return ends.map((end) => {
    if (isMap(end))
      return { vnode: wordOf(end.get('node', true)), port: wordOf(end.get('interface', true)), long: end };
    const [vnode = '', ...port] = wordOf(end).split(':');
    return { vnode, port: port.join(':') };
  });
}

/** Everything is a word here: nothing may be written otherwise than it was read. */
function parsed(text: string): { document: Document; line(node: unknown): string } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, schema: 'failsafe', stringKeys: true, uniqueKeys: false });
  return {
    document,
    line: (node) => {
      const { line, col } = lines.linePos((node as Node).range?.[0] ?? 0);
      return `${line}:${col}`;
    },
  };
}

class Cutter {
  private readonly hostOf: ReadonlyMap<string, number>;
  private readonly waits = new Set<string>();
  private readonly apart = new Set<string>();
  private readonly files = new Set<string>();
  private readonly tunnels = new Set<string>();

  constructor(private readonly cut: Cut) {
    this.hostOf = new Map(cut.hosts.flatMap((names, host) => names.map((name) => [name, host] as const)));
  }

  /** The file of one host. */
  of(host: number): string {
    const { document, line } = parsed(this.cut.text);
    const at = (node: unknown) => `${this.cut.file}:${line(node)}`;
    const topology = document.get('topology') as YAMLMap;
    const nodes = topology.get('nodes') as YAMLMap;
    nodes.items = nodes.items.filter(({ key }) => this.hostOf.get(wordOf(key)) === host);
    const layers = ['defaults', 'kinds', 'groups', 'nodes'].flatMap((name) => {
      const within = topology.get(name, true);
      return name === 'defaults' ? [[name, within] as const] : entriesOf(within);
    });
    for (const [name, layer] of layers) if (isMap(layer)) this.look(name, layer, host, at);
    const links = topology.get('links', true);
    if (isSeq(links)) {
      const first = Math.max(FIRST_VNI, ...links.items.map((link) => (isMap(link) ? vniOf(link) + 1 : 0)));
      links.items = links.items.flatMap((link, index) =>
        isMap(link) ? this.linkOf(document, link, host, first + index, at) : [],
      );
    }
    return document.toString({ lineWidth: 0 });
  }

  notes(): string[] {
    const [tunnel] = this.tunnels;
    const [file] = this.files;
    const more = (places: ReadonlySet<string>) =>
      places.size > 1 ? ` and ${plural(places.size - 1, 'more place')}` : '';
    return [
      ...(tunnel === undefined
        ? []
        : [
            `${tunnel}${more(this.tunnels)}: ${count(this.tunnels.size)} of the links lead to another host and become VXLAN tunnels, whose packets are 50 bytes smaller than those of the network between the hosts`,
          ]),
      ...this.waits,
      ...this.apart,
      ...(file === undefined
        ? []
        : [
            `${file}${more(this.files)}: files that vnodes name (${FILES.join(', ')}) must be on each host that has such a vnode`,
          ]),
    ];
  }

  private elsewhere(vnode: string, host: number): boolean {
    const its = this.hostOf.get(vnode);
    return its !== undefined && its !== host;
  }

  /** What a vnode, or what it inherits from, says of other vnodes and of files. */
  private look(name: string, layer: YAMLMap, host: number, at: (node: unknown) => string): void {
    for (const [, stage] of entriesOf(layer.get('stages', true))) {
      const waits = isMap(stage) && stage.get('wait-for', true);
      if (!isMap(stage) || !isSeq(waits)) continue;
      // Containerlab deploys nothing when it waits for a node that the file does not have.
      waits.items = waits.items.filter((one) => {
        const other = isMap(one) ? wordOf(one.get('node', true)) : '';
        if (!this.elsewhere(other, host)) return true;
        this.waits.add(`${at(one)}: ${name} does not wait for ${other}, which is on another host`);
        return false;
      });
      if (waits.items.length === 0) stage.delete('wait-for');
    }
    const mode = layer.get('network-mode', true);
    const [, other = ''] = /^container:(.+)$/.exec(wordOf(mode)) ?? [];
    if (this.elsewhere(other, host))
      this.apart.add(`${at(mode)}: ${name} cannot share the network of ${other}, which is on another host`);
    for (const key of FILES) if (layer.has(key)) this.files.add(at(layer.get(key, true)));
  }

  /** The link as it is, as a tunnel, or nothing. */
  private linkOf(
    document: Document,
    link: YAMLMap,
    host: number,
    vni: number,
    at: (node: unknown) => string,
  ): unknown[] {
    const ends = endsOf(link);
    const hosts = ends.map(({ vnode }) => this.hostOf.get(vnode));
    if (!hosts.includes(host)) return [];
    const other = hosts.find((one) => one !== undefined && one !== host);
    if (other === undefined) return [link];
    this.tunnels.add(at(link));
    const side = hosts.indexOf(host);
    const { vnode, port, long } = ends[side] as End;
    const endpoint = long ?? (document.createNode({ node: vnode, interface: port }) as YAMLMap);
    // A list for both ends; a tunnel has one.
    for (const family of ['ipv4', 'ipv6']) {
      const address = itemsOf(link.get(family, true))[side];
      if (wordOf(address) !== '') endpoint.set(family, address);
    }
    const type = wordOf(link.get('type', true)) === 'veth-stitch' ? 'vxlan-stitch' : 'vxlan';
    const tunnel = document.createNode({ type, endpoint: '', remote: addressOf(other), vni: String(vni), ...PORT });
    (tunnel as YAMLMap).set('endpoint', endpoint);
    const own = new Set(['type', 'endpoints', 'ipv4', 'ipv6']);
    (tunnel as YAMLMap).items.push(...link.items.filter(({ key }) => !own.has(wordOf(key))));
    return [tunnel];
  }
}

const vniOf = (link: YAMLMap): number => Number(wordOf(link.get('vni', true))) || 0;

export function cutLab(cut: Cut): CutLab {
  const cutter = new Cutter(cut);
  const texts = cut.hosts.map((_, host) => cutter.of(host));
  return { texts, notes: cutter.notes() };
}
