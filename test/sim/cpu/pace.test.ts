// The speed of cores that others use, too: two speeds that take turns, and what that does to work.

import { describe, expect, it } from 'vitest';
import { type Host, type HostProfile, hostCatalogue, resolveHost, type SharedCores } from '../../../models/index.js';
import { Pace } from '../../../sim/cpu/pace.js';
import { randomStream } from '../../../sim/random.js';
import { taskSojourns } from '../../../sim/station.js';

const SHARED: SharedCores = { share: 0.3, speed: 0.7, stretch: 300e6 };
const MILLISECOND = 1e6;
/** The two speeds for which work takes on average what it takes at speed 1. */
const FAST = 0.7 + 0.3 / 0.7;
const SLOW = 0.7 * FAST;

/** Speeds in one millisecond after another. */
function speeds(shared: SharedCores | undefined, seconds: number, seed = '1'): number[] {
  const pace = new Pace(shared, randomStream(seed, 'pace/0'));
  return Array.from({ length: seconds * 1000 }, (_, i) => {
    pace.follow(i * MILLISECOND);
    return pace.speed;
  });
}

describe('a core that others use, too', () => {
  const seen = speeds(SHARED, 2000);
  const slow = seen.filter((speed) => speed === SLOW).length;

  it('is slowed for its share of the time, within a tenth', () => {
    expect(slow + seen.filter((speed) => speed === FAST).length).toBe(seen.length);
    expect(Math.abs(slow / seen.length / SHARED.share - 1)).toBeLessThan(0.1);
  });

  it('is slowed for stretches of the mean length, within a tenth', () => {
    const stretches = seen.filter((speed, i) => speed === SLOW && seen[i - 1] === FAST).length;
    expect(Math.abs((slow * MILLISECOND) / stretches / SHARED.stretch - 1)).toBeLessThan(0.1);
  });

  it('is the same for the same seed, and another for another', () => {
    expect(speeds(SHARED, 5)).toEqual(speeds(SHARED, 5));
    expect(speeds(SHARED, 5, '2')).not.toEqual(speeds(SHARED, 5));
  });

  it('takes on average as long for the same work as an even core, within 2 per cent', () => {
    const taken = seen.reduce((sum, speed) => sum + 1 / speed, 0) / seen.length;
    expect(Math.abs(taken - 1)).toBeLessThan(0.02);
  });

  it.each([
    ['nobody else', undefined],
    ['others for none of the time', { ...SHARED, share: 0 }],
    ['others all the time', { ...SHARED, share: 1 }],
  ])('keeps its speed with %s', (_, shared) => {
    expect(new Set(speeds(shared, 5))).toEqual(new Set([1]));
  });
});

describe('work on it', () => {
  const even = resolveHost(hostCatalogue.t7500 as HostProfile, 'lxc', 'raised');
  const tasks = (sharedCores: SharedCores | undefined, costs: readonly number[]) =>
    taskSojourns(
      { ...even, sharedCores } as Host,
      1,
      costs.map(() => 0),
      costs,
    );

  it('gets done at the mean of both speeds in the long run, within 3 per cent', () => {
    const [taken = 0] = tasks(SHARED, [600e9]);
    expect(Math.abs((taken * (0.7 * FAST + 0.3 * SLOW)) / 600e9 - 1)).toBeLessThan(0.03);
  });

  it('follows a change in its midst: work of a stretch takes neither speed alone', () => {
    const [even = 0] = tasks(undefined, [1e9]);
    const [taken = 0] = tasks(SHARED, [1e9]);
    expect(taken).toBeGreaterThan(even / FAST + MILLISECOND);
    expect(taken).toBeLessThan(even / SLOW - MILLISECOND);
  });

  it('shares a slowed core as it shares any: two tasks of one length end within a slice of each other', () => {
    const [first = 0, second = 0] = tasks(SHARED, [2e9, 2e9]);
    expect(Math.abs(first - second)).toBeLessThan(200e6);
  });
});
