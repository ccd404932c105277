// The schema of a run record, for readers outside this program; the compiler holds it to the type it describes.

import { z } from 'zod';
import { type RunRecord, scenarioSchema } from '../models/index.js';

const number = z.number();
const count = z.int().nonnegative();
const row = z.array(number);

const measurement = z.strictObject({
  sampled: z.strictObject({ user: number, system: number, irq: number, softirq: number, steal: number }),
  soaked: number.nullable(),
  monitor: number,
  foreign: number,
  interrupts: number,
  softnet: z.strictObject({ dropped: number, squeezed: number }),
  memory: z.strictObject({
    anonymous: number,
    shared: number,
    slab: number,
    kernelStacks: number,
    pageTables: number,
    perCpu: number,
    perContainer: z.strictObject({ total: number, anonymous: number, kernel: number }),
  }),
  setup: z.strictObject({
    seconds: number,
    perContainer: z.strictObject({ mean: number, max: number }),
    atOnce: number,
    teardownSeconds: number,
  }),
  pinned: z.strictObject({
    congestionControl: z.string(),
    superPackets: z.boolean(),
    up: z.strictObject({ rate: number, burst: number, queue: number }).nullable(),
    down: z.strictObject({ rate: number, burst: number, queue: number }).nullable(),
    neighbourThresholds: z.tuple([number, number, number]),
  }),
});

const host = z.strictObject({
  host: z.string(),
  cores: number,
  vnodes: count,
  cpu: z.strictObject({
    seconds: z.strictObject({
      softirq: number,
      application: number,
      switching: number,
      wakeup: number,
      background: number,
    }),
    takenPercent: number,
    reportedPercent: number,
    peakReportedPercent: number,
  }),
  contextSwitches: number,
  wakeups: number,
  memory: z.strictObject({ total: number, used: number, host: number, kernel: number, containers: number }),
  disk: z.strictObject({ base: number, containers: number }),
  processes: number,
  setupSeconds: number,
  neighbours: z.strictObject({ peakEntries: count, threshold: number, refused: count, overflows: count }),
  packets: z.strictObject({ forwarded: count, broadcasts: count }),
  bytes: z.strictObject({ forwarded: number, local: number, remoteOut: number, remoteIn: number }),
  drops: z.record(z.string(), count),
  measured: measurement.exactOptional(),
});

const vnode = z.strictObject({
  vnode: z.string(),
  role: z.enum(['tracker', 'seeder', 'leecher', 'client', 'server', 'idle', 'busy']),
  host: z.string(),
  sent: number,
  received: number,
  wireSent: number,
  wireReceived: number,
  startedAt: number.nullable(),
  completedAt: number.nullable(),
  leftAt: number.exactOptional(),
  milestones: row,
  goodput: number.nullable(),
  rtt: z.strictObject({ p50: number, p99: number, samples: count }).nullable(),
  packetsSent: count,
  retransmitted: count,
  unexpectedLosses: count,
  cpuSeconds: number,
  responses: z.strictObject({ count, mean: number, p50: number, p99: number }).nullable().exactOptional(),
  workPerSecond: number.exactOptional(),
  alive: z.boolean(),
  counted: z.strictObject({ sent: number, received: number }).exactOptional(),
  neighboursRefused: number.nullable().exactOptional(),
  connectedTo: z.array(z.string()).exactOptional(),
});

const summary = z.strictObject({ p50: number, p95: number, p99: number, samples: count });

const latency = z.strictObject({
  phases: z.array(
    z.strictObject({
      flood: z.boolean(),
      raw: summary,
      probed: z
        .strictObject({ egress: summary, remote: summary, ingress: summary, corrected: summary, coverage: number })
        .nullable(),
    }),
  ),
  perturbation: z.strictObject({ rest: number, flood: number }),
});

const core = z.strictObject({
  cpuPercent: number,
  received: count,
  moved: count,
  physicalDrops: count,
  crossings: count,
  detours: count,
  lateness: z.strictObject({ mean: number, most: number }),
});

export const recordSchema: z.ZodType<unknown, RunRecord> = z.strictObject({
  format: z.literal('rangefit/record'),
  formatVersion: z.literal(1),
  world: z.enum(['simulated', 'emulated']),
  scenario: scenarioSchema,
  seed: z.string(),
  hosts: z.array(host),
  vnodes: z.array(vnode),
  series: z.strictObject({
    intervalSeconds: number,
    payloadBytes: row,
    reportedCpuPercent: row,
    takenCpuPercent: row,
    takenCpuPercentByKind: z
      .strictObject({ softirq: row, application: row, switching: row, wakeup: row, background: row })
      .exactOptional(),
    neighbourEntries: row,
    memoryBytes: row,
    completed: row,
  }),
  totals: z.strictObject({
    virtualSeconds: number,
    payloadBytes: number,
    packetsSent: count,
    packetsDelivered: count,
    packetsDropped: count,
    packetsInFlight: count,
    completed: count,
    unfinished: count,
    events: count,
    packetHops: count,
  }),
  digest: z.string().nullable(),
  provenance: z.strictObject({
    version: z.string(),
    host: z.string(),
    technology: z.string(),
    kernel: z.string(),
    source: z.enum(['measured', 'published', 'assumed', 'default']),
    notes: z.array(z.string()),
    command: z.string().exactOptional(),
  }),
  cores: z.array(core).exactOptional(),
  overlay: z
    .strictObject({
      queries: count,
      reached: z.array(number),
      duplicates: count,
      hits: count,
      messages: count,
      linkRtts: z.array(z.strictObject({ seconds: number, rtt: number })),
    })
    .exactOptional(),
  latency: latency.exactOptional(),
  disturbed: z.array(z.string()),
});
