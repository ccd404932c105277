// How a profile was calibrated: on what machine, from which observations, what the fit says of itself, how it did on
// observations that it never saw, and for which questions it speaks.

import { z } from 'zod';
import { type Scenario, vnodeCount } from '../scenario.js';

const number = z.number();
const text = z.string().max(400);

/** One observation beside what the fitted profile predicts for it; units are the metric's. */
const comparison = z.strictObject({
  experiment: text,
  rung: text,
  heldOut: z.boolean(),
  /** Vnodes on the host, and bit/s of each link up; null: unshaped. */
  vnodes: z.int(),
  up: number.nullable(),
  metric: text,
  unit: text,
  measured: number,
  /** Greatest less least of the repeats; absent: it was measured once. */
  range: number.optional(),
  /** Standard error of the measured mean, and of the prediction of one more measurement. */
  error: number,
  predicted: number,
  spread: number,
});

/** What was run: a question beyond it is extrapolated. Rates in bit/s of one link. */
const domain = z.strictObject({
  workloads: z.array(text),
  rates: z.strictObject({ low: number, high: number }).nullable(),
  unshaped: z.boolean(),
  transports: z.array(text),
  attach: z.array(text),
  clients: z.array(text),
  /** Of one host. */
  vnodes: z.int(),
});

export const calibrationSchema = z.strictObject({
  machine: text,
  kernel: text,
  measuredAt: text,
  /** The command line that gave the profile; absent when a program asked for it, and from before it was kept. */
  command: z.string().max(4000).exactOptional(),
  versions: z.record(z.string(), z.string()),
  counts: z.strictObject({ experiments: z.int(), fitted: z.int(), heldOut: z.int(), discarded: z.int() }),
  fit: z.strictObject({
    seed: text,
    stopped: text,
    iterations: z.int(),
    /** Root mean square of the weighted residuals. */
    scatter: number,
    /** By metric: the model's own standard error over the floor it is given. */
    stretch: z.record(z.string(), number),
    /** Between the linear model of the bootstrap and the simulator, in standard errors. */
    surrogateError: number,
  }),
  parameters: z.array(
    z.strictObject({
      /** Below the platform, such as `cpu.taskWake`. */
      name: text,
      verdict: text,
      /** Standard error after the fit over the one before. */
      left: number,
      /** 5 % and 95 % points of the bootstrap, in the parameter's unit. */
      bootstrap: z.strictObject({ low: number, high: number }),
    }),
  ),
  /** Groups of which only combinations are known. */
  together: z.array(z.array(text)),
  /** Of the fitted parameters, in the order of `names`. */
  correlations: z.strictObject({ names: z.array(text), matrix: z.array(z.array(number)) }),
  domain,
  comparisons: z.array(comparison),
});

export type Calibration = z.output<typeof calibrationSchema>;
export type CalibratedDomain = Calibration['domain'];
export type Comparison = Calibration['comparisons'][number];

/** Rates and sizes beyond what was run by up to this factor are still spoken for. */
const REACH = 1.5;

/** Why a question about this scenario with so many vnodes on a host is beyond what was run; empty: it is not. */
export function beyondDomain(domain: CalibratedDomain, scenario: Scenario, vnodes: number): string[] {
  const { workload, link, network } = scenario;
  const found: string[] = [];
  const known = (what: string, list: readonly string[], value: string) => {
    if (!list.includes(value)) found.push(`${what} ${value} was not calibrated (${list.join(', ') || 'none'} was)`);
  };
  known('workload', domain.workloads, workload.kind);
  known('attachment', domain.attach, network.attach);
  if (workload.kind === 'pairs') known('transport', domain.transports, workload.transport);
  if (workload.kind === 'swarm') known('client', domain.clients, workload.client);
  for (const side of ['up', 'down'] as const) {
    const rate = link[side];
    if (rate === 'unshaped' || workload.kind === 'idle') continue;
    const { low, high } = domain.rates ?? { low: 0, high: 0 };
    if (rate > high * REACH || rate < low / REACH)
      found.push(`link.${side} of ${rate} bit/s is beyond the calibrated ${low} to ${high} bit/s`);
  }
  if (vnodes > domain.vnodes * REACH)
    found.push(`${vnodes} vnodes on a host are beyond the ${domain.vnodes} that were calibrated`);
  return found;
}

/** What the scenarios of a calibration cover. */
export function domainOf(scenarios: readonly Scenario[]): CalibratedDomain {
  const unique = (values: readonly string[]) => [...new Set(values)].sort();
  const rates = scenarios.flatMap(({ link }) => [link.up, link.down]).filter((rate) => rate !== 'unshaped');
  const workloads = scenarios.map(({ workload }) => workload);
  return {
    workloads: unique(workloads.map(({ kind }) => kind)),
    rates: rates.length > 0 ? { low: Math.min(...rates), high: Math.max(...rates) } : null,
    unshaped: scenarios.some(({ link }) => link.up === 'unshaped' && link.down === 'unshaped'),
    transports: unique(workloads.flatMap((workload) => (workload.kind === 'pairs' ? [workload.transport] : []))),
    attach: unique(scenarios.map(({ network }) => network.attach)),
    clients: unique(workloads.flatMap((workload) => (workload.kind === 'swarm' ? [workload.client] : []))),
    vnodes: Math.max(0, ...workloads.map(vnodeCount)),
  };
}
