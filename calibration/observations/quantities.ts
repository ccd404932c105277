// Reading a run record for what is observed of it: the same words for a simulated and a real run.

import type { HostRecord, RunRecord, Scenario, ScenarioDocument } from '../../models/index.js';
import { mean, quantile } from '../distribution.js';
import type { ObservedMetric } from './metric.js';

export type Quantities = Readonly<Partial<Record<ObservedMetric, number>>>;

/** Seconds in which programs start and TCP finds its rate; of a shorter run, this share. */
const STARTING = 1;
const STARTING_SHARE = 0.4;
/** Rows may be this much longer than the interval says. */
const ROUNDING = 1e-6;

interface Steady {
  /** Rows of the series from `from` (included) to `to` (excluded). */
  readonly from: number;
  readonly to: number;
  readonly seconds: number;
}

/** The part of a run of known duration in which it is neither starting nor ending. Null: too short to have one. */
function steadyPart({ series, totals, scenario }: RunRecord): Steady | null {
  const { intervalSeconds: interval, takenCpuPercent } = series;
  const { workload } = scenario;
  const length = 'duration' in workload ? totals.virtualSeconds : 0;
  const skip = Math.min(STARTING, STARTING_SHARE * length);
  const from = Math.ceil(skip / interval - ROUNDING);
  const rows = Math.min(takenCpuPercent.length, Math.floor(length / interval + ROUNDING));
  return rows > from && from > 0 ? { from, to: rows, seconds: (rows - from) * interval } : null;
}

const unshaped = (rate: string | number = 'unshaped'): boolean => rate === 'unshaped';

/** Without a shaper TCP takes what the host gives; everything else delivers a rate that was asked for. */
export function deliveredMetric({ workload, link }: Scenario | ScenarioDocument): 'rate' | 'capacity' {
  const udp = workload.kind === 'pairs' && workload.transport === 'udp';
  return !udp && unshaped(link?.up) && unshaped(link?.down) ? 'capacity' : 'rate';
}

function ofPairs(record: RunRecord): Quantities {
  const steady = steadyPart(record);
  if (!steady) return {};
  const { from, to, seconds } = steady;
  const { payloadBytes } = record.series;
  const bytes = (payloadBytes[to - 1] as number) - (payloadBytes[from - 1] as number);
  const rtts = record.vnodes.flatMap(({ role, rtt }) => (role === 'client' && rtt ? [rtt.p50] : []));
  return {
    ...ofHost(record, steady),
    [deliveredMetric(record.scenario)]: (bytes * 8) / seconds,
    ...(rtts.length > 0 ? { rtt: quantile(rtts, 0.5) } : {}),
  };
}

function ofSwarm(record: RunRecord): Quantities {
  const [host] = record.hosts;
  const times = record.vnodes.flatMap(({ role, startedAt, completedAt }) =>
    role === 'leecher' && startedAt !== null && completedAt !== null ? [completedAt - startedAt] : [],
  );
  return {
    ...(host
      ? {
          cpu: ofWhatWasLeft(host.cpu.takenPercent, host, record.totals.virtualSeconds),
          memory: grown(host),
          entries: host.neighbours.peakEntries,
        }
      : {}),
    ...(times.length > 0 && record.totals.unfinished === 0 ? { completion: mean(times) } : {}),
  };
}

const grown = ({ memory }: HostRecord): number => memory.used - memory.host;

/**
 * CPU of the range, 100 a core, as if it had had the machine to itself: a real run has what other processes and the monitor leave,
 * and what it takes of that is scaled to all of it, so that full cores read as full. The monitor's part is not in `taken`.
 */
function ofWhatWasLeft(taken: number, { cores, measured }: HostRecord, seconds: number): number {
  if (!measured) return taken;
  const percent = (cpuSeconds: number) => (cpuSeconds / seconds) * 100;
  const foreign = percent(Math.max(0, measured.foreign - (measured.soaked ?? 0)));
  const all = cores * 100;
  const left = all - foreign - percent(measured.monitor);
  return left > 0 ? (Math.max(0, taken - foreign) * all) / left : 0;
}

function ofHost({ hosts, series, totals }: RunRecord, { from, to }: Steady): Quantities {
  const [host] = hosts;
  const taken = mean(series.takenCpuPercent.slice(from, to));
  if (!host) return { cpu: taken };
  return {
    cpu: ofWhatWasLeft(taken, host, totals.virtualSeconds),
    switches: host.contextSwitches / totals.virtualSeconds,
  };
}

/** What the record tells; metrics that its workload has not, or that the run was too short for, are absent. */
export function quantitiesOf(record: RunRecord): Quantities {
  const { kind } = record.scenario.workload;
  const [host] = record.hosts;
  if (kind === 'pairs') return ofPairs(record);
  if (kind === 'swarm') return ofSwarm(record);
  const steady = steadyPart(record);
  if (!steady || kind !== 'idle' || !host) return {};
  return { ...ofHost(record, steady), memory: grown(host), kernelMemory: host.memory.kernel, setup: host.setupSeconds };
}
