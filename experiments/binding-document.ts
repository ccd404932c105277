// A binding as a file that people change: which vnodes each host has. Checked against the scenario when it is read.

import { z } from 'zod';
import {
  type BindingGoal,
  bind,
  crossHostShare,
  type Demand,
  type HostRoom,
  InputError,
  type Scenario,
} from '../models/index.js';
import { type Member, membersOf } from '../sim/index.js';
import { check, escaped, type Path, quoted, readDocument, suggestion } from './documents/index.js';

export const bindingSchema = z.strictObject({
  format: z.literal('rangefit/binding'),
  formatVersion: z.literal(1),
  scenario: z.string().describe("the scenario's name"),
  hosts: z
    .array(
      z.strictObject({
        host: z.string().min(1).max(200).describe('a name of its own'),
        kind: z.string().min(1).max(4096).describe('a host profile'),
        /** The most vnodes that may be bound to it. */
        room: z.int().min(1).max(1_000_000),
        vnodes: z.array(z.string().max(200)).max(1_000_000),
      }),
    )
    .max(100_000),
});

export type BindingDocument = z.output<typeof bindingSchema>;

/** Bindings of 10,000 vnodes take 200 kB. */
const LARGEST = 2 ** 26;
/** Names that a misspelt one is held against; comparing with all of 10,000 takes seconds. */
const SUGGESTED = 50;

/** A tracker is apart from the vnodes that a density counts: it takes no room. */
const counts = ({ role }: Member): boolean => role !== 'tracker';

/**
 * Who talks to whom, of the vnodes that count: the two of a pair; clients of a web service to its replicas; everybody to
 * everybody where they choose each other at random.
 */
export function demandOf({ workload }: Scenario): Demand {
  switch (workload.kind) {
    case 'swarm':
    case 'flood':
    case 'ring':
      return { kind: 'uniform' };
    case 'web': {
      const { replicas, clients } = workload;
      const asked = (client: number) =>
        Array.from({ length: replicas }, (_, one) => [replicas + client, one, 1] as const);
      return { kind: 'pairs', pairs: Array.from({ length: clients }, (_, client) => asked(client)).flat() };
    }
    case 'pairs':
      return { kind: 'pairs', pairs: Array.from({ length: workload.pairs }, (_, i) => [2 * i, 2 * i + 1, 1] as const) };
    default:
      return { kind: 'pairs', pairs: [] };
  }
}

/** @throws InputError when there is not room for all. */
export function bindScenario(
  scenario: Scenario,
  hosts: readonly (HostRoom & { readonly name: string; readonly kind: string })[],
  goal: BindingGoal,
): BindingDocument {
  const members = membersOf(scenario);
  const counted = members.filter(counts);
  const hostOf = bind(counted.length, hosts, demandOf(scenario), goal);
  if (!hostOf) {
    const room = hosts.reduce((sum, host) => sum + host.room, 0);
    throw new InputError('--fleet', `room for ${counted.length} vnodes`, `${room} (see --colocation)`);
  }
  const bound = hosts.map(({ name, kind, room }) => ({ host: name, kind, room, vnodes: [] as string[] }));
  const first = hostOf[0];
  for (const member of members) if (!counts(member)) bound[first].vnodes.push(member.name);
  for (const [vnode, host] of hostOf.entries()) bound[host].vnodes.push(counted[vnode].name);
  return {
    format: 'rangefit/binding',
    formatVersion: 1,
    scenario: scenario.name,
    hosts: bound.filter(({ vnodes }) => vnodes.length > 0),
  };
}

export interface BindingFacts {
  readonly hosts: number;
  readonly vnodes: number;
  readonly fullest: number;
  /** Share of the traffic from host to host. */
  readonly crossHost: number;
}

export function bindingFacts(document: BindingDocument, scenario: Scenario): BindingFacts {
  const members = membersOf(scenario);
  const hostOf = hostOfEach(document, members).filter((_, vnode) => counts(members[vnode]));
  const held = document.hosts.map((_, host) => hostOf.filter((one) => one === host).length);
  return {
    hosts: document.hosts.filter(({ vnodes }) => vnodes.length > 0).length,
    vnodes: hostOf.length,
    fullest: held.reduce((most, count) => Math.max(most, count), 0),
    crossHost: crossHostShare(hostOf, demandOf(scenario)),
  };
}

/** Per vnode the index of its host. */
export function hostOfEach({ hosts }: BindingDocument, members: readonly Member[]): number[] {
  const hostOf = new Map(hosts.flatMap(({ vnodes }, host) => vnodes.map((vnode) => [vnode, host] as const)));
  return members.map(({ name }) => hostOf.get(name) as number);
}

/** @throws InputError with line and column: a vnode that the scenario lacks, twice or nowhere; a host with too many. */
export function readBinding(file: string, scenario: Scenario): BindingDocument {
  const located = readDocument(file, file, LARGEST);
  const document = check(located, bindingSchema, 'binding');
  const refuse = (path: Path, expected: string, found: string): never => {
    const { source, line, column } = located.place(path, 'value');
    throw new InputError(`${source}:${line}:${column}`, expected, found);
  };
  const members = new Map(membersOf(scenario).map((member) => [member.name, member]));
  const names = [...members.keys()];
  const placed = new Map<string, string>();
  const hostNames = new Set<string>();
  for (const [h, { host, room, vnodes }] of document.hosts.entries()) {
    if (hostNames.has(host)) refuse(['hosts', h, 'host'], 'each host once', `${quoted(host)} again`);
    hostNames.add(host);
    let taken = 0;
    for (const [v, vnode] of vnodes.entries()) {
      const path = ['hosts', h, 'vnodes', v];
      const expected = `a vnode of ${scenario.name} (${names[0]} to ${names.at(-1)})`;
      const member =
        members.get(vnode) ?? refuse(path, expected, `${quoted(vnode)}${suggestion(vnode, names.slice(0, SUGGESTED))}`);
      const before = placed.get(vnode);
      if (before !== undefined) refuse(path, `${escaped(vnode)} on one host`, `it on ${escaped(before)} too`);
      placed.set(vnode, host);
      if (counts(member)) taken++;
    }
    if (taken > room) refuse(['hosts', h, 'vnodes'], `at most ${room} vnodes on ${escaped(host)}`, String(taken));
  }
  const missing = names.filter((name) => !placed.has(name));
  if (missing.length > 0) {
    const more = missing.length > 1 ? ` and ${missing.length - 1} more` : '';
    refuse(['hosts'], `every vnode of ${scenario.name} on a host`, `none for ${missing[0]}${more}`);
  }
  return document;
}
