// The integer cube root against its definition.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cubeRoot } from '../../../../sim/tcp/congestion/integer-root.js';

describe('the integer cube root', () => {
  it('is the largest integer whose cube is not above the value', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (value) => {
        const root = BigInt(cubeRoot(value));
        expect(root ** 3n <= BigInt(value)).toBe(true);
        expect((root + 1n) ** 3n > BigInt(value)).toBe(true);
      }),
    );
    for (const root of [0, 1, 2, 3, 10, 1000, 208_063]) expect(cubeRoot(root ** 3)).toBe(root);
    expect(cubeRoot(26)).toBe(2);
    expect(() => cubeRoot(-1)).toThrow();
  });
});
