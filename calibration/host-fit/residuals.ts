// Residuals: what was observed less what is predicted, in standard errors of the measurement and of the model.

import type { Calibration } from '../../models/index.js';
import { type Experiment, metricRules, type ObservedMetric, type Quantities } from '../observations/index.js';

/** One observation of one experiment, ready to be compared. */
export interface Target {
  readonly experiment: Experiment;
  readonly metric: ObservedMetric;
  readonly measured: number;
  /** Greatest less least of the repeats; absent: it was measured once. */
  readonly range?: number;
  /** Standard error of the measured mean. */
  readonly error: number;
}

/** A prediction beside what was measured. */
export interface Compared {
  readonly target: Target;
  readonly predicted: number;
  /** Of one more measurement of the same experiment: parameters, model and repeat together, one standard error. */
  readonly spread: number;
}

/** What hangs on protocols and queues rather than on costs is compared and not fitted. */
const NOT_FITTED: ReadonlySet<ObservedMetric> = new Set(['switches', 'rtt', 'completion', 'entries']);

export const targetsOf = (experiments: readonly Experiment[]): Target[] =>
  experiments.flatMap((experiment) =>
    experiment.observations.map(({ metric, value, error, repeats }) => ({
      ...{ experiment, metric, measured: value, error },
      ...(repeats.length > 1 ? { range: Math.max(...repeats) - Math.min(...repeats) } : {}),
    })),
  );

export const isFitted = ({ experiment, metric }: Target): boolean => !experiment.heldOut && !NOT_FITTED.has(metric);

/** What no model of a kernel does better than, one standard error, in the metric's unit. */
export const modelFloor = ({ metric, measured }: Target): number => modelError(metric, measured);

/** The model's own standard error of a metric at this value, as a calibration found it; its floor where none was made. */
export function modelError(metric: ObservedMetric, value: number, calibration?: Pick<Calibration, 'fit'>): number {
  const { floor, floorShare } = metricRules[metric];
  return (calibration?.fit.stretch[metric] ?? 1) * Math.hypot(floor, floorShare * Math.abs(value));
}

/** @param stretch by metric: how much larger the model's own errors turned out to be than their floor */
export const standardError = (
  target: Target,
  stretch: Readonly<Partial<Record<ObservedMetric, number>>> = {},
): number => Math.hypot(target.error, (stretch[target.metric] ?? 1) * modelFloor(target));

/** What is predicted by experiment less what was measured; NaN where the prediction has no such metric. */
export const residualsOf = (targets: readonly Target[], predicted: ReadonlyMap<string, Quantities>): number[] =>
  targets.map((target) => {
    const there = predicted.get(target.experiment.id)?.[target.metric] ?? Number.NaN;
    return (there - target.measured) / standardError(target);
  });
