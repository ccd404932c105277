// A lab on one kind of host: its vnodes packed by what they declare, no denser than idle ones are held faithfully.

import type { Interval } from '../../calibration/index.js';
import { containerMemory, type Host, memoryForContainers } from '../../models/index.js';
import { type Item, type Lab, neededHosts, packed, type Room, tooLarge } from '../lab/index.js';
import { count, plural, scaled } from '../wording.js';
import type { PlanAnswer, PlanDocument } from './plan-document.js';

export interface PackedLab {
  /** Indices of vnodes by host, and of those that a host has no room for even alone. */
  readonly hosts: readonly (readonly number[])[];
  readonly tooLarge: readonly number[];
  /** Hosts of the range, and vnodes on the one with the most; both 0: it does not fit. */
  readonly needed: number;
  readonly fullest: number;
  readonly items: readonly Item[];
  readonly room: Room;
}

/** A limit is taken as what a vnode needs: who sets it wants it to be had. */
const itemsOf = ({ vnodes }: Lab, host: Host): Item[] =>
  vnodes.map(({ memory, cpu }) => ({ memory: containerMemory(host, memory ?? undefined), cpu: cpu ?? 0 }));

/** @param density idle vnodes that the host holds. */
export function packedLab(lab: Lab, host: Host, density: number): PackedLab {
  const items = itemsOf(lab, host);
  const room = { memory: memoryForContainers(host), cpu: host.cores, vnodes: density };
  const hosts = packed(items, room);
  const large = tooLarge(items, room);
  const fits = large.length === 0;
  return {
    ...{ hosts, tooLarge: large, items, room },
    needed: fits ? hosts.length : 0,
    fullest: fits ? Math.max(0, ...hosts.map((on) => on.length)) : 0,
  };
}

/** Bytes in use on the host that its vnodes ask for most memory on. */
export const mostMemory = ({ hosts, items, room }: PackedLab, { memoryBytes }: Pick<Host, 'memoryBytes'>): number =>
  memoryBytes - room.memory + Math.max(0, ...hosts.map((on) => total(items, on, 'memory')));

const total = (items: readonly Item[], on: readonly number[], of: keyof Item): number =>
  on.reduce((sum, i) => sum + (items[i] as Item)[of], 0);

/** What is declared is exact; how many idle vnodes a host holds is not. */
export function labIntervals(
  lab: Lab,
  host: Host,
  { value, low, high }: Interval,
): Record<'hosts' | 'vnodesPerHost', Interval> {
  const best = packedLab(lab, host, value);
  const ends = [best, ...[low, high].map((density) => packedLab(lab, host, Math.max(1, Math.floor(density))))];
  const over = (of: 'needed' | 'fullest'): Interval => {
    const all = best[of] === 0 ? [0] : ends.map((one) => one[of]);
    return { value: best[of], low: Math.min(...all), high: Math.max(...all) };
  };
  return { hosts: over('needed'), vnodesPerHost: over('fullest') };
}

type Limits = Pick<PlanAnswer, 'binding' | 'next'>;

/** Densities that the declared limits allow, on average, and what idle vnodes allow; the first two. */
export function labLimits({ items, room }: PackedLab, idle: Limits): Limits {
  const needed = neededHosts(items, room);
  const declared = (id: 'memory' | 'cpu', remedy: string): Limits['binding'][] => {
    const vnodesPerHost = Math.floor(items.length / needed[id]);
    return needed[id] > 0 ? [{ id, remedy, vnodesPerHost, evidence: 'declared, on average' }] : [];
  };
  const limits = [
    ...declared(
      'memory',
      `more memory than ${scaled(room.memory, 'B')} for vnodes, or lower memory limits in the file`,
    ),
    ...declared('cpu', `more cores than ${room.cpu}, or lower cpu limits in the file`),
    ...[idle.binding, idle.next].filter(({ id }) => id !== 'memory'),
  ];
  const [binding = idle.binding, next = idle.next] = limits.sort((a, b) => a.vnodesPerHost - b.vnodesPerHost);
  return { binding, next };
}

/** One line for each vnode that fits on no host, and for what the file leaves open. */
export function labWarnings(lab: Lab, host: Host): string[] {
  const room = { memory: memoryForContainers(host), cpu: host.cores };
  const items = itemsOf(lab, host);
  const lines = tooLarge(items, room).map((i) => {
    const { place, name, memory, cpu } = lab.vnodes[i] as Lab['vnodes'][number];
    const { memory: taken } = items[i] as Item;
    const asks =
      taken > room.memory
        ? `${scaled(memory ?? taken, 'B')} of memory, a host has ${scaled(room.memory, 'B')}`
        : `${cpu} cores, a host has ${room.cpu}`;
    return `${place}: ${name} fits on no host: it asks for ${asks}`;
  });
  const all = plural(lab.vnodes.length, 'vnode');
  const silent = (of: 'memory' | 'cpu') => lab.vnodes.filter((vnode) => vnode[of] === null).length;
  if (silent('memory') > 0)
    lines.push(`${count(silent('memory'))} of ${all} declare no memory: an idle container is assumed`);
  if (silent('cpu') > 0) lines.push(`${count(silent('cpu'))} of ${all} declare no cpu: what they do is not counted`);
  return lines;
}

type LabPlacement = NonNullable<PlanDocument['lab']>;

/** What the plan document holds of it. */
export function labPlacement(lab: Lab, host: Host, { hosts, items, tooLarge: large }: PackedLab): LabPlacement {
  return {
    ...{ name: lab.name, file: lab.file, text: lab.text },
    vnodes: lab.vnodes.map(({ name, kind, image, memory, cpu }) => ({ name, kind, image, memory, cpu })),
    links: lab.links.map((ends) => ends.map(({ vnode, interface: port }) => `${vnode}:${port}`)),
    hosts: hosts.map((on, index) => ({
      host: `${host.name}-${index + 1}`,
      vnodes: on.map((i) => lab.vnodes[i]?.name ?? ''),
      memory: total(items, on, 'memory'),
      cpu: Number(total(items, on, 'cpu').toFixed(6)),
    })),
    tooLarge: large.map((i) => lab.vnodes[i]?.name ?? ''),
  };
}
