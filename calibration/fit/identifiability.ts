// What the observations can tell: which parameters they determine, which have no effect on them, which they cannot
// tell apart. Everything in units of what was known before, so that 1 means that nothing was learnt.

import type { Covariance } from './covariance.js';

/** How well one parameter is known after the fit. */
export interface Knowledge {
  readonly name: string;
  /** Standard error over the one before the fit. */
  readonly left: number;
  /** What it would be if all the other parameters were known. */
  readonly leftAlone: number;
  readonly verdict: 'determined' | 'not told apart from others' | 'without effect';
}

export interface Identifiability {
  readonly parameters: readonly Knowledge[];
  /** Groups that only combinations are known of: two of them that move together change no observation noticeably. */
  readonly together: readonly (readonly string[])[];
}

/** A parameter is determined when the observations halve its error at least. */
export const DETERMINED = 0.5;
/** Parameters whose errors are correlated as strongly as this stand for one another. */
const TOGETHER = 0.85;

/**
 * @param jacobian of the observations alone (no prior rows), in units of the prior standard errors
 * @param covariance of observations and prior together, in the same units
 */
export function identifiability(
  names: readonly string[],
  jacobian: readonly (readonly number[])[],
  covariance: Covariance,
): Identifiability {
  const parameters = names.map((name, j): Knowledge => {
    const information = jacobian.reduce((sum, row) => sum + (row[j] as number) * (row[j] as number), 0);
    const leftAlone = covarianceScale(covariance) / Math.sqrt(1 + information);
    const left = covariance.errors[j] as number;
    const verdict =
      left <= DETERMINED ? 'determined' : leftAlone <= DETERMINED ? 'not told apart from others' : 'without effect';
    return { name, left, leftAlone, verdict };
  });
  return { parameters, together: groups(names, covariance) };
}

const covarianceScale = ({ scatter }: Covariance): number => Math.max(1, scatter);

/** Connected by strong correlations, larger groups first. */
function groups(names: readonly string[], { correlations }: Covariance): string[][] {
  const groupOf = names.map((_, j) => j);
  for (const [j, row] of correlations.entries())
    for (const [k, value] of row.entries())
      if (k < j && Math.abs(value) >= TOGETHER) {
        const [from, to] = [groupOf[j], groupOf[k]];
        for (const [i, group] of groupOf.entries()) if (group === from) groupOf[i] = to as number;
      }
  const found = new Map<number, string[]>();
  for (const [j, group] of groupOf.entries()) found.set(group, [...(found.get(group) ?? []), names[j] as string]);
  return [...found.values()].filter((group) => group.length > 1).sort((a, b) => b.length - a.length);
}
