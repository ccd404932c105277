// What an earlier run left is given time to go, and no more than it needs.

import { describe, expect, it } from 'vitest';
import { memoryAtRest } from '../../emu/memory-at-rest.js';

const MB = 1e6;
const never = new AbortController().signal;

/** How often memory is looked at that goes through these values, and keeps the last one. */
async function looks(values: readonly number[]): Promise<number> {
  let seen = 0;
  await memoryAtRest(() => values[Math.min(seen++, values.length - 1)] as number, never, 1);
  return seen;
}

describe('memory at rest', () => {
  it('is waited for while it falls', async () => {
    expect(await looks([100 * MB])).toBe(2);
    expect(await looks([100 * MB, 101 * MB])).toBe(2);
    expect(await looks([100 * MB, 95 * MB, 93 * MB, 92.99 * MB])).toBe(4);
  });

  it('is not waited for when it falls for ever, nor after the end', async () => {
    expect(await looks(Array.from({ length: 100 }, (_, i) => (100 - i) * MB))).toBe(17);
    const ended = AbortSignal.abort(new Error('ended'));
    await expect(memoryAtRest(() => 0, ended, 1)).rejects.toThrow();
  });
});
