// The profile that a fit writes: every cost with its interval, where it comes from, and what the whole rests on.

import {
  type Calibration,
  domainOf,
  type HostProfile,
  type Parameter,
  type Platform,
  type Scenario,
  STRESSES,
  stressNames,
  type Technology,
  vnodeCount,
} from '../../models/index.js';
import type { Knowledge } from '../fit/index.js';
import { type MeasuredInterference, metricRules, type Observations } from '../observations/index.js';
import { costAt, type FittedCost } from './cost.js';
import { type HostFit, ninety } from './fit-host.js';
import { withLeaf } from './leaf.js';

/** Digits that a fitted number keeps: its interval is wider than the next one. */
const DIGITS = 4;
const short = (value: number): number => Number(value.toPrecision(DIGITS));

const grouped = (names: readonly string[], together: readonly (readonly string[])[], name: string): string =>
  (together.find((group) => group.includes(name)) ?? names).filter((other) => other !== name).join(', ');

function noteOf(known: Knowledge, fit: HostFit, name: string): string {
  const count = `fit to ${fit.compared.filter(({ target }) => !target.experiment.heldOut).length} observations of ${name}`;
  switch (known.verdict) {
    case 'determined':
      return `Determined by the ${count}`;
    case 'not told apart from others':
      return `The ${count} tells only combinations with ${grouped([], fit.identifiability.together, known.name) || 'other costs'}`;
    default:
      return `The ${count} does not depend on it: as it was assumed`;
  }
}

/** Durations and sizes are whole numbers; costs a byte and shares are not. */
const whole = (path: string): boolean => !/PerByte$|applicationSpeed|WakesPerSecond/.test(path);

function fittedParameter(fit: HostFit, j: number, name: string): Parameter {
  const cost = fit.costs[j] as FittedCost;
  const known = fit.identifiability.parameters[j] as Knowledge;
  const z = fit.fit.values[j] as number;
  const { low, high } = ninety(z, fit.covariance.errors[j] as number);
  const rounded = (value: number) => (whole(cost.name) ? Math.round(value) : short(value));
  return {
    value: rounded(costAt(cost, z)),
    low: rounded(costAt(cost, low)),
    high: rounded(costAt(cost, high)),
    source: known.verdict === 'determined' ? 'measured' : 'assumed',
    note: noteOf(known, fit, name).slice(0, 600),
  };
}

const rateOf = ({ link }: Scenario): number | null => (link.up === 'unshaped' ? null : link.up);

/** What was asked of the fit. */
export interface Asked {
  readonly seed: string;
  /** The command line that asked; absent when a program did. */
  readonly command?: string;
}

function calibrationOf(fit: HostFit, observations: Observations, { seed, command }: Asked): Calibration {
  const { machine, measuredAt, versions, experiments } = observations;
  const names = fit.costs.map(({ name }) => name);
  const heldOut = fit.compared.filter(({ target }) => target.experiment.heldOut).length;
  return {
    machine: machine.processor,
    kernel: machine.kernel,
    measuredAt,
    ...(command === undefined ? {} : { command }),
    versions,
    counts: {
      experiments: experiments.length,
      fitted: fit.compared.length - heldOut,
      heldOut,
      discarded: experiments.reduce((sum, { discarded }) => sum + discarded.length, 0),
    },
    fit: {
      seed,
      stopped: fit.fit.stopped,
      iterations: fit.fit.iterations,
      scatter: short(fit.covariance.scatter),
      stretch: Object.fromEntries(Object.entries(fit.stretch).map(([metric, value]) => [metric, short(value)])),
      surrogateError: short(fit.surrogateError),
    },
    parameters: fit.costs.map((cost, j) => {
      const known = fit.identifiability.parameters[j] as Knowledge;
      const drawn = fit.bootstrap.intervals[j] as { low: number; high: number };
      const interval = { low: short(costAt(cost, drawn.low)), high: short(costAt(cost, drawn.high)) };
      return { name: cost.name, verdict: known.verdict, left: short(known.left), bootstrap: interval };
    }),
    together: fit.identifiability.together.map((group) => [...group]),
    correlations: {
      names,
      matrix: fit.covariance.correlations.map((row) => row.map((value) => Number(value.toFixed(4)))),
    },
    domain: domainOf(experiments.map(({ scenario }) => scenario)),
    comparisons: fit.compared.map(({ target, predicted, spread }) => ({
      experiment: target.experiment.id,
      rung: target.experiment.rung,
      heldOut: target.experiment.heldOut,
      vnodes: vnodeCount(target.experiment.scenario.workload),
      up: rateOf(target.experiment.scenario),
      metric: target.metric,
      unit: metricRules[target.metric].unit,
      measured: short(target.measured),
      ...(target.range === undefined ? {} : { range: short(target.range) }),
      error: short(target.error),
      predicted: short(predicted),
      spread: short(spread),
    })),
  };
}

/** What was measured of interference, as a profile has it. */
export function measuredInterference(lost: MeasuredInterference): NonNullable<Platform['interference']> {
  const entries = STRESSES.map((stress) => {
    const note = `Beside ${stressNames[stress]}: dense matrix products on one core, the stress on another`;
    return [stress, { ...lost[stress], source: 'measured', note }];
  });
  return Object.fromEntries(entries);
}

/** The starting profile with what the fit found; what it did not touch keeps its source. */
export function fittedProfile(
  starting: HostProfile,
  technology: Technology,
  fit: HostFit,
  observations: Observations,
  asked: Asked,
): HostProfile {
  let platform = starting.platforms[technology] as Platform;
  for (const [j, { name }] of fit.costs.entries())
    platform = withLeaf(platform, name, fittedParameter(fit, j, observations.name));
  if (observations.interference)
    platform = { ...platform, interference: measuredInterference(observations.interference) };
  return {
    ...starting,
    name: observations.name,
    platforms: { ...starting.platforms, [technology]: platform },
    calibration: calibrationOf(fit, observations, asked),
  };
}
