// The star against ns-3: pairs of vnodes, each on a link of its own, and in every pair the client sends a file over TCP.
// Ideal hosts on both sides, the same rates, delays, queues and TCP.

import { performance } from 'node:perf_hooks';
import {
  type Host,
  hostCatalogue,
  idealHost,
  kernels,
  resolveHost,
  type Scenario,
  scenarioSchema,
} from '../../models/index.js';
import { simulate } from '../../sim/index.js';

export interface StarJob {
  readonly name: string;
  readonly pairs: number;
  /** That each pair sends. */
  readonly bytes: number;
}

export const starJobs: readonly StarJob[] = [
  { name: 'star-20', pairs: 20, bytes: 2_000_000 },
  { name: 'star-200', pairs: 200, bytes: 1_000_000 },
  { name: 'star-2000', pairs: 2000, bytes: 1_000_000 },
];

/** Links of both sides: 100 packets are 100 full frames. */
const RATE = '10Mbit/s';
const DELAY = '5ms';
const FRAME = 1514;
const QUEUE_FRAMES = 100;

export interface StarFigures {
  readonly hopsPerSecond: number;
  readonly eventsPerSecond: number;
  readonly packetHops: number;
  readonly meanCompletionSeconds: number;
  /** Of the median sample. */
  readonly wallSeconds: number;
}

const SAMPLES = 5;
/** A sample repeats the run until it has lasted this long. */
const SAMPLE_SECONDS = 2;

/**
 * The TCP that ns-3 has, too: CUBIC, SACK, a first window of 10, a delayed acknowledgement of 2 segments or 40 ms, a
 * minimum RTO of 200 ms; no super-packets, no small queues, no RACK.
 */
function comparableHost(): Host {
  const ideal = idealHost(resolveHost(hostCatalogue.pc3000, undefined, 'raised'));
  const { initialWindow, receiveWindow, minimumRto, delayedAck } = kernels['linux-6.1'];
  return { ...ideal, kernel: { ...kernels['linux-2.6.32'], initialWindow, receiveWindow, minimumRto, delayedAck } };
}

function starScenario({ pairs, bytes }: StarJob): Scenario {
  return scenarioSchema.parse({
    name: 'star',
    workload: { kind: 'pairs', pairs, bytes: `${bytes}B`, duration: '60s' },
    link: { up: RATE, down: RATE, delay: DELAY, burst: `${FRAME}B`, queue: `${QUEUE_FRAMES * FRAME}B` },
  });
}

/** Warmed by as much as is measured, then the median of five samples. Assembling each run counts. */
export function measureStar(job: StarJob): StarFigures {
  const host = comparableHost();
  const scenario = starScenario(job);
  sample(scenario, host);
  const sorted = Array.from({ length: SAMPLES }, () => sample(scenario, host)).sort(
    (a, b) => a.hopsPerSecond - b.hopsPerSecond,
  );
  return sorted[(SAMPLES - 1) / 2];
}

function sample(scenario: Scenario, host: Host): StarFigures {
  const start = performance.now();
  let packetHops = 0;
  let events = 0;
  let wallSeconds = 0;
  let record = simulate(scenario, host, '1');
  for (;;) {
    packetHops += record.totals.packetHops;
    events += record.totals.events;
    wallSeconds = (performance.now() - start) / 1000;
    if (wallSeconds >= SAMPLE_SECONDS) break;
    record = simulate(scenario, host, '1');
  }
  if (record.totals.unfinished > 0) throw new Error(`${record.totals.unfinished} pairs did not finish`);
  let sum = 0;
  for (const { role, completedAt, startedAt } of record.vnodes)
    if (role === 'server') sum += (completedAt as number) - (startedAt as number);
  return {
    hopsPerSecond: Math.round(packetHops / wallSeconds),
    eventsPerSecond: Math.round(events / wallSeconds),
    packetHops,
    meanCompletionSeconds: sum / record.totals.completed,
    wallSeconds,
  };
}
