// The knee: the highest density at which, and at every tested one below, a host is within every tolerance.

import { marginModel } from './margin-model.js';
import { type Evaluation, type Verdict, verdictOf } from './verdict.js';

export interface KneeSearch {
  /** Runs one density; called with several before any is awaited. */
  evaluate(density: number): Promise<Evaluation>;
  /** Bounds of the search, whole numbers. Nothing above `highest` is tested: a closed form forbids it. */
  readonly lowest: number;
  readonly highest: number;
  /** Where to begin; `lowest` when absent. */
  readonly start?: number;
  /** Densities are multiples of this (a pair is two vnodes). */
  readonly step?: number;
  /** The bracket is narrow enough at this share of the density; never below one step. */
  readonly resolution?: number;
  /** Densities tested a round in the bracket. The same on every machine: the result must not depend on workers. */
  readonly sections?: number;
  /** Rounds after which the search settles for the bracket that it has. */
  readonly rounds?: number;
}

export interface Knee {
  /** 0: not even the lowest density is faithful. */
  readonly density: number;
  /** The lowest density found broken; null when `highest` itself is faithful. */
  readonly broken: number | null;
  /** Everything tested, by density. */
  readonly tested: readonly Verdict[];
}

/** Standard errors, the allowance apart, within which a failure may still be chance. */
const DOUBT = 1;
/** How far up the next look is then. */
const LOOK_UP = 1.5;
/** A load at which a host is expected to be near its knee; only steers where to test. */
const FULL = 0.93;
/** So full that the next vnode may be one too many. */
const BRIM = 0.97;
const LEAST_UP = [1.1, 1.1, 1.25, 1.5, 2];
const LEAST_DOWN = [0.9, 0.75, 0.5, 0.25];
/** Margins far below zero say no more than that the host is broken. */
const DEEPEST = -2;

export interface Bracket {
  /** Highest faithful density with only faithful ones below it; one step under `lowest` when there is none. */
  readonly low: number;
  readonly high: number | null;
}

/**
 * Between which densities the knee lies, by what was tested; `nothing` stands for no faithful density.
 *
 * P(all within tolerance) >= 1/2 for a normal margin: its mean is not negative. Of margins that rise with the density
 * within their errors the average counts, so that a chance failure at a low density does not end the search there.
 */
export function bracketOf(tested: readonly Verdict[], nothing: number): Bracket {
  if (tested.length === 0) return { low: nothing, high: null };
  const model = marginModel(tested);
  let low = nothing;
  for (const { density } of tested) {
    if (model.smallest(density) < 0) return { low, high: density };
    low = density;
  }
  return { low, high: null };
}

/** A lone failure that chance may have made: the next look is further up, where it would be clear. */
function doubtful(tested: readonly Verdict[]): boolean {
  const top = tested.at(-1);
  if (!top) return false;
  const model = marginModel(tested);
  const margin = model.smallest(top.density);
  return margin < 0 && margin + DOUBT * model.error(top.density) >= 0;
}

/**
 * Bracketing by the load of the runs so far, then bisection, every other round around where the margins interpolate
 * to zero. What is tested next follows from what was tested before and from nothing else.
 */
export async function findKnee(search: KneeSearch): Promise<Knee> {
  const { step = 1, resolution = 0.01, sections = 2, rounds = 24 } = search;
  const lowest = Math.ceil(search.lowest / step) * step;
  const highest = Math.floor(search.highest / step) * step;
  if (highest < lowest) return { density: 0, broken: lowest, tested: [] };
  const found = new Map<number, Verdict>();
  const grid = (density: number, low: number, high: number): number =>
    Math.min(high, Math.max(low, Math.round(density / step) * step));

  /** All of a round run at the same time; their order of arrival does not matter. */
  const test = async (densities: readonly number[]): Promise<void> => {
    const verdicts = await Promise.all(densities.map(async (d) => verdictOf(d, await search.evaluate(d))));
    for (const verdict of verdicts) found.set(verdict.density, verdict);
  };

  for (let round = 0; round < rounds; round++) {
    const tested = [...found.values()].sort((a, b) => a.density - b.density);
    const { low, high } = bracketOf(tested, lowest - step);
    if (high === null && low === highest) break;
    const top = tested.at(-1)?.density ?? 0;
    if (high !== null && high - low > step && top < highest && (found.get(top)?.load ?? 0) < FULL && doubtful(tested)) {
      await test([grid(top * LOOK_UP, top + step, highest)]);
      continue;
    }
    if (high !== null && high - low <= Math.max(step, Math.floor(resolution * low))) break;
    const next =
      found.size === 0
        ? [grid(search.start ?? lowest, lowest, highest)]
        : low < lowest
          ? [grid(downwards(tested[0] as Verdict, tested.length), lowest, (high as number) - step)]
          : high === null
            ? [grid(upwards(found.get(low) as Verdict, step, tested.length), low + step, highest)]
            : [...new Set(inside(found, low, high, round, sections).map((d) => grid(d, low + step, high - step)))];
    await test(next);
  }
  const tested = [...found.values()].sort((a, b) => a.density - b.density);
  const { low, high } = bracketOf(tested, lowest - step);
  return { density: low < lowest ? 0 : low, broken: high, tested };
}

/**
 * The next density above a faithful one: where its load would be full, at most four times up. A load that is full
 * already proves wrong when the host is faithful all the same, so the least step grows with every such surprise.
 */
function upwards({ density, load = 0 }: Verdict, step: number, passed: number): number {
  if (passed === 1 && load >= BRIM) return density + step;
  const least = LEAST_UP[Math.min(passed, LEAST_UP.length) - 1] ?? 2;
  return density * Math.min(4, Math.max(least, load > 0.01 ? FULL / load : 2));
}

/**
 * The next density below a broken one, when none is faithful yet. Where vnodes were lost their share says how many
 * are too many; otherwise the steps grow.
 */
function downwards({ density, metric, margin }: Verdict, failed: number): number {
  if (metric === 'lost-vnodes' && margin > -0.5) return Math.floor(density * (1 + margin));
  return density * (LEAST_DOWN[Math.min(failed, LEAST_DOWN.length) - 1] ?? 0.5);
}

function inside(
  found: ReadonlyMap<number, Verdict>,
  low: number,
  high: number,
  round: number,
  sections: number,
): number[] {
  const width = high - low;
  const below = found.get(low);
  const above = found.get(high);
  if (!below || !above || round % 2 === 1)
    return Array.from({ length: sections }, (_, i) => low + (width * (i + 1)) / (sections + 1));
  const [up, down] = [Math.min(below.margin, 1), Math.max(above.margin, DEEPEST)];
  const crossing = low + (width * up) / (up - down);
  // A tenth of the bracket to each side: mostly the crossing lies between, and the bracket shrinks fivefold.
  const reach = width / 10;
  return sections === 1 ? [crossing] : [crossing - reach, crossing + reach];
}
