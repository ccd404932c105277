// The run record of a simulated run, put together from what the layers counted.

import {
  type CpuSeconds,
  diskUse,
  type HostRecord,
  type RunRecord,
  type Scenario,
  type ScenarioDocument,
  scenarioSchema,
  setupTime,
  type VnodeRecord,
} from '../models/index.js';
import type { Cores } from './cpu/index.js';
import type { Measure } from './measure.js';
import { round } from './measure.js';
import type { Network } from './network/index.js';
import type { Packets } from './packets.js';
import type { Placement } from './placement.js';
import type { RttHistogram } from './rtt-histogram.js';
import type { Simulator } from './simulator.js';
import type { Workload } from './workloads/index.js';

/** Version of the model: it changes when the same inputs give other records. */
const MODEL_VERSION = '1';

export interface RunParts {
  readonly scenario: Scenario;
  readonly seed: string;
  readonly simulator: Simulator;
  readonly packets: Packets;
  readonly cores: Cores;
  readonly network: Network;
  readonly placement: Placement;
  readonly workload: Workload;
  readonly measure: Measure;
  readonly rtt: RttHistogram;
  /** Segments that each vnode sent again. */
  retransmissions(): Float64Array;
}

export function runRecord(parts: RunParts): RunRecord {
  const { scenario, seed, simulator, packets, network, placement, workload, measure } = parts;
  const series = measure.series();
  const again = parts.retransmissions();
  const [host] = placement.hosts;
  return {
    format: 'rangefit/record',
    formatVersion: 1,
    world: 'simulated',
    scenario: scenarioSchema.encode(scenario) as ScenarioDocument,
    seed,
    hosts: placement.hosts.flatMap((_, index) => (placement.recorded[index] ? [hostRecord(parts, index)] : [])),
    vnodes: placement.hostOf.flatMap((on, vnode) =>
      placement.recorded[on] ? [vnodeRecord(parts, vnode, again[vnode])] : [],
    ),
    series,
    totals: {
      virtualSeconds: simulator.now / 1e9,
      payloadBytes: workload.payloadDelivered,
      packetsSent: packets.sent,
      packetsDelivered: packets.delivered,
      packetsDropped: packets.dropped,
      packetsInFlight: packets.inFlight,
      completed: workload.completed,
      unfinished: workload.unfinished,
      events: simulator.events,
      packetHops: network.packetHops(),
    },
    digest: simulator.digest(),
    provenance: {
      version: MODEL_VERSION,
      host: host.ideal ? 'ideal' : host.name,
      technology: host.technology,
      kernel: host.kernel.title,
      source: host.source,
      notes: [],
    },
    ...(workload.overlay && { overlay: workload.overlay }),
    ...(network.cores && { cores: network.cores.record(simulator.now) }),
    disturbed: [],
  };
}

function hostRecord({ simulator, cores, network, placement, workload, measure }: RunParts, index: number): HostRecord {
  const host = placement.hosts[index];
  const vnodes = placement.hostOf.flatMap((on, vnode) => (on === index ? [vnode] : []));
  const seconds: CpuSeconds = { softirq: 0, application: 0, switching: 0, wakeup: 0, background: 0 };
  let busy = 0;
  let contextSwitches = 0;
  let wakeups = 0;
  for (const core of cores.coresOf(index)) {
    busy += core.busyUntil(simulator.now);
    contextSwitches += core.contextSwitches;
    wakeups += core.wakeups;
    for (const kind of Object.keys(seconds) as (keyof CpuSeconds)[]) seconds[kind] += core.taken[kind] / 1e9;
  }
  const elapsed = simulator.now / 1e9;
  const takenSeconds = Object.values(seconds).reduce((sum, kind) => sum + kind, 0);
  const { total: used, ...parts } = measure.peakMemory[index];
  const written = vnodes.reduce((sum, vnode) => sum + workload.diskWritten(vnode), 0);
  const disk = diskUse(host, vnodes.length, written);
  const traffic = network.traffic.hosts[index];
  const table = network.resolution.tables[index];
  return {
    host: placement.hostNames[index],
    cores: host.cores,
    vnodes: vnodes.length,
    cpu: {
      seconds,
      takenPercent: round((takenSeconds / elapsed) * 100),
      reportedPercent: round((busy / simulator.now) * 100),
      peakReportedPercent: round(measure.peakReported[index]),
    },
    contextSwitches,
    wakeups,
    memory: {
      total: host.memoryBytes,
      used,
      ...parts,
    },
    disk: { base: disk.base, containers: disk.containers },
    processes: vnodes.length * host.processesPerContainer,
    setupSeconds: setupTime(host, vnodes.length) / 1e9,
    neighbours: {
      peakEntries: table?.peak ?? 0,
      threshold: Number.isFinite(host.limits.neighbours.gcThresh3) ? host.limits.neighbours.gcThresh3 : 0,
      refused: table?.refused ?? 0,
      overflows: table?.overflows ?? 0,
    },
    packets: { forwarded: traffic.forwarded, broadcasts: traffic.broadcasts },
    bytes: {
      forwarded: traffic.bytesForwarded,
      local: traffic.bytesForwarded - traffic.bytesOut - traffic.bytesIn,
      remoteOut: traffic.bytesOut,
      remoteIn: traffic.bytesIn,
    },
    drops: Object.fromEntries([...traffic.drops].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

function vnodeRecord(parts: RunParts, vnode: number, retransmitted: number): VnodeRecord {
  const { cores, network, placement, workload, measure, rtt } = parts;
  const { traffic } = network;
  const samples = rtt.count(vnode);
  return {
    vnode: placement.names[vnode],
    host: placement.hostNames[placement.hostOf[vnode]],
    ...workload.outcome(vnode),
    wireSent: traffic.wireSent[vnode],
    wireReceived: traffic.wireReceived[vnode],
    rtt:
      samples === 0
        ? null
        : { p50: (rtt.quantile(vnode, 0.5) ?? 0) / 1e9, p99: (rtt.quantile(vnode, 0.99) ?? 0) / 1e9, samples },
    packetsSent: traffic.packetsSent[vnode],
    retransmitted,
    unexpectedLosses: traffic.unexpectedLosses[vnode],
    cpuSeconds: cores.got[vnode] / 1e9,
    alive: measure.alive[vnode],
  };
}
