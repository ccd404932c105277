// The baselines give back what measurements were made from, and answer a question as they would be used.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { baselinesFor } from '../../../experiments/baselines/index.js';
import { loadPoints } from '../../../experiments/baselines/observed-load.js';
import { capacityOf, fitScalabilityLaw } from '../../../experiments/baselines/scalability-law.js';
import { lineThrough } from '../../../experiments/baselines/straight-line.js';
import { scenarioSchema } from '../../../models/index.js';
import { calibratedProfile } from '../../calibration/host-fit/calibrated.js';

describe('the scalability law', () => {
  it('is found again from its own throughputs', async () => {
    const law = { each: 9e7, contention: 0.04, crosstalk: 0.0008 };
    const counts = [1, 2, 4, 8, 12, 16, 24, 32];
    const found = await fitScalabilityLaw(counts.map((n) => [n, law.each * capacityOf(law, n)] as const));
    expect(found?.contention).toBeCloseTo(law.contention, 6);
    expect(found?.crosstalk).toBeCloseTo(law.crosstalk, 8);
    expect((found?.each ?? 0) / law.each).toBeCloseTo(1, 6);
  });

  it('is in proportion without contention and crosstalk, and needs three points', async () => {
    expect(capacityOf({ each: 1, contention: 0, crosstalk: 0 }, 17)).toBe(17);
    expect(await fitScalabilityLaw([[1, 1e6] as const, [2, 2e6] as const])).toBeNull();
  });
});

it('a straight line is found again', () => {
  const value = fc.double({ min: -100, max: 100, noNaN: true });
  fc.assert(
    fc.property(value, value, (offset, slope) => {
      const line = lineThrough([1, 2, 5, 9].map((x) => [x, offset + slope * x] as const));
      expect(line?.offset).toBeCloseTo(offset, 6);
      expect(line?.slope).toBeCloseTo(slope, 6);
    }),
  );
});

describe('the baselines of a question', () => {
  // Made-up CPU of 10 % for a pair of 100 Mbit/s on two cores: 20 pairs, 40 vnodes.
  const profile = calibratedProfile(2);
  const scenario = (up: string) => scenarioSchema.parse({ name: 'asked', workload: { kind: 'pairs' }, link: { up } });
  const ask = (up: string) => baselinesFor({ scenario: scenario(up), profile, technology: 'lxc', goodput: 0.95 });

  it('agree where CPU is in proportion to the pairs', async () => {
    const found = await ask('100Mbit/s');
    expect(found.map(({ name }) => name)).toEqual(['declared sum', 'straight line']);
    for (const { knee, cpuAt } of found) {
      expect(knee).toBeCloseTo(40, 6);
      expect(cpuAt(20)).toBeCloseTo(100, 6);
      expect(cpuAt(400)).toBe(200);
    }
  });

  it('take other link rates in proportion when theirs was not measured', async () => {
    expect(profile.calibration && loadPoints(profile.calibration, scenario('400Mbit/s'))).toHaveLength(40);
    for (const { knee } of await ask('400Mbit/s')) expect(knee).toBeCloseTo(10, 6);
  });

  it('are none for a host that was not measured', async () => {
    const { calibration: _none, ...rest } = profile;
    expect(
      await baselinesFor({ scenario: scenario('1Mbit/s'), profile: rest, technology: 'lxc', goodput: 0.95 }),
    ).toEqual([]);
  });
});
