// A run record in Prometheus' text exposition format, version 0.0.4.

import type { RunRecord } from '../../models/index.js';

type Labels = Readonly<Record<string, string>>;
type Sample = readonly [Labels, number | null];

const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

/** Nothing where there is no sample. */
function family(name: string, type: 'gauge' | 'counter', help: string, samples: readonly Sample[]): string {
  const lines = samples.flatMap(([labels, value]) => {
    if (value === null) return [];
    const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escaped(text)}"`);
    return [`${name}{${pairs.join(',')}} ${value}\n`];
  });
  return lines.length === 0 ? '' : `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

/** Totals of the run; time series are in the record. */
export function prometheus({ scenario, world, hosts, vnodes, totals, seed }: RunRecord): string {
  const run: Labels = { scenario: scenario.name, world, seed };
  const ofHosts = (of: (host: RunRecord['hosts'][number]) => number): Sample[] =>
    hosts.map((host) => [{ ...run, host: host.host }, of(host)]);
  const ofVnodes = (of: (vnode: RunRecord['vnodes'][number]) => number | null): Sample[] =>
    vnodes.map((vnode) => [{ ...run, host: vnode.host, vnode: vnode.vnode, role: vnode.role }, of(vnode)]);
  const byHost = <T>(of: (host: RunRecord['hosts'][number]) => Readonly<Record<string, T>>, key: string) =>
    hosts.flatMap((host) =>
      Object.entries(of(host)).map(
        ([kind, value]): Sample => [{ ...run, host: host.host, [key]: kind }, Number(value)],
      ),
    );
  return [
    family('rangefit_run_seconds', 'gauge', 'Length of the run.', [[run, totals.virtualSeconds]]),
    family('rangefit_payload_bytes_total', 'counter', 'Payload that arrived.', [[run, totals.payloadBytes]]),
    family('rangefit_packets_total', 'counter', 'Packets by what became of them.', [
      [{ ...run, state: 'delivered' }, totals.packetsDelivered],
      [{ ...run, state: 'dropped' }, totals.packetsDropped],
      [{ ...run, state: 'in_flight' }, totals.packetsInFlight],
    ]),
    family('rangefit_peers', 'gauge', 'Peers by whether their download is complete.', [
      [{ ...run, state: 'completed' }, totals.completed],
      [{ ...run, state: 'unfinished' }, totals.unfinished],
    ]),
    family(
      'rangefit_host_cores',
      'gauge',
      'CPUs of the host.',
      ofHosts(({ cores }) => cores),
    ),
    family(
      'rangefit_host_cpu_seconds_total',
      'counter',
      'CPU by kind of work.',
      byHost(({ cpu }) => ({ ...cpu.seconds }), 'kind'),
    ),
    family(
      'rangefit_host_memory_bytes',
      'gauge',
      'Memory at the peak, by part; total is all there is.',
      byHost(({ memory }) => ({ ...memory }), 'part'),
    ),
    family(
      'rangefit_host_context_switches_total',
      'counter',
      'Context switches.',
      ofHosts(({ contextSwitches }) => contextSwitches),
    ),
    family(
      'rangefit_host_neighbour_entries',
      'gauge',
      'Neighbour entries at the peak.',
      ofHosts(({ neighbours }) => neighbours.peakEntries),
    ),
    family(
      'rangefit_host_neighbour_refused_total',
      'counter',
      'Neighbour entries refused.',
      ofHosts(({ neighbours }) => neighbours.refused),
    ),
    family(
      'rangefit_host_dropped_packets_total',
      'counter',
      'Packets dropped, by reason.',
      byHost(({ drops }) => drops, 'reason'),
    ),
    family(
      'rangefit_vnode_alive',
      'gauge',
      '1: the host had room for it.',
      ofVnodes(({ alive }) => Number(alive)),
    ),
    family(
      'rangefit_vnode_goodput_bits_per_second',
      'gauge',
      'Payload over time.',
      ofVnodes(({ goodput }) => goodput),
    ),
    family(
      'rangefit_vnode_completed_seconds',
      'gauge',
      'When its download was complete.',
      ofVnodes(({ completedAt }) => completedAt),
    ),
    family(
      'rangefit_vnode_received_bytes_total',
      'counter',
      'Payload received.',
      ofVnodes(({ received }) => received),
    ),
    family(
      'rangefit_vnode_sent_bytes_total',
      'counter',
      'Payload sent.',
      ofVnodes(({ sent }) => sent),
    ),
    family(
      'rangefit_vnode_rtt_p99_seconds',
      'gauge',
      'Round-trip time, 99th percentile.',
      ofVnodes(({ rtt }) => rtt?.p99 ?? null),
    ),
    family(
      'rangefit_vnode_cpu_seconds_total',
      'counter',
      'CPU that its processes got.',
      ofVnodes(({ cpuSeconds }) => cpuSeconds),
    ),
  ].join('');
}
