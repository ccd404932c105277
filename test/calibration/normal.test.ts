// The normal distribution, against published values.

import { describe, expect, it } from 'vitest';
import {
  exponential,
  normalProbability,
  normalQuantile,
  studentQuantile,
  wholePower,
} from '../../calibration/normal.js';

describe('the normal distribution', () => {
  it.each([
    [0, 0.5],
    [1, 0.8413447460685429],
    [-1.959963984540054, 0.025],
    [2.9785, 0.9985517],
    [5, 0.9999997133484281],
  ])('P(Z <= %f)', (z, p) => expect(normalProbability(z)).toBeCloseTo(p, 7));

  it('inverts itself', () => {
    for (const p of [0.001, 0.05, 0.3, 0.5, 0.77, 0.95, 0.9999])
      expect(normalProbability(normalQuantile(p))).toBeCloseTo(p, 12);
    expect(normalQuantile(0.95)).toBeCloseTo(1.6448536269514722, 10);
  });

  it('gives e', () => {
    for (const y of [-30, -4.2, -0.1, 0, 0.5, 3, 20]) expect(exponential(y) / Math.exp(y)).toBeCloseTo(1, 11);
  });

  it('widens for few degrees of freedom as Student found', () => {
    expect(studentQuantile(0.95, 7)).toBeCloseTo(1.8946, 2);
    expect(studentQuantile(0.95, 30)).toBeCloseTo(1.6973, 3);
  });

  it('raises to whole powers', () => {
    expect(wholePower(0.5, 0)).toBe(1);
    expect(wholePower(0.99, 72)).toBeCloseTo(0.99 ** 72, 12);
  });
});
