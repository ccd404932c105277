// Latency: one pair is pinged, at rest and while the other pairs flood each other, without and with probes in the kernel.

import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { LatencyPhase, LatencyRecord, LatencySummary, LatencyWorkload } from '../../models/index.js';
import { startTrace } from '../bpftrace.js';
import { latencyProgram, type Traversal, traversals } from '../latency-trace.js';
import { hostInterface } from '../names.js';
import type { Range, Vnode } from '../range.js';
import { type Command, inParallel } from '../shell.js';
import { launchIn, programsOf } from '../vnode-programs.js';
import { createBarrier } from './barrier.js';
import { quantile } from './pairs.js';
import { nothingHappened, type Workload } from './workload.js';

/** Payload of flood packets: other packets than the measured ones, so that probes can tell them by length. */
const FLOOD_BYTES = 1000;
/** Seconds for a flood to be up, and to be over. */
const SETTLE = 500;

/** Numeric, user to user (not the kernel's receive stamp), in sequence. `count` requests, `interval` in seconds. Pure. */
export const probe = (target: string, count: number, interval: number): Command => ({
  program: '/usr/bin/ping',
  args: ['-n', '-U', '-c', String(count), '-i', interval.toFixed(3), '-W', '1', target],
});

/** For `seconds`. Pure. */
export const flood = (target: string, seconds: number): Command => ({
  program: '/usr/bin/ping',
  args: ['-n', '-q', '-f', '-s', String(FLOOD_BYTES), '-w', String(Math.ceil(seconds)), target],
});

/** Seconds by sequence number. */
export function roundTrips(output: string): Map<number, number> {
  const found = new Map<number, number>();
  for (const match of output.matchAll(/icmp_seq=(\d+) .*time=([\d.]+) ms/g))
    found.set(Number(match[1]), Number(match[2]) / 1000);
  return found;
}

export function summary(seconds: readonly number[]): LatencySummary {
  const sorted = [...seconds].sort((a, b) => a - b);
  if (sorted.length === 0) return { p50: 0, p95: 0, p99: 0, samples: 0 };
  return {
    p50: quantile(sorted, 0.5),
    p95: quantile(sorted, 0.95),
    p99: quantile(sorted, 0.99),
    samples: sorted.length,
  };
}

/** Each traced request's round trip less the containers' shares of it. */
export function phaseOf(
  under: boolean,
  raw: ReadonlyMap<number, number>,
  traced: readonly Traversal[] | undefined,
): LatencyPhase {
  const whole = summary([...raw.values()]);
  if (!traced) return { flood: under, raw: whole, probed: null };
  const matched = traced.filter(({ sequence }) => raw.has(sequence));
  const share = (of: (one: Traversal) => number) => summary(matched.map((one) => of(one) / 1e9));
  const corrected = matched.map(
    (one) => (raw.get(one.sequence) as number) - (one.egress + one.remote + one.ingress) / 1e9,
  );
  return {
    flood: under,
    raw: whole,
    probed: {
      egress: share((one) => one.egress),
      remote: share((one) => one.remote),
      ingress: share((one) => one.ingress),
      corrected: summary(corrected),
      coverage: raw.size > 0 ? matched.length / raw.size : 0,
    },
  };
}

export function latency(workload: LatencyWorkload): Workload {
  const count = Math.max(1, Math.round(workload.duration / workload.interval));
  const phases: LatencyPhase[] = [];
  let folder: string;
  let barrier: ReturnType<typeof createBarrier>;

  const measure = async (
    range: Range,
    traced: boolean,
    signal: AbortSignal,
  ): Promise<[Map<number, number>, Traversal[] | undefined]> => {
    const [prober, other] = range.vnodes as [Vnode, Vnode];
    const { shell, run } = range;
    await barrier.close(shell);
    const file = `${folder}/ping-${phases.length}`;
    const command = barrier.behind(probe(other.address, count, workload.interval / 1e9));
    await launchIn(range, prober, { ...command, output: file });
    // Behind the barrier it has its process id already, and the probes can be put on it alone.
    const pid = programsOf(prober).pop() as number;
    const trace = traced
      ? await startTrace(
          shell,
          range.site.journal,
          latencyProgram(pid, hostInterface(run, prober.index), hostInterface(run, other.index)),
        )
      : undefined;
    await barrier.settled();
    await barrier.open();
    await pause(workload.duration / 1e6, undefined, { signal });
    for (let i = 0; i < 100 && !readFileSync(file, 'utf8').includes('ping statistics'); i++)
      await pause(100, undefined, { signal });
    return [roundTrips(readFileSync(file, 'utf8')), trace && traversals((await trace.stop()).stdout)];
  };

  const floodFor = (range: Range, seconds: number) =>
    inParallel(
      range.vnodes.filter(({ role, index }) => role === 'client' && index > 0),
      range.atOnce,
      (vnode) => launchIn(range, vnode, flood((range.vnodes[vnode.partner as number] as Vnode).address, seconds)),
    );

  const untilQuiet = async (range: Range) => {
    const busy = (vnode: Vnode) => programsOf(vnode).length > 0;
    for (let i = 0; i < 300 && range.vnodes.some(busy); i++) await pause(100);
  };

  return {
    async prepare(shared) {
      folder = shared;
      barrier = createBarrier(shared);
    },
    shared: () => [barrier.shared],
    async ready() {},
    async run(range, _clock, signal) {
      for (const under of [false, true])
        for (const traced of [false, true]) {
          // A flood outlasts the measurement by what attaching the probes may take; it is waited for.
          if (under) {
            await floodFor(range, workload.duration / 1e9 + (traced ? 8 : 3));
            await pause(SETTLE, undefined, { signal });
          }
          phases.push(phaseOf(under, ...(await measure(range, traced, signal))));
          await untilQuiet(range);
        }
    },
    progress: () => ({ payloadBytes: 0, completed: 0, all: 0 }),
    latency(): LatencyRecord {
      const median = (under: boolean, traced: boolean) =>
        phases.find((phase) => phase.flood === under && (phase.probed !== null) === traced)?.raw.p50 ?? 0;
      const perturbation = (under: boolean) => median(under, true) - median(under, false);
      return { phases, perturbation: { rest: perturbation(false), flood: perturbation(true) } };
    },
    outcomes: async (range) => {
      const raw = phases[0]?.raw;
      return new Map(
        range.vnodes.map(({ index }) => [
          index,
          {
            ...nothingHappened,
            startedAt: 0,
            rtt: index === 0 && raw ? { p50: raw.p50, p99: raw.p99, samples: raw.samples } : null,
          },
        ]),
      );
    },
  };
}
