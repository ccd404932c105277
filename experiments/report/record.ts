// The report of a run record, simulated or emulated.

import { quantile } from '../../calibration/index.js';
import type { HostRecord, RunRecord, VnodeRecord } from '../../models/index.js';
import { recordSchema } from '../record-schema.js';
import { usedIn } from '../saturation.js';
import { count, percent, plural, scaled, time } from '../wording.js';
import { distribution, overTime } from './charts.js';
import type { ReportKind } from './kind.js';
import type { Block, NamedTable, Report, Section } from './report.js';
import { NOT_TOLD, resourcePicture, resourceTable } from './resources.js';

const KINDS = ['softirq', 'application', 'switching', 'wakeup', 'background'] as const;

const completionOf = ({ role, completedAt, startedAt }: VnodeRecord): number[] =>
  role === 'leecher' && completedAt !== null ? [completedAt - (startedAt ?? 0)] : [];

function answer({ scenario, hosts, totals, world, vnodes }: RunRecord): string {
  const on = hosts.reduce((sum, host) => sum + host.vnodes, 0);
  const lost = vnodes.filter(({ alive }) => !alive).length;
  const [host] = hosts;
  const rate = totals.virtualSeconds > 0 ? totals.payloadBytes / totals.virtualSeconds : 0;
  const busy = host ? `, ${host.cpu.takenPercent.toFixed(0)} % of ${host.cores * 100} % CPU taken` : '';
  const done =
    totals.completed + totals.unfinished > 0
      ? `${count(totals.completed)} of ${count(totals.completed + totals.unfinished)} done`
      : `${scaled(rate, 'B/s')} of payload`;
  return `${scenario.name}: ${plural(on, 'vnode')} on ${plural(hosts.length, 'host')} for ${time(totals.virtualSeconds)}, ${world}: ${done}${busy}${lost > 0 ? `, ${plural(lost, 'vnode')} lost` : ''}.`;
}

function seriesSection({ series, hosts }: RunRecord): Section {
  const { intervalSeconds, payloadBytes, takenCpuPercentByKind: kinds } = series;
  const [host] = hosts;
  const whole = 100 * (host?.cores ?? 1);
  const rates = payloadBytes.map((total, i) => (8 * (total - (payloadBytes[i - 1] ?? 0))) / intervalSeconds / 1e6);
  const peak = (values: readonly number[]) => values.reduce((most, value) => Math.max(most, value), 0);
  const blocks: Block[] = [];
  if (payloadBytes.length === 0) return { title: 'Over time', blocks };
  if (peak(rates) > 0)
    blocks.push(
      overTime({
        id: 'payload',
        title: 'Payload delivered',
        text: `${scaled(peak(rates) * 1e6, 'bit/s')} at the peak.`,
        axis: 'Mbit/s',
        curves: [{ name: 'payload (Mbit/s)', values: rates }],
        intervalSeconds,
      }),
    );
  const reported = peak(series.reportedCpuPercent);
  blocks.push(
    overTime({
      id: 'cpu',
      title: kinds ? 'CPU by kind of work, on the first host' : 'CPU, on the first host',
      text: `As the kernel reports it, ${reported.toFixed(0)} % of ${whole} % at the peak.`,
      axis: '% of one core',
      curves: kinds
        ? KINDS.map((kind) => ({ name: kind, values: kinds[kind] }))
        : [
            { name: 'taken', values: series.takenCpuPercent },
            { name: 'reported', values: series.reportedCpuPercent },
          ],
      intervalSeconds,
      stacked: kinds !== undefined,
      ...(reported > whole / 3 ? { level: { name: `${whole} %: all cores`, value: whole } } : {}),
    }),
  );
  if (host) blocks.push(...memoryOverTime(series, host));
  if (peak(series.completed) > 0)
    blocks.push(
      overTime({
        id: 'completed',
        title: 'Downloads complete',
        text: `${count(peak(series.completed))} in the end.`,
        ...{ axis: 'vnodes', counts: true },
        curves: [{ name: 'complete', values: series.completed }],
        intervalSeconds,
      }),
    );
  return { title: 'Over time', blocks };
}

