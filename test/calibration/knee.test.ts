// The knee on hosts whose margins are known in closed form.

import { describe, expect, it } from 'vitest';
import { type Evaluation, findKnee, type KneeSearch, plannedDensity } from '../../calibration/index.js';
import { randomStream } from '../../sim/index.js';

/** A host that is ideal up to `flat` and crosses its tolerance between `knee` and `knee` + 1. */
const falling =
  (knee: number, flat = 0.8 * knee) =>
  (density: number): number =>
    density <= flat ? 1 : 1 - (density - flat) / (knee + 0.5 - flat);

const one = (margin: number): Evaluation => ({ seeds: [{ goodput: margin }] });
const search = (evaluate: (density: number) => Evaluation, differs: Partial<KneeSearch> = {}) =>
  findKnee({ evaluate: async (density) => evaluate(density), lowest: 1, highest: 10_000, resolution: 0, ...differs });

describe('the knee', () => {
  it.each([1, 2, 7, 12, 140, 999, 9999])('is found exactly where it is %i', async (knee) => {
    const margin = falling(knee);
    const found = await search((density) => one(margin(density)));
    expect(found.density).toBe(knee);
    expect(found.broken).toBe(knee + 1);
  });

  it('is found from the load in few runs', async () => {
    const margin = falling(140);
    const found = await search((density) => ({ ...one(margin(density)), load: Math.min(1, density / 150) }), {
      start: 20,
    });
    expect(found.density).toBe(140);
    expect(found.tested.length).toBeLessThanOrEqual(10);
  });

  it('is zero when not even one vnode is faithful', async () => {
    expect(await search(() => one(-1))).toMatchObject({ density: 0, broken: 1 });
  });

  it('is the upper bound when that is faithful', async () => {
    expect(await search(() => one(1), { highest: 77 })).toMatchObject({ density: 77, broken: null });
  });

  it('finds a step, as memory makes it', async () => {
    const found = await search((density) => ({ seeds: [{ goodput: 1, 'lost-vnodes': density <= 150 ? 0.01 : -0.2 }] }));
    expect(found.density).toBe(150);
    expect(found.tested.find((verdict) => verdict.density === 151)?.metric).toBe('lost-vnodes');
  });

  it('keeps to whole pairs', async () => {
    const margin = falling(25);
    const found = await search((density) => one(margin(density)), { step: 2, highest: 101 });
    expect(found.density).toBe(24);
    expect(found.tested.every((verdict) => verdict.density % 2 === 0)).toBe(true);
  });

  it('lies below every tested density that is broken', async () => {
    // A host that is broken from 40 to 60 and faithful again above.
    const found = await search((density) => one(density >= 40 && density <= 60 ? -1 : density < 500 ? 1 : -1), {
      start: 50,
    });
    expect(found.density).toBe(39);
  });

  it('asks the same densities in whatever order the answers come', async () => {
    const asked = async (delay: (density: number) => number) => {
      const order: number[] = [];
      const margin = falling(333);
      await findKnee({
        lowest: 1,
        highest: 2000,
        async evaluate(density) {
          order.push(density);
          await new Promise((done) => setTimeout(done, delay(density)));
          return one(margin(density));
        },
      });
      return order;
    };
    expect(await asked((density) => density % 3)).toEqual(await asked((density) => 3 - (density % 3)));
  });

  it('lies within the noise of runs that vary', async () => {
    const margin = falling(200, 100);
    for (let world = 1; world <= 10; world++) {
      const found = await search(
        (density) => {
          const random = randomStream(String(world), `density-${density}`);
          const seeds = Array.from({ length: 5 }, () => ({
            goodput: margin(density) + 0.1 * (random.uniform() - 0.5),
          }));
          return { seeds };
        },
        { start: 100 },
      );
      expect(Math.abs(found.density - 200)).toBeLessThan(10);
    }
  });

  it('is not ended by a chance failure at a low density', async () => {
    const margin = falling(200);
    const found = await search(
      (density) => {
        // Few vnodes at a low density: the margins there are mostly noise, on the ideal twin as well.
        const deviation = 20 / density;
        const shift = density < 20 ? -2 : 0;
        const seeds = [-1, 0, 1].map((z) => ({ goodput: margin(density) + shift + z * deviation }));
        return { seeds, noise: { goodput: deviation } };
      },
      { start: 10 },
    );
    // At 200 the ideal twins differ by a tenth of the tolerance, which moves the knee by a few of the hundred.
    expect(found.density).toBeGreaterThan(190);
    expect(found.density).toBeLessThan(210);
  });

  it('is decided by the vnodes of all seeds together where those are given', async () => {
    const found = await search((density) => ({
      seeds: [{ goodput: -1 }],
      pooled: { goodput: density <= 30 ? 1 : -1 },
    }));
    expect(found.density).toBe(30);
  });
});

describe('the planned density', () => {
  const noisy = async (deviation: number, noise = 0) => {
    const margin = falling(200, 100);
    return search((density) => ({
      seeds: [-1, 0, 1].map((z) => ({ goodput: margin(density) + z * deviation })),
      noise: { goodput: noise },
    }));
  };
  const hosts = (peers: number) => (density: number) => Math.ceil(peers / density);

  it('equals the knee where runs do not vary', async () => {
    const { tested, density } = await noisy(0);
    expect(plannedDensity(tested, density, hosts(10_000))).toBe(200);
  });

  it('lies below the knee where they vary, the more so the more hosts must hold together', async () => {
    const { tested, density } = await noisy(0.1);
    const few = plannedDensity(tested, density, hosts(400));
    const many = plannedDensity(tested, density, hosts(100_000));
    expect(few).toBeLessThan(density);
    expect(many).toBeLessThan(few);
    // One host of 200 with probability 0.9: 1.28 deviations of 0.1 above the tolerance, at a slope of 1 in 100.5.
    expect(plannedDensity(tested, density, () => 1)).toBe(187);
  });

  it('does not count against the host what the ideal twin varies by itself', async () => {
    const { tested, density } = await noisy(0.1, 0.1);
    expect(plannedDensity(tested, density, hosts(10_000))).toBe(density);
  });

  it('is zero where no density holds', () => {
    const margins = { goodput: -1 };
    const verdict = {
      density: 1,
      margin: -1,
      metric: 'goodput',
      margins,
      variances: {},
      ownVariances: {},
      errors: {},
      ownErrors: {},
      spread: 0,
      seeds: 1,
    };
    expect(plannedDensity([verdict], 0, () => 1)).toBe(0);
  });
});
