// Prediction intervals: parameters drawn as their profile says, and nine in ten measurements inside.

import { describe, expect, it } from 'vitest';
import {
  crossingFrom,
  drawnProfile,
  findKnee,
  intervalOf,
  kneeCurve,
  latinHypercube,
  parametersOf,
  predictionSample,
  standardDeviation,
  uncertainNames,
} from '../../calibration/index.js';
import { normalQuantile } from '../../calibration/normal.js';
import { parameterAt } from '../../calibration/parameter-draw.js';
import type { HostProfile } from '../../models/index.js';
import { randomStream } from '../../sim/index.js';

describe('a Latin hypercube', () => {
  it('covers each parameter evenly', () => {
    const points = latinHypercube(['a', 'b'], 8, 'seed');
    for (const name of ['a', 'b'])
      expect(points.map((point) => point.get(name)).sort()).toEqual([1, 3, 5, 7, 9, 11, 13, 15].map((odd) => odd / 16));
  });

  it('keeps the draws of a parameter when another one joins', () => {
    const few = latinHypercube(['b'], 8, 'seed').map((point) => point.get('b'));
    expect(latinHypercube(['c', 'b', 'a'], 8, 'seed').map((point) => point.get('b'))).toEqual(few);
    expect(latinHypercube(['b'], 8, 'other').map((point) => point.get('b'))).not.toEqual(few);
  });
});

describe('drawn parameters', () => {
  const parameter = (value: number, low?: number, high?: number) => ({
    value,
    low,
    high,
    source: 'assumed' as const,
    note: 'a test',
  });

  it('read low and high as the 5 % and 95 % points', () => {
    expect(parameterAt(parameter(10.5, 8.5, 14.5), 0.05)).toBeCloseTo(8.5, 6);
    expect(parameterAt(parameter(10.5, 8.5, 14.5), 0.5)).toBeCloseTo(10.5, 6);
    expect(parameterAt(parameter(10.5, 8.5, 14.5), 0.95)).toBeCloseTo(14.5, 6);
  });

  it('stay whole where they are whole, and never fall below zero', () => {
    expect(parameterAt(parameter(1000, 900, 1200), 0.7)).toBe(Math.round(parameterAt(parameter(1000, 900, 1200), 0.7)));
    expect(parameterAt(parameter(10, 0, 11), 0.001)).toBe(0);
  });

  it('change one platform of the profile and nothing else', () => {
    const profile = {
      hardware: { memory: parameter(2e9, 1e9, 3e9), nicRate: parameter(1e9) },
      platforms: { lxc: { cpu: { taskWake: parameter(1000, 500, 2000) }, disk: { sharedBase: true } }, jail: {} },
    } as unknown as HostProfile;
    expect(uncertainNames(profile, 'lxc')).toEqual(['hardware.memory', 'platform.cpu.taskWake']);
    const drawn = drawnProfile(profile, 'lxc', new Map([['platform.cpu.taskWake', 0.95]]));
    expect(parametersOf(drawn, 'lxc').get('platform.cpu.taskWake')).toMatchObject({ value: 2000 });
    expect(drawn.hardware).toEqual(profile.hardware);
    expect(drawn.platforms.lxc?.disk).toEqual({ sharedBase: true });
  });
});

