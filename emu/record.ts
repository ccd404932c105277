// From what was seen to a run record: the same words as the simulator's, with how each figure was measured.

import { encode } from 'zod';
import {
  type HostRecord,
  type LatencyRecord,
  type Measurement,
  type RunRecord,
  type Scenario,
  type Series,
  scenarioSchema,
  type VnodeRecord,
} from '../models/index.js';
import type { Capabilities } from './capabilities.js';
import type { InterfaceCounters } from './counters.js';
import { busySeconds, kernelBytes, type Look, sampledSeconds } from './monitor.js';
import { hostInterface, pipeInterface, vnodeInterface } from './names.js';
import type { Range, Vnode } from './range.js';
import { type ShaperState, tokenBucket } from './shaping.js';
import { settings } from './sysctl.js';
import type { VnodeOutcome } from './workloads/index.js';

/** A frame's headers as its counter sees them: Ethernet, IPv4, TCP with timestamps. A super-packet has them once. */
const HEADERS = 14 + 20 + 32;

/** What one vnode left behind, read before its end. */
export interface VnodeAccount {
  readonly counters: InterfaceCounters | undefined;
  readonly segments: { readonly sent: number; readonly received: number; readonly retransmitted: number };
  readonly cpuSeconds: number;
  readonly memory: { readonly total: number; readonly anonymous: number; readonly kernel: number };
  readonly processes: number;
  /** Something went over its loopback interface. */
  readonly talksToItself: boolean;
}

export interface Seen {
  readonly range: Range;
  readonly capabilities: Capabilities;
  readonly seed: string;
  readonly version: string;
  /** Before any container existed. */
  readonly before: Look;
  /** From the run's zero to its end. */
  readonly looks: readonly Look[];
  readonly interval: number;
  readonly accounts: readonly VnodeAccount[];
  readonly outcomes: ReadonlyMap<number, VnodeOutcome>;
  readonly milestones: ReadonlyMap<number, readonly number[]>;
  readonly shapers: ReadonlyMap<string, ShaperState>;
  /** Refused neighbour entries by interface; undefined: not traced. */
  readonly refused: ReadonlyMap<string, number> | undefined;
  readonly soaked: boolean;
  readonly foreignSeconds: number;
  readonly diskBytes: number;
  readonly all: number;
  readonly latency: LatencyRecord | undefined;
  readonly disturbed: readonly string[];
  readonly notes: readonly string[];
}

export function buildRecord(seen: Seen, teardownSeconds: number): RunRecord {
  const { range, capabilities, looks } = seen;
  const first = looks[0] as Look;
  const last = looks[looks.length - 1] as Look;
  const vnodes = range.vnodes.map((vnode) => vnodeRecord(seen, vnode));
  const sum = (pick: (vnode: VnodeRecord) => number) => vnodes.reduce((total, vnode) => total + pick(vnode), 0);
  const drops = dropsByReason(seen);
  const dropped = Object.values(drops).reduce((a, b) => a + b, 0);
  const delivered = seen.accounts.reduce((total, { segments }) => total + segments.received, 0);
  const packetsSent = sum((vnode) => vnode.packetsSent);
  const completed = last.completed;
  return {
    format: 'rangefit/record',
    formatVersion: 1,
    world: 'emulated',
    scenario: encode(scenarioSchema, range.scenario),
    seed: seen.seed,
    hosts: [hostRecord(seen, teardownSeconds, drops)],
    vnodes,
    series: series(seen),
    totals: {
      virtualSeconds: last.at - first.at,
      payloadBytes: [...seen.outcomes.values()].reduce((all, { held, received }) => all + (held ?? received), 0),
      packetsSent,
      packetsDelivered: delivered,
      packetsDropped: dropped,
      packetsInFlight: Math.max(0, packetsSent - delivered - dropped),
      completed,
      unfinished: seen.all - completed,
      events: 0,
      packetHops: 0,
    },
    digest: null,
    provenance: {
      version: seen.version,
      host: capabilities.machine,
      technology: `lxc ${capabilities.lxc ?? ''}`.trim(),
      kernel: capabilities.kernel,
      source: 'measured',
      notes: seen.notes,
    },
    ...(seen.latency ? { latency: seen.latency } : {}),
    disturbed: seen.disturbed,
  };
}

