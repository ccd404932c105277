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
/** Seconds after which a flood that nobody stopped ends by itself. */
const FLOOD_BOUND = 600;
/** Milliseconds for a flood to be up. */
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

/** What one slice of a phase found. */
export interface Slice {
  /** Seconds by sequence number. */
  readonly raw: ReadonlyMap<number, number>;
  /** Of a slice with probes. */
  readonly traced?: readonly Traversal[] | undefined;
}

/** Each traced request's round trip less the containers' shares of it. */
export function phaseOf(under: boolean, slices: readonly Slice[]): LatencyPhase {
  const raw = summary(slices.flatMap((slice) => [...slice.raw.values()]));
  if (slices.every(({ traced }) => traced === undefined)) return { flood: under, raw, probed: null };
  const matched = slices.flatMap((slice) =>
    (slice.traced ?? [])
      .filter(({ sequence }) => slice.raw.has(sequence))
      .map((one) => ({ ...one, raw: slice.raw.get(one.sequence) as number })),
  );
  const share = (of: (one: Traversal) => number) => summary(matched.map((one) => of(one) / 1e9));
  return {
    flood: under,
    raw,
    probed: {
      egress: share((one) => one.egress),
      remote: share((one) => one.remote),
      ingress: share((one) => one.ingress),
      corrected: summary(matched.map((one) => one.raw - (one.egress + one.remote + one.ingress) / 1e9)),
      coverage: raw.samples > 0 ? matched.length / raw.samples : 0,
    },
  };
}

/**
 * Without and with probes in turn, and turned round every other time, so that what a machine does for a few seconds is
 * not taken for the probes.
 */
const TURNS = [false, true, true, false, false, true, true, false];

export function latency(workload: LatencyWorkload): Workload {
  const slices = TURNS.length / 2;
  /** Of one slice, ns and requests. */
  const duration = workload.duration / slices;
  const count = Math.max(1, Math.round(duration / workload.interval));
  const phases: LatencyPhase[] = [];
  let measured = 0;
  let folder: string;
  let barrier: ReturnType<typeof createBarrier>;

  const measure = async (range: Range, traced: boolean, signal: AbortSignal): Promise<Slice> => {
    const [prober, other] = range.vnodes as [Vnode, Vnode];
    const { shell, run } = range;
    await barrier.close(shell);
    const file = `${folder}/ping-${measured++}`;
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
    await pause(duration / 1e6, undefined, { signal });
    for (let i = 0; i < 100 && !readFileSync(file, 'utf8').includes('ping statistics'); i++)
      await pause(100, undefined, { signal });
    return {
      raw: roundTrips(readFileSync(file, 'utf8')),
      traced: trace && traversals((await trace.stop()).stdout),
    };
  };

  const untilQuiet = async (range: Range) => {
    const busy = (vnode: Vnode) => programsOf(vnode).length > 0;
    for (let i = 0; i < 300 && range.vnodes.some(busy); i++) await pause(100);
  };

  const flooders = ({ vnodes }: Range) => vnodes.filter(({ role, index }) => role === 'client' && index > 0);

  const startFloods = async (range: Range, signal: AbortSignal) => {
    await inParallel(flooders(range), range.atOnce, (vnode) =>
      launchIn(range, vnode, flood((range.vnodes[vnode.partner as number] as Vnode).address, FLOOD_BOUND)),
    );
    await pause(SETTLE, undefined, { signal });
  };

  /** Before its time, and waited for. */
  const stopFloods = async (range: Range) => {
    const floods = flooders(range).flatMap(programsOf);
    // One that ended meanwhile is no fault.
    await range.shell.attempt({ program: 'kill', args: ['-INT', ...floods.map(String)] });
    await untilQuiet(range);
  };

  return {
    async prepare(shared) {
      folder = shared;
      barrier = createBarrier(shared);
    },
    shared: () => [barrier.shared],
    async ready() {},
    async run(range, _clock, signal) {
      for (const under of [false, true]) {
        if (under) await startFloods(range, signal);
        const found: Slice[] = [];
        for (const traced of TURNS) found.push(await measure(range, traced, signal));
        if (under) await stopFloods(range);
        const plain = found.filter(({ traced }) => !traced);
        const probed = found.filter(({ traced }) => traced);
        phases.push(phaseOf(under, plain), phaseOf(under, probed));
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
