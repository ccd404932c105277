// What spreadsheets do: a straight line through measured CPU, up to where the cores are full.

import type { Baseline, BaselineQuestion } from './baseline.js';

/** Ordinary least squares. Null: one point, or no slope. */
export function lineThrough(
  points: readonly (readonly [number, number])[],
): { readonly offset: number; readonly slope: number } | null {
  const count = points.length;
  const [meanX, meanY] = [0, 1].map((i) => points.reduce((sum, point) => sum + (point[i] as number), 0) / count);
  const across = points.reduce((sum, [x]) => sum + (x - (meanX as number)) ** 2, 0);
  if (count < 2 || across === 0) return null;
  const along = points.reduce((sum, [x, y]) => sum + (x - (meanX as number)) * (y - (meanY as number)), 0);
  const slope = along / across;
  return { slope, offset: (meanY as number) - slope * (meanX as number) };
}

export function straightLine({ points, cores }: BaselineQuestion): Baseline | null {
  const line = lineThrough(points.flatMap(({ vnodes, cpu }) => (cpu === null ? [] : [[vnodes, cpu] as const])));
  if (!line || line.slope <= 0) return null;
  const full = 100 * cores;
  return {
    name: 'straight line',
    how: 'least squares through the measured CPU over the vnodes',
    knee: Math.max(0, (full - line.offset) / line.slope),
    cpuAt: (vnodes) => Math.min(full, Math.max(0, line.offset + line.slope * vnodes)),
  };
}
