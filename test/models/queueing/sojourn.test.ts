// Sojourn times against textbook values.

import { describe, expect, it } from 'vitest';
import { sojournMD1, sojournMM1, sojournMMk } from '../../../models/index.js';

describe('mean sojourn', () => {
  it('of one server doubles its waiting when services are exponential', () => {
    const [constant, exponential] = [sojournMD1(1, 0.8), sojournMM1(1, 0.8)];
    expect(constant).toBeCloseTo(3, 12);
    expect(exponential).toBeCloseTo(5, 12);
    expect(exponential - 1).toBeCloseTo(2 * (constant - 1), 12);
  });

  it('of k servers is that of one for k = 1, and 1 / (1 - load^2) for k = 2', () => {
    for (const load of [0.1, 0.5, 0.9]) {
      expect(sojournMMk(3, load, 1)).toBeCloseTo(sojournMM1(3, load), 10);
      expect(sojournMMk(1, load, 2)).toBeCloseTo(1 / (1 - load * load), 10);
    }
  });

  it('of many servers nears the service time', () => {
    expect(sojournMMk(1, 0.5, 64)).toBeCloseTo(1, 4);
  });
});
