// What a vnode loses to interference, from a few rounds, with intervals that hold.

import seedrandom from 'seedrandom';
import { describe, expect, it } from 'vitest';
import { type InterferenceRound, lostShares } from '../../calibration/index.js';
import { STRESSES } from '../../models/index.js';

/** Speeds beside all stresses. */
const beside = (speed: () => number) =>
  Object.fromEntries(STRESSES.map((stress) => [stress, speed()])) as InterferenceRound['beside'];

describe('shares lost to interference', () => {
  it('are what every round says where rounds agree', () => {
    const round = { alone: 10, beside: beside(() => 6) };
    const { fork } = lostShares([round, round]);
    for (const share of [fork.value, fork.low, fork.high]) expect(share).toBeCloseTo(0.4, 12);
  });

  it('have intervals that hold the true share in 9 of 10 trials, of two rounds', () => {
    const random = seedrandom('rounds');
    // Of twelve uniform numbers the sum is close to normal, with a variance of one.
    const noise = () => Array.from({ length: 12 }, () => random()).reduce((sum, value) => sum + value, -6);
    const round = () => ({ alone: 10, beside: beside(() => 7 + 0.4 * noise()) });
    let held = 0;
    const trials = 600;
    for (let trial = 0; trial < trials; trial++) {
      const shares = lostShares([round(), round()]);
      for (const stress of STRESSES) if (shares[stress].low <= 0.3 && 0.3 <= shares[stress].high) held++;
    }
    const share = held / trials / STRESSES.length;
    expect(share).toBeGreaterThan(0.87);
    expect(share).toBeLessThan(0.96);
  });

  it('stay within nothing and all, however noisy', () => {
    const rounds = [10, 5].map((alone) => ({ alone, beside: beside(() => 9) }));
    const { cpu } = lostShares(rounds);
    expect(cpu).toMatchObject({ value: 0, low: 0 });
    expect(cpu.high).toBeLessThanOrEqual(1);
  });

  it('refuse a single round', () => {
    expect(() => lostShares([{ alone: 10, beside: beside(() => 9) }])).toThrow('spread');
  });
});
