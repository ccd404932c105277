// No collection that V8 begins by itself falls into a real run. The one eight seconds after rest is begun as all are that
// go step by step; those can be had within a second.

import { constants, type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { withoutCollections } from '../../emu/collections.js';

const { NODE_PERFORMANCE_GC_INCREMENTAL: STEP_BY_STEP } = constants;

/** Leaves hundreds of megabytes behind, a few at a time. */
async function litter(): Promise<void> {
  for (let round = 0; round < 40; round++) {
    const all = Array.from({ length: 200_000 }, (_, i) => ({ i }));
    await pause(1);
    expect(all).toHaveLength(200_000);
  }
}

/** Collections step by step that began while `work` lasted. */
async function begun(work: () => Promise<void>): Promise<number> {
  let count = 0;
  const observer = new PerformanceObserver((list) => {
    // Node's types say what an entry of its own is only where entries are made by hand.
    for (const entry of list.getEntries() as (PerformanceEntry & { detail?: { kind?: number } })[])
      if (entry.detail?.kind === STEP_BY_STEP) count++;
  });
  observer.observe({ entryTypes: ['gc'] });
  await work();
  await pause(50);
  observer.disconnect();
  return count;
}

it('begins no collection step by step within the work, and does so again afterwards', async () => {
  await begun(litter);
  expect(await begun(() => withoutCollections(litter))).toBe(0);
  expect(await begun(litter)).toBeGreaterThan(0);
  await expect(withoutCollections(() => Promise.reject(new Error('ended')))).rejects.toThrow('ended');
  expect(await begun(litter)).toBeGreaterThan(0);
});
