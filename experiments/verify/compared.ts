// Predicted against measured at one density, metric by metric, and which of the two is faithful.

import {
  type FidelityMetric,
  fidelity,
  METRICS,
  mean,
  metricRules,
  type ObservedMetric,
  standardDeviation,
} from '../../calibration/index.js';
import type { Scenario } from '../../models/index.js';
import type { Baseline } from '../baselines/index.js';
import type { Question } from '../planner/index.js';
import { fullest, usedIn } from '../saturation.js';
import type { Measured } from './measured.js';
import { intervalAt, type Predicted } from './predicted.js';
import type { ReceiptDensity, ReceiptRow } from './receipt-document.js';

/** What is looked at and not predicted from costs. */
const LEFT_OUT: ReadonlySet<ObservedMetric> = new Set(['switches', 'kernelMemory']);

function rowOf(metric: ObservedMetric, before: Predicted, after: Measured): ReceiptRow | null {
  const repeats = after.quantities.flatMap((one) => (one[metric] === undefined ? [] : [one[metric]]));
  const predicted = intervalAt(before, metric);
  if (repeats.length === 0 || Number.isNaN(predicted.value)) return null;
  const { unit, allowed, floor, floorShare } = metricRules[metric];
  const value = mean(repeats);
  // A single run says nothing of its own spread.
  const deviation = repeats.length > 1 ? standardDeviation(repeats) : Math.hypot(floor, floorShare * value);
  const relative = allowed?.relative ?? true;
  const scale = relative ? Math.max(Math.abs(value), Number.MIN_VALUE) : 1;
  const off = (predicted.value - value) / scale;
  return {
    ...{ metric, unit, predicted, measured: value, error: deviation / Math.sqrt(repeats.length), repeats },
    ...{ off, relative, allowed: allowed?.error ?? null },
    inside: value >= predicted.low && value <= predicted.high,
    ok: allowed === null || Math.abs(off) <= allowed.error,
  };
}

function nearest(metrics: readonly FidelityMetric[]): ReceiptDensity['measured'] {
  const least = metrics.reduce((a, b) => (b.margin < a.margin ? b : a));
  return { ok: metrics.every(({ ok }) => ok), metric: least.metric, margin: least.margin };
}

export const faithfulReal = ({ tolerances }: Question, { twins }: Predicted, { records }: Measured) =>
  nearest(fidelity(records, twins, tolerances));

/** @param step where the density lies */
export function compared(
  question: Question,
  at: { readonly vnodes: number; readonly step: ReceiptDensity['step']; readonly scenario: Scenario },
  before: Predicted,
  after: Measured,
  baselines: readonly Baseline[],
): ReceiptDensity {
  const rows = METRICS.filter((metric) => !LEFT_OUT.has(metric)).map((metric) => rowOf(metric, before, after));
  return {
    ...at,
    rows: rows.filter((row) => row !== null),
    predicted: nearest(before.fidelity),
    measured: faithfulReal(question, before, after),
    baselines: baselines.map(({ name, cpuAt }) => ({ name, cpu: cpuAt(at.vnodes) })),
    resources: { predicted: fullest(before.records.map(usedIn)), measured: fullest(after.records.map(usedIn)) },
    discarded: [...after.discarded],
  };
}