function memoryOverTime(
  { memoryBytes, neighbourEntries, intervalSeconds }: RunRecord['series'],
  host: HostRecord,
): Block[] {
  const { memory, neighbours } = host;
  const blocks: Block[] = [
    overTime({
      id: 'memory',
      title: 'Memory, on the first host',
      text: `${scaled(memory.used, 'B')} of ${scaled(memory.total, 'B')} at the peak: ${scaled(memory.host, 'B')} the host's own, ${scaled(memory.kernel, 'B')} the kernel's for containers, ${scaled(memory.containers, 'B')} in containers.`,
      axis: 'MB',
      curves: [{ name: 'used (MB)', values: memoryBytes.map((bytes) => bytes / 1e6) }],
      intervalSeconds,
      ...(memory.used > memory.total / 3
        ? { level: { name: `${scaled(memory.total, 'B')}: all there is`, value: memory.total / 1e6 } }
        : {}),
    }),
  ];
  if (neighbours.peakEntries > 0)
    blocks.push(
      overTime({
        id: 'neighbours',
        title: 'Neighbour table, on the first host',
        text: `${count(neighbours.peakEntries)} entries at the peak${neighbours.threshold > 0 ? ` of ${count(neighbours.threshold)}` : ''}, ${count(neighbours.refused)} refused.`,
        ...{ axis: 'entries', counts: true },
        curves: [{ name: 'entries', values: neighbourEntries }],
        intervalSeconds,
        ...(neighbours.threshold > 0 && neighbours.peakEntries > neighbours.threshold / 3
          ? { level: { name: `gc_thresh3: ${count(neighbours.threshold)}`, value: neighbours.threshold } }
          : {}),
      }),
    );
  return blocks;
}

function distributionsSection({ vnodes }: RunRecord): Section {
  const blocks: Block[] = [];
  const add = (id: string, title: string, axis: string, values: readonly number[], unit: (value: number) => string) => {
    if (values.length === 0) return;
    const sorted = [...values].sort((a, b) => a - b);
    const at = (share: number) => quantile(sorted, share);
    const curves = [{ name: title.toLowerCase(), quantile: at }];
    const text =
      values.length === 1
        ? `One vnode: ${unit(at(0))}.`
        : `Of ${count(values.length)} vnodes the slowest 5 % are beyond ${unit(at(id === 'goodput' ? 0.05 : 0.95))}; the median is ${unit(at(0.5))}.`;
    blocks.push(distribution({ id, title, text, axis, curves }));
  };
  const perSecond = (value: number) => scaled(value * 1e6, 'bit/s');
  add('completion', 'Completion time', 'seconds from the start', vnodes.flatMap(completionOf), time);
  add(
    'goodput',
    'Goodput',
    'Mbit/s',
    vnodes.flatMap(({ goodput }) => (goodput === null ? [] : [goodput / 1e6])),
    perSecond,
  );
  add(
    'rtt',
    'Round-trip time, 99th percentile of each vnode',
    'ms',
    vnodes.flatMap(({ rtt }) => (rtt ? [rtt.p99 * 1000] : [])),
    (value) => time(value / 1000),
  );
  return { title: 'Over vnodes', blocks };
}

function hostsSection(record: RunRecord): Section {
  const { hosts, totals } = record;
  const resources = usedIn(record);
  const where = hosts.length > 1 ? 'of each resource the fullest host' : `on ${hosts[0]?.host ?? 'no host'}`;
  const table: NamedTable = {
    kind: 'table',
    id: 'hosts',
    title: 'Hosts',
    columns: [
      ...['host', 'vnodes', 'cores', 'CPU taken (%)', ...KINDS.map((kind) => `${kind} (%)`), 'CPU reported (%)'],
      ...['switches/s', 'memory (MB)', 'neighbours', 'refused', 'dropped', 'set-up (s)'],
    ],
    rows: hosts.map(({ host, vnodes, cores, cpu, memory, neighbours, drops, contextSwitches, setupSeconds }) => [
      ...[host, vnodes, cores, cpu.takenPercent],
      ...KINDS.map((kind) => (100 * cpu.seconds[kind]) / totals.virtualSeconds),
      ...[cpu.reportedPercent, contextSwitches / totals.virtualSeconds, memory.used / 1e6],
      ...[neighbours.peakEntries, neighbours.refused, Object.values(drops).reduce((sum, packets) => sum + packets, 0)],
      setupSeconds,
    ]),
  };
  return {
    title: 'What saturates, and what does not',
    blocks: [
      resourcePicture(`In use, ${where}`, resources),
      resourceTable(resources),
      { kind: 'paragraph', text: NOT_TOLD },
      table,
    ],
  };
}