function vnodeRecord(seen: Seen, vnode: Vnode): VnodeRecord {
  const account = seen.accounts[vnode.index] as VnodeAccount;
  const outcome = seen.outcomes.get(vnode.index) as VnodeOutcome;
  const { counters, segments } = account;
  // Counters see a super-packet's headers once; the wire would carry them with every segment.
  const wire = (bytes: number, packets: number, segmentCount: number) =>
    bytes + Math.max(0, segmentCount - packets) * HEADERS;
  const payload = (bytes: number, packets: number) => Math.max(0, bytes - packets * HEADERS);
  const { connectedTo, countedReceived, held: _, ...rest } = outcome;
  const names = new Map(seen.range.vnodes.map(({ address, name }) => [address, name]));
  return {
    vnode: vnode.name,
    role: vnode.role,
    host: 'here',
    ...rest,
    wireSent: counters ? wire(counters.sentBytes, counters.sentPackets, segments.sent) : 0,
    wireReceived: counters ? wire(counters.receivedBytes, counters.receivedPackets, segments.received) : 0,
    milestones: seen.milestones.get(vnode.index) ?? [],
    packetsSent: segments.sent,
    retransmitted: segments.retransmitted,
    unexpectedLosses: counters ? counters.receivedDrops + counters.sentDrops : 0,
    cpuSeconds: account.cpuSeconds,
    counted: {
      sent: counters ? payload(counters.sentBytes, counters.sentPackets) : 0,
      received: countedReceived ?? (counters ? payload(counters.receivedBytes, counters.receivedPackets) : 0),
    },
    neighboursRefused: seen.refused ? (seen.refused.get(vnodeInterface(seen.range.run, vnode.index)) ?? 0) : null,
    ...(connectedTo ? { connectedTo: connectedTo.map((address) => names.get(address) ?? address) } : {}),
  };
}

function dropsByReason(seen: Seen): Record<string, number> {
  const { range, shapers, looks } = seen;
  const first = looks[0] as Look;
  const last = looks[looks.length - 1] as Look;
  const shaped = (name: (index: number) => string) =>
    range.vnodes.reduce((sum, { index }) => sum + (shapers.get(name(index))?.drops ?? 0), 0);
  return {
    up: shaped((index) => vnodeInterface(range.run, index)),
    down: shaped((index) => hostInterface(range.run, index)),
    ...(range.plan.routed && {
      pipe: range.plan.routed.pipes.reduce(
        (sum, { pipe }) => sum + (shapers.get(pipeInterface(range.run, pipe))?.drops ?? 0),
        0,
      ),
    }),
    backlog: last.softnet.dropped - first.softnet.dropped,
  };
}