describe('what a calibration found to move together', () => {
  it('is drawn together: each cost keeps its interval, their sum gets the narrow one', () => {
    const cost = () => ({ value: 1000, low: 800, high: 1200, source: 'assumed' as const, note: 'a test' });
    const profile = {
      hardware: {},
      platforms: { lxc: { cpu: { transmitPerPacket: cost(), receivePerPacket: cost(), taskWake: cost() } } },
      calibration: {
        correlations: {
          names: ['cpu.receivePerPacket', 'cpu.transmitPerPacket'],
          matrix: [
            [1, -0.96],
            [-0.96, 1],
          ],
        },
      },
    } as unknown as HostProfile;
    const draws = latinHypercube(uncertainNames(profile, 'lxc'), 400, '1').map((point) => {
      const drawn = parametersOf(drawnProfile(profile, 'lxc', point), 'lxc');
      const value = (name: string) => drawn.get(`platform.cpu.${name}`)?.value as number;
      return { one: value('transmitPerPacket'), other: value('receivePerPacket'), third: value('taskWake') };
    });
    const spread = (of: (draw: (typeof draws)[number]) => number) => standardDeviation(draws.map(of));
    // 200 either way at 90 % is a standard deviation of 121.6.
    for (const of of [spread(({ one }) => one), spread(({ other }) => other), spread(({ third }) => third)])
      expect(Math.abs(of / 121.6 - 1)).toBeLessThan(0.1);
    // sqrt(2 (1 - 0.96)) of one's; independent ones would have sqrt(2).
    expect(Math.abs(spread(({ one, other }) => one + other) / (121.6 * Math.sqrt(0.08)) - 1)).toBeLessThan(0.15);
    expect(spread(({ one, third }) => one + third) / (121.6 * Math.SQRT2)).toBeGreaterThan(0.9);
  });
});

describe('the prediction interval', () => {
  /** A world with its own cost a vnode; margins fall from one at 85 % load to zero at full load. */
  const margin = (density: number, cost: number) => Math.min(1, (1 - (density * cost) / 1000) / 0.15);

  it('covers about nine in ten of the knees that one measurement finds', async () => {
    const cost = { value: 5, low: 4.4, high: 5.8, source: 'assumed' as const, note: 'a test' };
    const nominal = await findKnee({
      lowest: 1,
      highest: 1000,
      evaluate: async (density) => ({ seeds: [{ goodput: margin(density, 5.000001) }] }),
    });
    const curve = kneeCurve(nominal.tested, nominal.density, nominal.broken);
    let inside = 0;
    const worlds = 400;
    for (let world = 1; world <= worlds; world++) {
      const drawn = latinHypercube(['cost'], 8, String(world)).map((point) => {
        const c = parameterAt(cost, point.get('cost') as number) + 1e-6;
        const near = Math.round(curve.crossing * (5 / c) * 1.02);
        return crossingFrom(curve, near, margin(near, c));
      });
      const interval = intervalOf(nominal.density, predictionSample(drawn, nominal.density, 199));
      const truth = parameterAt(cost, randomStream(String(world), 'truth').uniform() * 0.998 + 0.001) + 1e-6;
      const measured = Math.floor(1000 / truth);
      if (measured >= interval.low && measured <= interval.high) inside++;
      expect(interval.low).toBeLessThanOrEqual(interval.value);
      expect(interval.high).toBeGreaterThanOrEqual(interval.value);
    }
    expect(inside / worlds).toBeGreaterThan(0.85);
    expect(inside / worlds).toBeLessThan(0.97);
  });

  it('finds a drawn host by its stretched curve', async () => {
    const evaluate = async (density: number) => ({ seeds: [{ goodput: margin(density, 5) }] });
    const nominal = await findKnee({ lowest: 1, highest: 1000, evaluate, start: 150 });
    const curve = kneeCurve(nominal.tested, nominal.density, nominal.broken);
    expect(curve.crossing).toBeCloseTo(200, 0);
    for (const cost of [4, 4.5, 6])
      expect(crossingFrom(curve, Math.round(990 / cost), margin(Math.round(990 / cost), cost)) * cost).toBeCloseTo(
        1000,
        -1,
      );
  });

  it('is a point where nothing is uncertain', () => {
    expect(intervalOf(140, predictionSample([], 140, 99))).toEqual({ value: 140, low: 140, high: 140 });
  });

  it('is wider from few draws than the normal one', () => {
    const drawn = [90, 95, 100, 105, 110, 115];
    const { low, high } = intervalOf(102, predictionSample(drawn, 102, 999));
    expect(high - low).toBeGreaterThan(2 * normalQuantile(0.95) * 9.35);
  });
});
