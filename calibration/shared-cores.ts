// How much others use a machine's cores, from how long the same work took on each, over and over: times around two
// values, how often around the greater one, and for how long at a stretch.

import { mean, quantile } from './distribution.js';
import type { MeasuredSharing } from './observations/index.js';

/** Cores whose two speeds differ by less are even: noise alone parts into two halves that differ by some percent. */
const EVEN = 0.92;
/** Times above this quantile are of a core that the hypervisor took away altogether: another matter. */
const TAKEN_AWAY = 0.98;
/** Autocorrelations below this are noise, and the sum of those before is what counts (initial sequence). */
const NOISE = 0.05;
const MOST_ROUNDS = 50;
/** Fewer times than these say nothing of stretches. */
const FEWEST = 200;

interface Sharing {
  readonly share: number;
  readonly speed: number;
  /** In times. */
  readonly stretch: number;
}

/** Parts the logarithms around two means (Lloyd's algorithm). Returns the border and both means. */
function parted(logs: readonly number[]): { readonly border: number; readonly low: number; readonly high: number } {
  let [low, high] = [quantile(logs, 0.05), quantile(logs, 0.95)];
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const border = (low + high) / 2;
    const [below, above] = [logs.filter((x) => x < border), logs.filter((x) => x >= border)];
    if (below.length === 0 || above.length === 0) break;
    const [nextLow, nextHigh] = [mean(below), mean(above)];
    if (nextLow === low && nextHigh === high) break;
    [low, high] = [nextLow, nextHigh];
  }
  return { border: (low + high) / 2, low, high };
}

/** Times that two of them are correlated for: the integral of the autocorrelation, one half for itself included. */
function correlationTime(states: readonly number[]): number {
  const middle = mean(states);
  const product = (lag: number) => {
    let sum = 0;
    for (let i = lag; i < states.length; i++)
      sum += ((states[i] as number) - middle) * ((states[i - lag] as number) - middle);
    return sum;
  };
  const variance = product(0);
  let time = 0.5;
  for (let lag = 1; lag < states.length / 10; lag++) {
    const correlation = product(lag) / variance;
    if (correlation < NOISE) break;
    time += correlation;
  }
  return time;
}

/** Of one stretch of times, by a border between the two speeds; undefined: it has times of one only. */
function sharingOf(logs: readonly number[], border: number): Sharing | undefined {
  const [below, above] = [logs.filter((x) => x < border), logs.filter((x) => x >= border)];
  if (below.length === 0 || above.length === 0) return undefined;
  const states = logs.map((x) => (x < border ? 0 : 1));
  const share = mean(states);
  // Two states that come and go by chance are correlated for as long as the product of both stretches over their sum.
  return { share, speed: Math.exp(mean(below) - mean(above)), stretch: correlationTime(states) / (1 - share) };
}

const extent = (value: number, values: readonly number[]) => ({
  ...{ value, low: Math.min(value, ...values), high: Math.max(value, ...values) },
});

/**
 * @param times by core, of one piece of work after another, in any one unit.
 * @param seconds from one time to the next.
 * @returns what all times together say, with least and most over halves of each core's; undefined: the cores are even.
 * @throws Error for fewer than 200 times of a core.
 */
export function sharedCores(times: readonly (readonly number[])[], seconds: number): MeasuredSharing | undefined {
  for (const { length } of times) if (length < FEWEST) throw new Error(`${length} times of a core, too few`);
  const logs = times.map((all) => all.map((time) => Math.log(time)));
  const cap = quantile(logs.flat(), TAKEN_AWAY);
  const capped = logs.map((all) => all.map((x) => Math.min(x, cap)));
  const { border, low, high } = parted(capped.flat());
  const speed = Math.exp(low - high);
  if (speed > EVEN) return undefined;
  const halves = capped.flatMap((all) => [all.slice(0, all.length >> 1), all.slice(all.length >> 1)]);
  const found = halves.map((half) => sharingOf(half, border));
  const slowed = found.filter((one) => one !== undefined);
  const share = mean(capped.flat().map((x) => (x < border ? 0 : 1)));
  const shares = halves.map((half) => mean(half.map((x) => (x < border ? 0 : 1))));
  const stretches = slowed.map(({ stretch }) => stretch * seconds);
  return {
    share: extent(share, shares),
    speed: extent(
      speed,
      slowed.map((one) => one.speed),
    ),
    stretch: extent(mean(stretches), stretches),
  };
}
