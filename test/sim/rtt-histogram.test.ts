// Percentiles from buckets agree with percentiles from all samples.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RttHistogram } from '../../sim/rtt-histogram.js';

describe('the round-trip histogram', () => {
  it('gives percentiles within a bucket (1/32, or 1 us) of the exact ones', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 2_000_000_000_000 }), { minLength: 1, maxLength: 300 }),
        fc.constantFrom(0.01, 0.5, 0.9, 0.99, 1),
        (samples, share) => {
          const histogram = new RttHistogram(1);
          for (const sample of samples) histogram.add(3, sample);
          const sorted = [...samples].sort((a, b) => a - b);
          const exact = sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1] ?? 0;
          const found = histogram.quantile(3, share) ?? -1;
          expect(Math.abs(found - exact)).toBeLessThanOrEqual(Math.max(1024, exact / 32));
          expect(histogram.count(3)).toBe(samples.length);
        },
      ),
    );
  });

  it('keeps vnodes apart and knows when one has no samples', () => {
    const histogram = new RttHistogram();
    histogram.add(500, 1_000_000);
    expect(histogram.quantile(0, 0.5)).toBeUndefined();
    expect(histogram.quantile(9999, 0.5)).toBeUndefined();
    expect(histogram.count(9999)).toBe(0);
    expect(histogram.quantile(500, 0.99)).toBeGreaterThan(980_000);
  });
});
