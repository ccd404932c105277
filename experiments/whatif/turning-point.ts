// Turning points: from where on along a sampled parameter something else binds, while all other parameters vary too.

import type { Sensitivity, SettingValue } from './sweep-document.js';

type Estimate = NonNullable<Sensitivity['estimate']>;
type Turn = Estimate['turns'][number];

/** One point of the sample, as this parameter sees it. */
export interface Sighting {
  /** Where it stands on the scan, 0 to 1. */
  readonly place: number;
  readonly value: SettingValue;
  /** The constraint that binds there. */
  readonly id: string;
}

/** A turn that is less likely than this is not told of. */
const SURE = 0.9;
/** Of the chance where it lies, so much is left out at each end. */
const TAIL = 0.05;
/** What Jeffreys' prior counts of each constraint before anything is seen. */
const PRIOR = 0.5;

interface Split {
  /** That there is a turn at all, against none, both as likely before. */
  readonly probability: number;
  /** Sightings before the likeliest place of the turn, and before both ends of where it lies. */
  readonly at: number;
  readonly low: number;
  readonly high: number;
}

function countsOf(seen: readonly Sighting[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { id } of seen) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

/**
 * Whether and where the constraints' shares change once: for every place the chance of what is seen with shares of
 * their own on either side, against the same shares all along (multinomial shares under Jeffreys' prior; the others'
 * variation counts as chance). Null: there is nothing to tell apart.
 */
function splitOf(seen: readonly Sighting[]): Split | null {
  const right = countsOf(seen);
  const kinds = right.size;
  if (kinds < 2) return null;
  const left = new Map<string, number>();
  const chances: { at: number; log: number }[] = [];
  let log = 0;
  for (const [i, { id, place }] of seen.entries()) {
    const next = seen[i + 1];
    if (!next) break;
    const [here, there] = [left.get(id) ?? 0, right.get(id) as number];
    log += Math.log((here + PRIOR) / (i + kinds * PRIOR));
    log -= Math.log((there - PRIOR) / (seen.length - i - 1 + kinds * PRIOR));
    left.set(id, here + 1);
    right.set(id, there - 1);
    if (next.place > place) chances.push({ at: i + 1, log });
  }
  if (chances.length === 0) return null;
  const best = chances.reduce((a, b) => (b.log > a.log ? b : a));
  const weights = chances.map((one) => Math.exp(one.log - best.log));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const odds = Math.exp(best.log) * (total / chances.length);
  let below = 0;
  const within = chances.filter((_, i) => {
    const before = below;
    below += (weights[i] as number) / total;
    return below > TAIL && before < 1 - TAIL;
  });
  const ends = [within[0] ?? best, within.at(-1) ?? best].map(({ at }) => at) as [number, number];
  return { probability: Number.isFinite(odds) ? odds / (1 + odds) : 1, at: best.at, low: ends[0], high: ends[1] };
}

/** Places of all turns, each found between its neighbours. */
function turnsWithin(seen: readonly Sighting[], from: number, to: number): number[] {
  const split = splitOf(seen.slice(from, to));
  if (!split || split.probability < SURE) return [];
  const at = from + split.at;
  return [...turnsWithin(seen, from, at), at, ...turnsWithin(seen, at, to)];
}

/** The turn between two others, with what rises and what falls most there; null: alone it is not sure enough. */
function turnBetween(seen: readonly Sighting[]): Turn | null {
  const split = splitOf(seen);
  if (!split || split.probability < SURE) return null;
  const { at, low, high, probability } = split;
  const [before, after] = [countsOf(seen.slice(0, at)), countsOf(seen.slice(at))];
  const shares = [...countsOf(seen).keys()].map((id) => {
    const [below, above] = [(before.get(id) ?? 0) / at, (after.get(id) ?? 0) / (seen.length - at)];
    return { id, below, above };
  });
  const risen = shares.reduce((a, b) => (b.above - b.below > a.above - a.below ? b : a));
  const fallen = shares.reduce((a, b) => (b.above - b.below < a.above - a.below ? b : a));
  return {
    from: (seen[low - 1] as Sighting).value,
    to: (seen[high] as Sighting).value,
    before: fallen.id,
    after: risen.id,
    ...{ below: risen.below, above: risen.above, probability },
  };
}

/** What the points tell of where another constraint binds. */
export function estimatedTurns(points: readonly Sighting[]): Estimate {
  const seen = [...points].sort((a, b) => a.place - b.place);
  const all = splitOf(seen);
  if (!all) return { probability: 0, turns: [] };
  const places = [0, ...turnsWithin(seen, 0, seen.length), seen.length];
  const turns = places.slice(1, -1).map((_, i) => turnBetween(seen.slice(places[i], places[i + 2])));
  return { probability: all.probability, turns: turns.filter((turn) => turn !== null) };
}
