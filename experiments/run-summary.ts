// A run record as people read it: who, how long, how fast, what it cost, what was lost.

import { createColors } from 'picocolors';
import { quantile, standardDeviation } from '../calibration/index.js';
import type { CoreRecord, HostRecord, RunRecord } from '../models/index.js';
import { table } from './table.js';
import { count, scaled } from './wording.js';

/** More hosts than these are only counted. */
const SHOWN_HOSTS = 5;
const BARS = '▁▂▃▄▅▆▇█';
const LINE_WIDTH = 60;

const fixed = (value: number, places = 1): string => value.toFixed(places);
const seconds = (value: number): string => (value < 1 ? `${fixed(value * 1000, 2)} ms` : `${fixed(value)} s`);

/** One character for each stretch of time: its mean, between nothing and the highest. */
function sparkline(values: readonly number[]): string {
  const width = Math.min(LINE_WIDTH, values.length);
  const means = Array.from({ length: width }, (_, i) => {
    const part = values.slice(Math.floor((i * values.length) / width), Math.floor(((i + 1) * values.length) / width));
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });
  const most = Math.max(...means, 0);
  return means.map((value) => BARS[most > 0 ? Math.min(7, Math.floor((value / most) * 8)) : 0]).join('');
}

/** Growth of a running total, per second. */
const rates = (totals: readonly number[], interval: number): number[] =>
  totals.map((total, i) => (total - (totals[i - 1] ?? 0)) / interval);

function seriesRows({ series }: RunRecord): string[][] {
  const { intervalSeconds: interval, payloadBytes, reportedCpuPercent, neighbourEntries } = series;
  const throughput = rates(payloadBytes, interval);
  const row = (name: string, values: readonly number[], most: string) =>
    values.some((value) => value > 0) ? [[name, sparkline(values), `at most ${most}`]] : [];
  return [
    ...row('throughput', throughput, scaled(Math.max(...throughput, 0), 'B/s')),
    ...row('CPU', reportedCpuPercent, `${fixed(Math.max(...reportedCpuPercent, 0))} %`),
    ...row('neighbours', neighbourEntries, count(Math.max(...neighbourEntries, 0))),
  ];
}

function vnodeRows({ vnodes, totals }: RunRecord): string[][] {
  const spread = (values: readonly number[], unit: (value: number) => string) =>
    `p5 ${unit(quantile(values, 0.05))}, median ${unit(quantile(values, 0.5))}, p95 ${unit(quantile(values, 0.95))}`;
  const rows: string[][] = [];
  const goodputs = vnodes.flatMap(({ goodput }) => goodput ?? []);
  if (goodputs.length > 0) rows.push(['goodput', spread(goodputs, (value) => scaled(value, 'bit/s'))]);
  const times = vnodes.flatMap((v) =>
    v.role === 'leecher' && v.completedAt !== null ? v.completedAt - (v.startedAt ?? 0) : [],
  );
  if (totals.completed + totals.unfinished > 0)
    rows.push(['completed', `${totals.completed} of ${totals.completed + totals.unfinished}`]);
  if (times.length > 0) {
    const mean = times.reduce((sum, value) => sum + value, 0) / times.length;
    const [sd, p95] = [standardDeviation(times), quantile(times, 0.95)];
    rows.push(['completion', `mean ${seconds(mean)}, sd ${seconds(sd)}, p95 ${seconds(p95)}`]);
  }
  const waits = vnodes.flatMap(({ responses }) => (responses ? [responses.mean] : []));
  if (waits.length > 0) rows.push(['until an answer', spread(waits, seconds)]);
  const works = vnodes.flatMap(({ workPerSecond }) => workPerSecond ?? []);
  for (const work of works) rows.push(['victim', `${count(work)} units of work a second`]);
  const delays = vnodes.flatMap(({ rtt }) => (rtt ? [rtt.p99] : []));
  if (delays.length > 0) rows.push(['RTT p99', spread(delays, seconds)]);
  const losses = vnodes.reduce((sum, v) => sum + v.unexpectedLosses, 0);
  const again = vnodes.reduce((sum, v) => sum + v.retransmitted, 0);
  rows.push(['packets', `${count(totals.packetsSent)} sent, ${count(again)} again, ${count(losses)} lost unasked`]);
  const lost = vnodes.filter(({ alive }) => !alive).length;
  if (lost > 0) rows.push(['lost vnodes', `${lost}: no memory for them`]);
  return rows;
}