function hostRecord(seen: Seen, teardownSeconds: number, drops: Record<string, number>): HostRecord {
  const { range, capabilities, before, looks } = seen;
  const { cores } = capabilities;
  const first = looks[0] as Look;
  const last = looks[looks.length - 1] as Look;
  const wall = last.at - first.at;
  const busy = busySeconds(first, last, cores);
  const columns = series(seen);
  const grown = memoryGrown(seen);
  const peak = looks.reduce((most, look) => (grown(look) > grown(most) ? look : most), first);
  const kernelOf = ({ memory }: Look) => kernelBytes(memory);
  const sampled = sampledSeconds(first, last);
  const allSampled = sampled.user + sampled.system + sampled.irq + sampled.softirq;
  // The tick's split, stretched to what was really taken.
  const softirq = allSampled > 0 ? (busy * (sampled.softirq + sampled.irq)) / allSampled : 0;
  const containers = range.vnodes.length;
  const mean = (pick: (account: VnodeAccount) => number) =>
    seen.accounts.reduce((sum, account) => sum + pick(account), 0) / containers;
  const growth = (part: 'anonymous' | 'shared' | 'slab' | 'kernelStacks' | 'pageTables' | 'perCpu') =>
    Math.max(0, peak.memory[part] - before.memory[part]);
  const setups = range.vnodes.map(({ setupSeconds }) => setupSeconds);
  const peakEntries = Math.max(...looks.map(rangeEntries(seen)));
  const overflows = last.neighbours.overflows - before.neighbours.overflows;
  const refused = seen.refused ? [...seen.refused.values()].reduce((a, b) => a + b, 0) : overflows;
  const host = [...last.interfaces].filter(([name]) =>
    range.vnodes.some(({ index }) => name === hostInterface(range.run, index)),
  );
  const forwarded = (pick: (counters: InterfaceCounters) => number) =>
    host.reduce((sum, [, counters]) => sum + pick(counters), 0);
  const thresholds = [1, 2, 3].map((i) =>
    Number(settings(range.scenario).find(({ key }) => key.endsWith(`gc_thresh${i}`))?.value),
  );
  const measured: Measurement = {
    sampled,
    soaked: seen.soaked ? last.soaked - first.soaked : null,
    monitor: last.own - first.own,
    foreign: seen.foreignSeconds,
    interrupts: last.cpu.interrupts - first.cpu.interrupts,
    softnet: {
      dropped: last.softnet.dropped - first.softnet.dropped,
      squeezed: last.softnet.squeezed - first.softnet.squeezed,
    },
    memory: {
      anonymous: growth('anonymous'),
      shared: growth('shared'),
      slab: growth('slab'),
      kernelStacks: growth('kernelStacks'),
      pageTables: growth('pageTables'),
      perCpu: growth('perCpu'),
      perContainer: {
        total: mean(({ memory }) => memory.total),
        anonymous: mean(({ memory }) => memory.anonymous),
        kernel: mean(({ memory }) => memory.kernel),
      },
    },
    setup: {
      seconds: range.setupSeconds,
      perContainer: { mean: setups.reduce((a, b) => a + b, 0) / containers, max: Math.max(...setups) },
      atOnce: range.atOnce,
      teardownSeconds,
    },
    pinned: {
      congestionControl: range.congestionControl,
      superPackets: range.scenario.network.gso,
      up: readBack(seen, 'up'),
      down: readBack(seen, 'down'),
      neighbourThresholds: thresholds as [number, number, number],
    },
  };
  return {
    host: 'here',
    cores,
    vnodes: containers,
    cpu: {
      seconds: { softirq, application: busy - softirq, switching: 0, wakeup: 0, background: 0 },
      takenPercent: (busy / wall) * 100,
      reportedPercent: (reportedSeconds(first, last) / wall) * 100,
      peakReportedPercent: Math.max(0, ...columns.reportedCpuPercent),
    },
    contextSwitches: last.cpu.contextSwitches - first.cpu.contextSwitches,
    wakeups: 0,
    memory: {
      total: capabilities.memoryTotal,
      used: before.memory.used + grown(peak),
      host: before.memory.used,
      kernel: Math.max(0, kernelOf(peak) - kernelOf(before)),
      containers: growth('anonymous') + growth('shared'),
    },
    disk: { base: 0, containers: seen.diskBytes },
    processes: seen.accounts.reduce((sum, { processes }) => sum + processes, 0),
    setupSeconds: range.setupSeconds,
    neighbours: { peakEntries, threshold: thresholds[2] as number, refused, overflows },
    packets: { forwarded: forwarded(({ sentPackets }) => sentPackets), broadcasts: 0 },
    bytes: {
      forwarded: forwarded(({ sentBytes }) => sentBytes),
      local: forwarded(({ sentBytes }) => sentBytes),
      remoteOut: 0,
      remoteIn: 0,
    },
    drops,
    measured,
  };
}

