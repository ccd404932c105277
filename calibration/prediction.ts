// The 90 % prediction interval of a density: what one `verify` would measure, parameters and runs both uncertain.

import { mean, quantile, standardDeviation } from './distribution.js';
import { normalQuantile, studentQuantile } from './normal.js';
import type { Verdict } from './verdict.js';

export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** The margin as a function of density that the nominal host showed; the knee is where it crosses zero. */
export interface KneeCurve {
  /** Where the smallest margin crosses zero, not rounded. */
  readonly crossing: number;
  /** The density, relative to the crossing, at which the nominal host has this margin. */
  relative(margin: number): number;
}

/** Densities further from the knee than this factor say nothing about where it lies. */
const NEAR = 1.35;
/** A curve seen at no two densities near the knee: how fast a margin falls from one to zero, as a share of density. */
const USUAL_FALL = 0.1;

/** @param broken lowest density known to be broken, or null. */
export function kneeCurve(tested: readonly Verdict[], knee: number, broken: number | null): KneeCurve {
  const at = (density: number) => tested.find((verdict) => verdict.density === density);
  const [below, above] = [at(knee), broken === null ? undefined : at(broken)];
  let crossing = knee;
  if (below && above && above.margin < below.margin)
    crossing = below.density + ((above.density - below.density) * below.margin) / (below.margin - above.margin);
  // A falling curve through the crossing: of each tested point only what keeps it falling.
  const points: { x: number; margin: number }[] = [{ x: 1, margin: 0 }];
  for (const { density, margin } of tested.filter((v) => v.density < crossing && v.density * NEAR > crossing).reverse())
    if (margin > (points[0]?.margin ?? 0)) points.unshift({ x: density / crossing, margin });
  for (const { density, margin } of tested.filter((v) => v.density > crossing && v.density < crossing * NEAR))
    if (margin < (points.at(-1)?.margin ?? 0)) points.push({ x: density / crossing, margin });
  if (points[0]?.margin === 0) points.unshift({ x: 1 - USUAL_FALL, margin: 1 });
  if (points.at(-1)?.margin === 0) points.push({ x: 1 + USUAL_FALL, margin: -1 });
  return {
    crossing,
    relative(margin) {
      const first = points[0] as { x: number; margin: number };
      const last = points.at(-1) as { x: number; margin: number };
      if (margin >= first.margin) return first.x;
      if (margin <= last.margin) return last.x;
      const i = points.findIndex((point) => point.margin <= margin);
      const [left, right] = [points[i - 1], points[i]] as [typeof first, typeof first];
      return left.x + ((right.x - left.x) * (left.margin - margin)) / (left.margin - right.margin);
    },
  };
}

/** A factor of median 1 at probability `p`: log-normal, `error` the standard error of its logarithm. */
export const factorAt = (error: number, p: number): number => Math.exp(error * normalQuantile(p));

/**
 * Where a drawn host has its knee, from one run at `density`: its margin curve is taken to be the nominal one,
 * stretched.
 */
export const crossingFrom = (curve: KneeCurve, density: number, margin: number): number =>
  density / curve.relative(margin);

/**
 * `count` values, equally likely, of what one more measurement would give when `drawn` are as many earlier ones:
 * Student's prediction distribution, which stays honest for few draws.
 */
export function predictionSample(drawn: readonly number[], nominal: number, count: number): number[] {
  const deviation = drawn.length > 1 ? standardDeviation(drawn) : 0;
  const middle = drawn.length > 0 ? mean(drawn) : nominal;
  const wider = drawn.length > 0 ? Math.sqrt(1 + 1 / drawn.length) : 0;
  return Array.from({ length: count }, (_, i) => {
    const p = (i + 0.5) / count;
    const t = drawn.length > 3 ? studentQuantile(p, drawn.length - 1) : normalQuantile(p);
    return Math.max(0, middle + t * deviation * wider);
  });
}

/** 5 % and 95 % points of a sample about a value, which always lies inside. Whole numbers: densities and hosts. */
export function intervalOf(value: number, sample: readonly number[]): Interval {
  if (sample.length === 0) return { value, low: value, high: value };
  const low = Math.min(value, Math.floor(quantile(sample, 0.05)));
  const high = Math.max(value, Math.floor(quantile(sample, 0.95)));
  return { value, low, high };
}