function overlayRows({ overlay, vnodes }: RunRecord): string[][] {
  if (!overlay || overlay.queries === 0) return [];
  const { queries, reached, duplicates, hits, messages } = overlay;
  const each = reached.reduce((sum, vnodesReached) => sum + vnodesReached, 0) / queries;
  return [
    [
      'queries',
      `${count(queries)}, each to ${count(each)} of ${count(vnodes.length - 1)} others, ${count(hits)} answers`,
    ],
    ['messages', `${count(messages)}, of which ${count(duplicates)} were heard before`],
  ];
}

function hostRows(host: HostRecord, virtualSeconds: number): string[][] {
  const { cpu, memory, neighbours, drops } = host;
  const kinds = Object.entries(cpu.seconds)
    .filter(([, value]) => value > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([kind, value]) => `${kind} ${fixed((100 * value) / virtualSeconds)}`);
  const taken = `${fixed(cpu.takenPercent)} % taken of ${host.cores * 100} %`;
  const reported = `${fixed(cpu.reportedPercent)} % reported, peak ${fixed(cpu.peakReportedPercent)} %`;
  const refused = neighbours.refused > 0 ? `, ${count(neighbours.refused)} pairs refused` : '';
  // A table without a limit has no threshold that JSON could hold.
  const threshold = Number.isFinite(neighbours.threshold) ? ` of ${count(neighbours.threshold)}` : '';
  const dropped = Object.entries(drops).filter(([, packets]) => packets > 0);
  return [
    ['CPU', `${taken}, ${reported}`],
    ['', kinds.length > 0 ? `${kinds.join(', ')} (%)` : 'idle'],
    ['switches', `${count(host.contextSwitches / virtualSeconds)} a second`],
    ['memory', `${scaled(memory.used, 'B')} of ${scaled(memory.total, 'B')}`],
    ['neighbours', `${count(neighbours.peakEntries)}${threshold}${refused}`],
    ['drops', dropped.length > 0 ? dropped.map(([reason, n]) => `${reason} ${count(n)}`).join(', ') : 'none'],
    ['set-up', seconds(host.setupSeconds)],
  ];
}

function coreRow(core: CoreRecord, index: number, virtualSeconds: number): string[] {
  const { cpuPercent, received, moved, physicalDrops, crossings, detours, lateness } = core;
  return [
    `core ${index + 1}`,
    `CPU ${fixed(cpuPercent)} %, ${count(received / virtualSeconds)} frames a second in, ${count(moved / virtualSeconds)} moved`,
    `${count(crossings + detours)} to other cores, ${count(physicalDrops)} lost at the NIC, late by at most ${seconds(lateness.most)} a hop`,
  ];
}

/** The whole summary. `color`: with escape codes. */
export function runSummary(record: RunRecord, color: boolean): string {
  const { bold, dim } = createColors(color);
  const { scenario, hosts, totals, provenance, seed } = record;
  const vnodes = hosts.reduce((sum, host) => sum + host.vnodes, 0);
  const on = `${hosts.length} ${provenance.host} ${hosts.length === 1 ? 'host' : 'hosts'}`;
  const rate = totals.virtualSeconds > 0 ? totals.payloadBytes / totals.virtualSeconds : 0;
  const lines = [
    `${bold(`${scenario.name}: ${count(vnodes)} vnodes on ${on}, ${fixed(totals.virtualSeconds)} s ${record.world}`)}\n`,
    dim(`${provenance.technology}, ${provenance.kernel}, seed ${seed}, costs ${provenance.source}\n`),
    `\n${table([['payload', `${scaled(totals.payloadBytes, 'B')}, ${scaled(rate, 'B/s')} on average`], ...vnodeRows(record), ...overlayRows(record)], '  ')}`,
  ];
  for (const host of hosts.slice(0, SHOWN_HOSTS))
    lines.push(`\n${host.host}: ${count(host.vnodes)} vnodes\n${table(hostRows(host, totals.virtualSeconds), '  ')}`);
  if (hosts.length > SHOWN_HOSTS) lines.push(`\n  and ${hosts.length - SHOWN_HOSTS} more hosts\n`);
  const cores = (record.cores ?? []).map((core, i) => coreRow(core, i, totals.virtualSeconds));
  if (cores.length > 0) lines.push(`\n${table(cores)}`);
  const series = seriesRows(record);
  if (series.length > 0) lines.push(`\n${table(series, '  ')}`);
  if (record.digest !== null) lines.push(dim(`\ndigest ${record.digest}, ${count(totals.events)} events\n`));
  return lines.join('');
}
