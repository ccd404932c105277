// Explained shares: how much of what varies over a study one parameter explains by itself (its first-order Sobol index).

import { mean } from '../../calibration/index.js';

const squares = (values: readonly number[], middle: number): number =>
  values.reduce((sum, value) => sum + (value - middle) * (value - middle), 0);

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);

/** By values of the parameter, each with what was found there: exact where every combination was asked about. */
export function shareOfGroups(groups: readonly (readonly number[])[]): number {
  const all = groups.flat();
  const middle = mean(all);
  const total = squares(all, middle);
  const between = groups.reduce((sum, group) => {
    const apart = mean(group) - middle;
    return sum + group.length * apart * apart;
  }, 0);
  return total > 0 ? between / total : 0;
}

/** Along a stretch: what a parabola over the places explains, which bends as knees mostly do. @returns with its terms. */
export function shareOfParabola(
  places: readonly number[],
  values: readonly number[],
): { readonly share: number; readonly terms: number } {
  const total = squares(values, mean(values));
  const basis: number[][] = [];
  for (const power of [0, 1, 2]) {
    let term = places.map((place) => place ** power);
    for (const one of basis) {
      const along = dot(term, one);
      term = term.map((value, i) => value - along * (one[i] as number));
    }
    const length = Math.sqrt(dot(term, term));
    if (length > 1e-9) basis.push(term.map((value) => value / length));
  }
  const explained = basis.slice(1).reduce((sum, term) => sum + dot(term, values) ** 2, 0);
  return { share: total > 0 ? explained / total : 0, terms: basis.length };
}

/** Of a sample: less what as many terms would explain of numbers drawn by lot (adjusted R squared; Kelley, 1935). */
export const lessChance = (share: number, points: number, terms: number): number =>
  Math.max(0, 1 - ((1 - share) * (points - 1)) / Math.max(1, points - terms));
