// The addresses of a range.

import { describe, expect, it } from 'vitest';
import { addressRange, vnodeAddress } from '../../../models/index.js';

describe('a range of addresses', () => {
  it('has room for all but its network and broadcast addresses', () => {
    expect(addressRange('10.0.0.0/24')).toEqual({ network: 10 * 2 ** 24, count: 254 });
    expect(addressRange('198.18.0.0/15')?.count).toBe(131_070);
    expect(addressRange('0.0.0.0/0')?.count).toBe(2 ** 32 - 2);
    expect(addressRange('192.168.1.77/30')).toEqual({ network: 0xc0a8014c, count: 2 });
  });

  it('gives the first vnode the first address', () => {
    const range = addressRange('10.0.0.0/24');
    expect(range && vnodeAddress(range, 0)).toBe(10 * 2 ** 24 + 1);
  });

  it.each(['10.0.0.0', '10.0.0/24', '256.0.0.0/8', '10.0.0.0/31', '10.0.0.0/99', 'x'])('is none: %s', (text) => {
    expect(addressRange(text)).toBeUndefined();
  });
});