function vnodesSection({ vnodes }: RunRecord): Section {
  return {
    title: 'Every vnode',
    blocks: [
      {
        kind: 'table',
        id: 'vnodes',
        title: 'Vnodes',
        columns: [
          ...['vnode', 'role', 'host', 'goodput (bit/s)', 'completed (s)', 'received (B)', 'sent (B)'],
          ...['RTT p99 (s)', 'packets', 'sent again', 'lost unasked', 'CPU (s)', 'alive'],
        ],
        rows: vnodes.map((vnode) => [
          ...[vnode.vnode, vnode.role, vnode.host, vnode.goodput, vnode.completedAt, vnode.received, vnode.sent],
          ...[
            vnode.rtt?.p99 ?? null,
            vnode.packetsSent,
            vnode.retransmitted,
            vnode.unexpectedLosses,
            vnode.cpuSeconds,
            vnode.alive,
          ],
        ]),
      },
    ],
  };
}

function latencySection({ latency }: RunRecord): Section[] {
  if (!latency) return [];
  return [
    {
      title: 'Latency',
      blocks: [
        {
          kind: 'table',
          id: 'latency',
          title: 'Echo requests of the measured pair',
          columns: ['under flood', 'probes', 'p50 (s)', 'p95 (s)', 'p99 (s)', 'requests', 'network alone, p50 (s)'],
          rows: latency.phases.map(({ flood, raw, probed }) => [
            ...[flood, probed !== null, raw.p50, raw.p95, raw.p99, raw.samples],
            probed?.corrected.p50 ?? null,
          ]),
        },
      ],
    },
  ];
}

function provenanceSection({ provenance, seed, digest, totals, disturbed }: RunRecord): Section {
  const { packetsSent, packetsDelivered, packetsDropped, packetsInFlight } = totals;
  const facts: (readonly [string, string])[] = [
    ['Host', `${provenance.host} (${provenance.technology}, ${provenance.kernel}), costs ${provenance.source}`],
    ['Seed', seed],
    ['Model', `version ${provenance.version}`],
    [
      'Packets',
      `${count(packetsSent)} sent: ${count(packetsDelivered)} delivered, ${count(packetsDropped)} dropped (${percent(packetsDropped / Math.max(1, packetsSent), 2)}), ${count(packetsInFlight)} still on their way`,
    ],
    ...(digest === null ? [] : [['Digest', `${digest}, ${count(totals.events)} events`] as const]),
    ...provenance.notes.map((note) => ['Note', note] as const),
    ...disturbed.map((why) => ['Disturbed', why] as const),
  ];
  return { title: 'Where the numbers come from', blocks: [{ kind: 'facts', facts }] };
}

function report(record: RunRecord): Report {
  return {
    of: 'record',
    title: `Run of ${record.scenario.name}, ${record.world}`,
    answer: answer(record),
    good: record.vnodes.every(({ alive }) => alive) ? null : false,
    warnings: record.disturbed,
    sections: [
      hostsSection(record),
      seriesSection(record),
      ...latencySection(record),
      distributionsSection(record),
      vnodesSection(record),
      provenanceSection(record),
    ].filter(({ blocks }) => blocks.length > 0),
    command: record.provenance.command ?? null,
  };
}

export const recordKind: ReportKind = {
  kind: 'record',
  schema: recordSchema,
  report: (document) => report(document as RunRecord),
};
