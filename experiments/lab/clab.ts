// A containerlab topology file (.clab.yml): its vnodes with the limits that they declare, and the links between them.
// Source: containerlab's manual, "Topology definition file" and "Nodes".

import { basename } from 'node:path';
import { z } from 'zod';
import { InputError } from '../../models/index.js';
import {
  check,
  escaped,
  type Located,
  type Path,
  parseDocument,
  quoted,
  readText,
  suggestion,
} from '../documents/index.js';

export interface LabVnode {
  readonly name: string;
  readonly kind: string;
  readonly image: string | null;
  /** Limits that the file declares: bytes, and cores. */
  readonly memory: number | null;
  readonly cpu: number | null;
  /** Where the file has it: `lab.clab.yml:12:5`. */
  readonly place: string;
}

export interface LabEnd {
  readonly vnode: string;
  readonly interface: string;
}

export interface Lab {
  readonly name: string;
  /** What the file is called, without its folder, and its text: what is not told here stays in there. */
  readonly file: string;
  readonly text: string;
  readonly vnodes: readonly LabVnode[];
  readonly links: readonly (readonly [LabEnd, LabEnd])[];
}

/** Ends of links that are no vnodes: the host's own interfaces. */
const OUTSIDE: ReadonlySet<string> = new Set(['host', 'mgmt-net', 'macvlan']);

export const isLab = (file: string): boolean => /\.clab\.ya?ml$/i.test(file);

/** Powers of 1000, and with an i of 1024. */
const PREFIXES = 'kmgtpe';

/**
 * Bytes, as containerlab reads a limit (runtime/docker/docker.go of v0.79: `ParseBytes` of go-humanize 1.0.1): digits with
 * an optional dot and with commas that mean nothing, then a unit of which neither the case nor the B matters.
 */
function bytesOf(text: string): number | undefined {
  const [, number = '', prefix = '', binary] = /^([\d,]*\.?[\d,]*)\s*(?:([kmgtpe])(i)?)?b?$/i.exec(text.trim()) ?? [];
  const digits = number.replaceAll(',', '');
  if (!/\d/.test(digits)) return undefined;
  const power = PREFIXES.indexOf(prefix.toLowerCase() || ' ') + 1;
  return Math.floor(Number(digits) * (binary === undefined ? 1000 : 1024) ** power);
}

const MEMORY = 'memory with its unit, such as 512mb or 2gib';
const memory = z
  .union([z.string().refine((text) => bytesOf(text) !== undefined, { message: MEMORY }), z.number().min(0)])
  .describe(MEMORY)
  .transform((value) => bytesOf(String(value)) ?? 0);
const limits = {
  kind: z.string().min(1).optional(),
  image: z.string().min(1).optional(),
  group: z.string().optional(),
  memory: memory.optional(),
  cpu: z.number().min(0).describe('cores, such as 1.5').optional(),
};
const defaults = z.looseObject(limits);
type Defaults = z.output<typeof defaults>;

/** `vnode:interface`. */
const end = z
  .string()
  .regex(/^[^:\s]+:[^:\s]+$/)
  .describe('two ends such as "leaf1:eth1"');
const longEnd = z.looseObject({ node: z.string().min(1), interface: z.string().min(1) });
const link = z.looseObject({
  type: z.string().optional(),
  endpoints: z.union([z.tuple([end, end]), z.tuple([longEnd, longEnd])]).optional(),
  endpoint: longEnd.optional(),
});

const fileSchema = z.looseObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/)
    .describe('a name of letters, digits, dots and dashes'),
  topology: z.looseObject({
    defaults: defaults.optional(),
    kinds: z.record(z.string(), defaults).optional(),
    groups: z.record(z.string(), defaults).optional(),
    nodes: z.record(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/), defaults),
    links: z.array(link).optional(),
  }),
});

const at = (located: Located, path: Path, of: 'key' | 'value' = 'value'): string => {
  const { source, line, column } = located.place(path, of);
  return `${source}:${line}:${column}`;
};

