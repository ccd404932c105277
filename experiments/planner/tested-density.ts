// A tested density as the plan document holds it: how faithful one host was there, and what it spent.

import { z } from 'zod';
import { allowed, completionTimesOf, quantile, verdictOf } from '../../calibration/index.js';
import type { CpuSeconds, HostRecord } from '../../models/index.js';
import type { Observation } from './density-runs.js';

const number = z.number();

export const testedDensitySchema = z.strictObject({
  vnodesPerHost: z.int(),
  /** The smallest over the metrics, and which that is: 1 as good as ideal, 0 on the tolerance, negative broken. */
  margin: number,
  metric: z.string(),
  /** Standard error of that margin. */
  error: number,
  seeds: z.int(),
  /** Every metric: its margin, and what host and ideal twin gave. */
  metrics: z.array(
    z.strictObject({
      metric: z.string(),
      margin: number,
      error: number,
      measured: number,
      ideal: number,
      unit: z.enum(['bit/s', 's', 'share', 'count']),
    }),
  ),
  /** Busy cores x 100, by kind of work; mean over the runs. */
  cpuPercent: z.strictObject({
    softirq: number,
    application: number,
    switching: number,
    wakeup: number,
    background: number,
  }),
  /** Bytes at the peak; the highest of the runs. */
  memory: z.strictObject({ host: number, kernel: number, containers: number }),
  neighbourEntries: number,
});

export type TestedDensity = z.output<typeof testedDensitySchema>;

export const completionSchema = z.strictObject({
  vnodesPerHost: z.int(),
  /** Shares of the vnodes, and the seconds in which as many were complete: on the host and on its ideal twin. */
  shares: z.array(number),
  host: z.array(number),
  ideal: z.array(number),
});

export type CompletionCurves = z.output<typeof completionSchema>;

/** Every 5 %. */
const SHARES = Array.from({ length: 21 }, (_, i) => i / 20);

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

export function testedDensity(observation: Observation): TestedDensity {
  const { density, evaluation, metrics, records } = observation;
  const { margin, metric, margins, errors, ownErrors, seeds } = verdictOf(density, evaluation);
  const hosts = records.map((record) => ({
    host: record.hosts[0] as HostRecord,
    seconds: record.totals.virtualSeconds,
  }));
  const percent = (kind: keyof CpuSeconds) =>
    mean(hosts.map(({ host, seconds }) => (100 * host.cpu.seconds[kind]) / seconds));
  const most = (of: (host: HostRecord) => number) => Math.max(...hosts.map(({ host }) => of(host)));
  return {
    vnodesPerHost: density,
    margin,
    metric,
    error: errors[metric] ?? 0,
    seeds,
    metrics: metrics.map(({ metric: id, measured, ideal, unit }) => ({
      metric: id,
      margin: allowed(margins[id] ?? 0, ownErrors[id] ?? 0),
      error: errors[id] ?? 0,
      measured,
      ideal,
      unit,
    })),
    cpuPercent: {
      softirq: percent('softirq'),
      application: percent('application'),
      switching: percent('switching'),
      wakeup: percent('wakeup'),
      background: percent('background'),
    },
    memory: {
      host: most(({ memory }) => memory.host),
      kernel: most(({ memory }) => memory.kernel),
      containers: most(({ memory }) => memory.containers),
    },
    neighbourEntries: most(({ neighbours }) => neighbours.peakEntries),
  };
}

/** How completion times are spread; null where nothing completes. */
export function completionCurves({ density, records, twins, part }: Observation): CompletionCurves | null {
  const [host, ideal] = [records, twins].map((runs) => completionTimesOf(runs, part));
  if (!host || !ideal || host.length === 0 || ideal.length === 0) return null;
  const curve = (times: readonly number[]) => SHARES.map((share) => quantile(times, share));
  return { vnodesPerHost: density, shares: SHARES, host: curve(host), ideal: curve(ideal) };
}
