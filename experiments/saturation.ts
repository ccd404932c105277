// What ran out on a host in a run and what did not, as far as its record tells.

import { z } from 'zod';
import type { HostRecord, RunRecord } from '../models/index.js';
import { count, scaled } from './wording.js';

export const resourceSchema = z.strictObject({
  name: z.string(),
  /** `%`: 100 is one core. */
  unit: z.enum(['%', 'B', 'bit/s', 'count']),
  /** At the peak, and how much there was of it; null: the record does not say. */
  used: z.number().nullable(),
  of: z.number().nullable(),
  /** Packets dropped, entries refused or vnodes lost for want of it; null: not counted. */
  lost: z.number().nullable(),
  /** The scenario asks for it to be narrow, as for its links: that it fills is no fault of the host's. */
  asked: z.boolean(),
});

/** One thing that a run can run out of. */
export type Resource = z.output<typeof resourceSchema>;

export type Fullness = 'saturated' | 'full, as asked' | 'has room' | 'not told';

/** From this share on something counts as saturated. */
export const SATURATED = 0.95;

/** Memory this full is why vnodes were lost. */
const MEMORY_FULL = 0.9;

/** Null: the record does not say. */
export const shareUsed = ({ used, of }: Resource): number | null =>
  used === null || of === null || of <= 0 ? null : used / of;

export function fullness(resource: Resource): Fullness {
  const { lost, asked } = resource;
  const share = shareUsed(resource);
  if ((lost ?? 0) > 0 || (share ?? 0) >= SATURATED) return asked ? 'full, as asked' : 'saturated';
  return lost === null && share === null ? 'not told' : 'has room';
}

/** A quantity of a resource as people read it. */
export function resourceText(value: number, unit: Resource['unit']): string {
  if (unit === '%') return `${value.toFixed(0)} %`;
  return unit === 'count' ? count(value) : scaled(value, unit);
}

const own = (
  name: string,
  unit: Resource['unit'],
  used: number | null,
  of: number | null,
  lost: number | null = null,
): Resource => ({ name, unit, used, of, lost, asked: false });

/** A queue of packets: how long it was at the peak no record says, only what it dropped. */
const queue = (name: string, lost: number | null, asked = false): Resource => ({
  ...{ name, unit: 'count', used: null, of: null, lost, asked },
});

function resourcesOf(host: HostRecord, { world, vnodes, totals, hosts }: RunRecord): Resource[] {
  const { cpu, cores, memory, neighbours, drops, measured } = host;
  const real = world === 'emulated';
  const dropped = (...reasons: string[]) => reasons.reduce((sum, reason) => sum + (drops[reason] ?? 0), 0);
  const gone = vnodes.filter((vnode) => vnode.host === host.host && !vnode.alive).length;
  const { remoteOut, remoteIn } = host.bytes;
  const rate = totals.virtualSeconds > 0 ? (8 * Math.max(remoteOut, remoteIn)) / totals.virtualSeconds : 0;
  const starved = memory.used >= MEMORY_FULL * memory.total;
  const threshold = neighbours.threshold > 0 ? neighbours.threshold : null;
  return [
    own('CPU, mean', '%', cpu.takenPercent, 100 * cores),
    own('CPU, busiest second', '%', cpu.peakReportedPercent, 100 * cores),
    own('memory', 'B', memory.used, memory.total, starved ? gone : 0),
    ...(gone > 0 && !starved ? [queue('disk, or ports of the bridge', gone)] : []),
    own('neighbour table', 'count', neighbours.peakEntries, threshold, neighbours.refused),
    queue('backlog of packets', dropped('backlog')),
    // What a kernel counts in each socket and at each neighbour, the emulator does not read.
    queue('packets waiting for a neighbour', real ? null : dropped('neighbour-unresolved')),
    queue('socket buffers', real ? null : dropped('socket-buffer')),
    ...(measured ? [own('turns of packet work cut short', 'count', measured.softnet.squeezed, null)] : []),
    ...(hosts.length > 1 || rate > 0 ? [own('NIC', 'bit/s', rate, null, dropped('nic-queue'))] : []),
    own('disk', 'B', host.disk.base + host.disk.containers, null),
    own('processes', 'count', host.processes, null),
    queue("queues of the vnodes' links", dropped('shaper-queue', 'up', 'down'), true),
    queue("queues of the network's pipes", dropped('pipe-queue', 'pipe'), true),
  ];
}

const coresOf = ({ cores = [] }: RunRecord): Resource[] =>
  cores.map(({ cpuPercent, physicalDrops }, i) =>
    own(`CPU of emulation core ${i + 1}`, '%', cpuPercent, 100, physicalDrops),
  );

/** Of each resource the fullest: over hosts, or over runs. The order is that of the first. */
export function fullest(all: readonly (readonly Resource[])[]): Resource[] {
  const found = new Map<string, Resource>();
  for (const resource of all.flat()) {
    const before = found.get(resource.name);
    if (!before || fuller(resource, before)) found.set(resource.name, resource);
  }
  return [...found.values()];
}

function fuller(a: Resource, b: Resource): boolean {
  if ((a.lost ?? 0) !== (b.lost ?? 0)) return (a.lost ?? 0) > (b.lost ?? 0);
  return (shareUsed(a) ?? a.used ?? 0) > (shareUsed(b) ?? b.used ?? 0);
}

/** Everything that a host of this run could have run out of, on the host that had least room for it. */
export const usedIn = (record: RunRecord): Resource[] => [
  ...fullest(record.hosts.map((host) => resourcesOf(host, record))),
  ...coresOf(record),
];

const namesOf = (resources: readonly Resource[], state: Fullness): string[] =>
  resources.filter((one) => fullness(one) === state).map(({ name }) => name);

/** What saturated, what did not, and what cannot be told, in a sentence or three. */
export function saturationWords(resources: readonly Resource[]): string {
  const said = (state: Fullness) => namesOf(resources, state).join(', ');
  const [full, asked, untold] = [said('saturated'), said('full, as asked'), said('not told')];
  return [
    full === '' ? 'Nothing of the host saturated.' : `Saturated: ${full}.`,
    ...(asked === '' ? [] : [`Full, as the scenario asks: ${asked}.`]),
    ...(untold === '' ? [] : [`Not told: ${untold}.`]),
  ].join(' ');
}
