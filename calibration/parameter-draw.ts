// Drawing host profiles from their parameters' intervals: what the host may be, as far as its profile knows.

import type { HostProfile, Parameter, Technology } from '../models/index.js';
import { normalQuantile } from './normal.js';
import { triangularRoot } from './triangular-root.js';

/** Parameters' low and high are the 5 % and 95 % points. */
const NINETY = normalQuantile(0.95);

const isParameter = (thing: unknown): thing is Parameter =>
  typeof thing === 'object' && thing !== null && 'value' in thing && 'source' in thing;

function visit(group: unknown, path: string, each: (name: string, parameter: Parameter) => Parameter): unknown {
  if (isParameter(group)) return each(path, group);
  if (typeof group !== 'object' || group === null || Array.isArray(group)) return group;
  const entries = Object.entries(group).map(([name, value]) => [name, visit(value, `${path}.${name}`, each)]);
  return Object.fromEntries(entries);
}

function mapped(
  profile: HostProfile,
  technology: Technology,
  each: (name: string, parameter: Parameter) => Parameter,
): HostProfile {
  const hardware = visit(profile.hardware, 'hardware', each) as HostProfile['hardware'];
  const platform = visit(profile.platforms[technology], 'platform', each);
  return {
    ...profile,
    hardware,
    platforms: { ...profile.platforms, [technology]: platform } as HostProfile['platforms'],
  };
}

/** Names (`platform.cpu.softirqStart`) and parameters of one platform and its hardware, by name. */
export function parametersOf(profile: HostProfile, technology: Technology): ReadonlyMap<string, Parameter> {
  const found: [string, Parameter][] = [];
  mapped(profile, technology, (name, parameter) => {
    found.push([name, parameter]);
    return parameter;
  });
  return new Map(found.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Those that are not taken as exact. */
export function uncertainNames(profile: HostProfile, technology: Technology): string[] {
  const uncertain = [...parametersOf(profile, technology)].filter(
    ([, { value, low = value, high = value }]) => low < high,
  );
  return uncertain.map(([name]) => name);
}

/** The parameter's value at probability `p`: a normal half on each side of the value, cut off at three sigma. */
export const parameterAt = (parameter: Parameter, p: number): number => atScore(parameter, normalQuantile(p));

function atScore({ value, low = value, high = value }: Parameter, score: number): number {
  const z = Math.min(3, Math.max(-3, score));
  const drawn = value + (z / NINETY) * (z < 0 ? value - low : high - value);
  // A cost cannot be negative; half of `low` lies beyond every draw of a symmetric interval.
  const bounded = Math.max(drawn, low / 2);
  return Number.isInteger(value) ? Math.round(bounded) : bounded;
}

/**
 * Standard normal scores of a point's probabilities. What a calibration found to move together is drawn together: the
 * independent scores times a root of the correlations (Cholesky's).
 */
function scoresOf({ calibration }: HostProfile, point: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const scores = new Map([...point].map(([name, p]) => [name, normalQuantile(p)]));
  if (!calibration) return scores;
  const { names, matrix } = calibration.correlations;
  const known = names.flatMap((name, i) => (scores.has(`platform.${name}`) ? [{ name: `platform.${name}`, i }] : []));
  const root = triangularRoot(known.map(({ i }) => known.map(({ i: k }) => matrix[i]?.[k] ?? (i === k ? 1 : 0))));
  const independent = known.map(({ name }) => scores.get(name) as number);
  for (const [j, { name }] of known.entries()) {
    const row = root[j] as readonly number[];
    scores.set(
      name,
      row.reduce((sum, weight, k) => sum + weight * (independent[k] as number), 0),
    );
  }
  return scores;
}

/** The profile with every parameter in `point` at its drawn value, as exact. */
export function drawnProfile(
  profile: HostProfile,
  technology: Technology,
  point: ReadonlyMap<string, number>,
): HostProfile {
  const scores = scoresOf(profile, point);
  return mapped(profile, technology, (name, parameter) => {
    const score = scores.get(name);
    if (score === undefined) return parameter;
    const { source, note } = parameter;
    return { value: atScore(parameter, score), source, note };
  });
}