/** What a vnode says itself, then its group, its kind, and the defaults (types/topology.go). A limit of 0 is none. */
function vnodeOf(located: Located, name: string, own: Defaults, file: z.output<typeof fileSchema>): LabVnode {
  const { defaults: all, kinds = {}, groups = {} } = file.topology;
  const place = at(located, ['topology', 'nodes', name], 'key');
  const groupNamed = (name: string | undefined) => (name === undefined ? undefined : groups[name]);
  const kind = own.kind ?? groupNamed(own.group)?.kind ?? groupNamed(all?.group)?.kind ?? all?.kind;
  if (kind === undefined) throw new InputError(place, 'a kind, of its own or by topology.defaults', 'none');
  const layers = [own, groupNamed(own.group ?? kinds[kind]?.group ?? all?.group), kinds[kind], all];
  const first = <K extends 'image' | 'memory'>(key: K) => layers.find((one) => one?.[key] !== undefined)?.[key];
  return {
    name,
    kind,
    image: first('image') ?? null,
    memory: first('memory') || null,
    // Unlike memory, cores of 0 are as good as not said.
    cpu: layers.find((one) => one?.cpu)?.cpu ?? null,
    place,
  };
}

function linksOf(located: Located, file: z.output<typeof fileSchema>): Lab['links'] {
  const names = Object.keys(file.topology.nodes);
  const known = new Set(names);
  const taken = new Map<string, string>();
  const ends = (index: number, raw: readonly unknown[]): LabEnd[] =>
    raw.map((one, side) => {
      const long = one as { node: string; interface: string };
      const [vnode, port] = typeof one === 'string' ? one.split(':') : [long.node, long.interface];
      const found = { vnode: vnode as string, interface: port as string };
      const path = ['topology', 'links', index, 'endpoints', side];
      if (OUTSIDE.has(found.vnode)) return found;
      if (!known.has(found.vnode))
        throw new InputError(
          at(located, path),
          'a node of this file',
          `${quoted(found.vnode)}${suggestion(found.vnode, names)}`,
        );
      const id = `${found.vnode}:${found.interface}`;
      const before = taken.get(id);
      if (before !== undefined)
        throw new InputError(at(located, path), `each interface once (${quoted(id)} is at ${before})`, 'it again');
      taken.set(id, at(located, path));
      return found;
    });
  return (file.topology.links ?? []).flatMap(({ endpoints, endpoint, type }, index) => {
    if (endpoints === undefined) {
      // A link of one end leads out of the lab: type host, mgmt-net, macvlan, vxlan, dummy.
      if (endpoint !== undefined && type !== undefined) return [];
      throw new InputError(at(located, ['topology', 'links', index]), 'endpoints', 'none');
    }
    const [a, b] = ends(index, endpoints);
    return a && b && known.has(a.vnode) && known.has(b.vnode) ? [[a, b] as const] : [];
  });
}

/** Bytes. Ten thousand vnodes with a few lines each are a tenth of it. */
const LARGEST = 16 * 2 ** 20;

/** @throws InputError for an unreadable file or a mistake in it, with line and column. */
export const readLab = (path: string): Lab => labOf(path, readText(path, LARGEST));

/** Without keys that have nothing behind them, as in `leaf1:`; a node without anything is one all the same. */
function filled(value: unknown, within = ''): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== null || within === 'nodes');
  return Object.fromEntries(entries.map(([key, inner]) => [key, inner === null ? {} : filled(inner, key)]));
}

/** @throws InputError for a mistake, with line and column. */
export function labOf(path: string, text: string): Lab {
  const located = parseDocument(escaped(path), text);
  const file = check({ ...located, value: filled(located.value) }, fileSchema, 'scenario');
  const vnodes = Object.entries(file.topology.nodes).map(([name, own]) => vnodeOf(located, name, own, file));
  if (vnodes.length === 0) throw new InputError(at(located, ['topology', 'nodes']), 'at least one node', 'none');
  return { name: file.name, file: escaped(basename(path)), text, vnodes, links: linksOf(located, file) };
}