/** The token bucket of the first vnode as the kernel has it; all are the same. */
function readBack({ range, shapers }: Seen, side: 'up' | 'down'): Measurement['pinned']['up'] {
  if (!tokenBucket(range.scenario, side, range.vnodes[0])) return null;
  const name = side === 'up' ? vnodeInterface(range.run, 0) : hostInterface(range.run, 0);
  return shapers.get(name)?.bucket ?? null;
}

/**
 * Neighbour entries of the range. The kernel's count is of all namespaces, and keeps those of namespaces that are gone
 * for as long as something refers to them, long after they have left the table; and one of each namespace that talks to
 * itself, which thresholds leave out (net/core/neighbour.c).
 */
function rangeEntries({ before, accounts }: Seen): (look: Look) => number {
  const others = before.neighbours.entries + accounts.filter(({ talksToItself }) => talksToItself).length;
  return ({ neighbours }) => Math.max(0, neighbours.entries - others);
}

/** Bytes by which the machine's memory has grown since before the range, part by part: caches that come and go are in none. */
function memoryGrown({ before }: Seen): (look: Look) => number {
  const all = ({ memory: { used: _, ...parts } }: Look) => Object.values(parts).reduce((sum, part) => sum + part, 0);
  return (look) => Math.max(0, all(look) - all(before));
}

/** What the tick saw, less the monitor's and the soakers' own. */
function reportedSeconds(from: Look, to: Look): number {
  const { user, system, irq, softirq } = sampledSeconds(from, to);
  return Math.max(0, user + system + irq + softirq - (to.own - from.own) - (to.soaked - from.soaked));
}

function series(seen: Seen): Series {
  const { looks, interval, capabilities, before } = seen;
  const grown = memoryGrown(seen);
  const intervals = looks.slice(1).map((to, i) => ({ from: looks[i] as Look, to }));
  // The last look may come any moment after the one before; a rate over a few milliseconds says nothing.
  const whole = intervals.filter(({ from, to }) => to.at - from.at > interval / 2);
  const percent = (seconds: (from: Look, to: Look) => number) =>
    whole.map(({ from, to }) => (seconds(from, to) / (to.at - from.at)) * 100);
  return {
    intervalSeconds: interval,
    payloadBytes: whole.map(({ to }) => to.payloadBytes),
    reportedCpuPercent: percent(reportedSeconds),
    takenCpuPercent: percent((from, to) => busySeconds(from, to, capabilities.cores)),
    neighbourEntries: whole.map(({ to }) => to).map(rangeEntries(seen)),
    memoryBytes: whole.map(({ to }) => before.memory.used + grown(to)),
    completed: whole.map(({ to }) => to.completed),
  };
}

/** Smallest difference to what was asked for that tc's own rounding cannot explain: it counts in clock ticks. */
const ROUNDING = 0.01;

/** Notes on shapers that are not what the scenario asked for. */
export function shaperNotes(scenario: Scenario, range: Range, shapers: ReadonlyMap<string, ShaperState>): string[] {
  return (['up', 'down'] as const).flatMap((side) => {
    const name = side === 'up' ? vnodeInterface : hostInterface;
    const changed = new Set((scenario.changes ?? []).flatMap((change) => (change[side] ? [change.vnode] : [])));
    const wrong = range.vnodes.filter((vnode) => {
      const { index } = vnode;
      const asked = tokenBucket(scenario, side, vnode);
      if (!asked || changed.has(vnode.name)) return false;
      const got = shapers.get(name(range.run, index))?.bucket;
      return (
        !got ||
        (['rate', 'burst', 'queue'] as const).some((key) => Math.abs(got[key] - asked[key]) > ROUNDING * asked[key] + 2)
      );
    });
    return wrong.length > 0 ? [`${wrong.length} vnodes have another token bucket ${side} than asked`] : [];
  });
}
