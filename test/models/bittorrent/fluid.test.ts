// Fluid swarms: which term binds, and the published steady states.

import { describe, expect, it } from 'vitest';
import { fluidSteadyState, minimumDistributionTime } from '../../../models/index.js';

describe('the minimum distribution time', () => {
  const swarm = { file: 100, seeding: 10, leechers: 10, upload: 5, download: 50 };

  it('is bound by all uplinks together, by the seeders, or by the slowest downlink', () => {
    expect(minimumDistributionTime(swarm)).toBeCloseTo(1000 / 60, 12);
    expect(minimumDistributionTime({ ...swarm, seeding: 1, upload: 100 })).toBe(100);
    expect(minimumDistributionTime({ ...swarm, seeding: 1000, upload: 100, download: 2 })).toBe(50);
  });

  it('of one leecher is its own share of the seeders and its downlink', () => {
    expect(minimumDistributionTime({ ...swarm, leechers: 1, upload: 0 })).toBe(10);
  });
});

describe('the steady state of Qiu and Srikant', () => {
  const published = { upload: 0.00125, download: 0.002, effectiveness: 1, abort: 0.001 };

  it.each([
    [0.005, 375, 375, 125],
    [0.001, 1000 / 3, 1000 / 3, 2000 / 3],
  ])('for seeders that leave at %f', (leave, downloadTime, leechers, seeders) => {
    const found = fluidSteadyState({ ...published, leave });
    expect(found.downloadTime).toBeCloseTo(downloadTime, 9);
    expect(found.leechers).toBeCloseTo(leechers, 9);
    expect(found.seeders).toBeCloseTo(seeders, 9);
  });
});
