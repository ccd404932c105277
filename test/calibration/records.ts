// Hand-made run records: only what a test is about is given.

import type { HostRecord, RunRecord, ScenarioDocument, VnodeRecord } from '../../models/index.js';

export function vnode(differs: Partial<VnodeRecord> = {}): VnodeRecord {
  return {
    vnode: 'peer-1',
    role: 'server',
    host: 'host-1',
    sent: 0,
    received: 0,
    wireSent: 0,
    wireReceived: 0,
    startedAt: 0,
    completedAt: null,
    milestones: [],
    goodput: null,
    rtt: null,
    packetsSent: 1000,
    retransmitted: 0,
    unexpectedLosses: 0,
    cpuSeconds: 0,
    alive: true,
    ...differs,
  };
}

export function host(differs: Partial<HostRecord> = {}): HostRecord {
  const seconds = { softirq: 0, application: 0, switching: 0, wakeup: 0, background: 0 };
  return {
    host: 'host-1',
    cores: 2,
    vnodes: 2,
    cpu: { seconds, takenPercent: 50, reportedPercent: 50, peakReportedPercent: 60 },
    contextSwitches: 0,
    wakeups: 0,
    memory: { total: 1000, used: 500, host: 100, kernel: 100, containers: 300 },
    disk: { base: 0, containers: 0 },
    processes: 2,
    setupSeconds: 1,
    neighbours: { peakEntries: 10, threshold: 1024, refused: 0, overflows: 0 },
    packets: { forwarded: 0, broadcasts: 0 },
    bytes: { forwarded: 0, local: 0, remoteOut: 0, remoteIn: 0 },
    drops: {},
    ...differs,
  };
}

export const pairsScenario: ScenarioDocument = {
  name: 'test-pairs',
  workload: { kind: 'pairs', pairs: 1 },
  link: { up: '100Mbit/s' },
};

export const swarmScenario: ScenarioDocument = {
  name: 'test-swarm',
  workload: { kind: 'swarm', peers: 4, file: '32MB' },
  link: { up: '32KB/s', down: '128KB/s' },
};

export function record(differs: Partial<RunRecord> = {}): RunRecord {
  return {
    format: 'rangefit/record',
    formatVersion: 1,
    world: 'simulated',
    scenario: pairsScenario,
    seed: '1',
    hosts: [host()],
    vnodes: [],
    series: {
      intervalSeconds: 1,
      payloadBytes: [],
      reportedCpuPercent: [],
      takenCpuPercent: [],
      neighbourEntries: [],
      memoryBytes: [],
      completed: [],
    },
    totals: {
      virtualSeconds: 100,
      payloadBytes: 0,
      packetsSent: 0,
      packetsDelivered: 0,
      packetsDropped: 0,
      packetsInFlight: 0,
      completed: 0,
      unfinished: 0,
      events: 0,
      packetHops: 0,
    },
    digest: '0',
    provenance: { version: '0', host: 'test', technology: 'lxc', kernel: 'linux-6.1', source: 'assumed', notes: [] },
    disturbed: [],
    ...differs,
  };
}

/** A leecher that has had each 1/32 after the same time, `parts` of them, since its start. */
export function leecher(secondsPerPart: number, parts = 32, differs: Partial<VnodeRecord> = {}): VnodeRecord {
  const started = differs.startedAt ?? 0;
  const milestones = Array.from({ length: parts }, (_, i) => started + (i + 1) * secondsPerPart);
  return vnode({
    role: 'leecher',
    milestones,
    completedAt: parts === 32 ? (milestones[31] ?? null) : null,
    received: (32e6 * parts) / 32,
    ...differs,
  });
}
