// The design of a study: which points of the scanned parameters are asked about, and which one each begins from.

import { InputError } from '../../models/index.js';
import type { Scan } from './scan.js';

export interface DesignPoint {
  readonly index: number;
  /** One text a scan, in their order. */
  readonly values: readonly string[];
  /** Where each value stands on its scan, 0 to 1. */
  readonly places: readonly number[];
  /** An earlier point, much like this one; null for the first. */
  readonly before: number | null;
}

const MOST_POINTS = 100_000;
/** A point of a sample looks for its nearest among this many before it. */
const LOOKED_BACK = 500;
/** Bases of the Halton sequence: past these its points line up, and nobody scans more. */
const PRIMES = [2, 3, 5, 7, 11, 13, 17, 19];

/** Every value with every other, the last scan's changing fastest. @throws InputError without values or for too many. */
export function gridDesign(scans: readonly Scan[]): DesignPoint[] {
  const lists = scans.map(({ path, values }) => {
    if (!values) throw new InputError(`--scan ${path}`, 'a step (a..b:step), or --points for a sample', 'none');
    return values;
  });
  const total = lists.reduce((product, { length }) => product * length, 1);
  if (total > MOST_POINTS) throw new InputError('--scan', `at most ${MOST_POINTS} points, or --points`, String(total));
  return Array.from({ length: total }, (_, index) => {
    const at: number[] = [];
    let rest = index;
    for (const list of [...lists].reverse()) {
      at.unshift(rest % list.length);
      rest = Math.floor(rest / list.length);
    }
    const last = at.findLastIndex((place) => place > 0);
    const stride = lists.slice(last + 1).reduce((product, { length }) => product * length, 1);
    return {
      index,
      values: at.map((place, i) => (lists[i] as readonly string[])[place] as string),
      places: at.map((place, i) => place / Math.max(1, (lists[i] as readonly string[]).length - 1)),
      before: last < 0 ? null : index - stride,
    };
  });
}

/** The van der Corput sequence in a base: digits of `index` mirrored at the point (Halton, 1960). */
export function radicalInverse(index: number, base: number): number {
  let value = 0;
  let scale = 1;
  for (let rest = index; rest > 0; rest = Math.floor(rest / base)) {
    scale /= base;
    value += (rest % base) * scale;
  }
  return value;
}

/** `count` points of the Halton sequence: they fill the space evenly, however many there are. */
export function sampleDesign(scans: readonly Scan[], count: number): DesignPoint[] {
  if (scans.length > PRIMES.length)
    throw new InputError('--points', `at most ${PRIMES.length} scans to sample`, String(scans.length));
  const points: DesignPoint[] = [];
  for (let index = 0; index < count; index++) {
    // The sequence's first point is a corner.
    const drawn = scans.map((scan, i) => valueAt(scan, radicalInverse(index + 1, PRIMES[i] as number)));
    const places = drawn.map(({ place }) => place);
    points.push({ index, values: drawn.map(({ text }) => text), places, before: nearest(points, places) });
  }
  return points;
}

function valueAt({ values, stretch }: Scan, share: number): { text: string; place: number } {
  if (values) {
    const at = Math.min(values.length - 1, Math.floor(share * values.length));
    return { text: values[at] as string, place: at / Math.max(1, values.length - 1) };
  }
  if (!stretch) throw new Error('a scan without values');
  const { low, high, text } = stretch;
  const value = low + share * (high - low);
  // Counts stay whole; of anything else four digits say enough.
  const whole = Number.isInteger(low) && Number.isInteger(high) && high - low >= 10;
  return { text: text(whole ? Math.round(value) : Number(value.toPrecision(4))), place: share };
}

function nearest(points: readonly DesignPoint[], places: readonly number[]): number | null {
  let best: number | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const point of points.slice(-LOOKED_BACK)) {
    const distance = point.places.reduce((sum, place, i) => {
      const apart = place - (places[i] as number);
      return sum + apart * apart;
    }, 0);
    if (distance < least) [best, least] = [point.index, distance];
  }
  return best;
}
