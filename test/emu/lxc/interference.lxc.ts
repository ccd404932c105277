// Interference for real: a victim works alone and beside a stress, and a fork bomb stays in its box.

import { expect, it } from 'vitest';
import { runForReal, withContainers } from './support.js';

const beside = async (stress: 'none' | 'fork') => {
  const record = await runForReal({ workload: { kind: 'interference', stress, duration: '2s' } });
  const victim = record.vnodes.find(({ vnode }) => vnode === 'victim');
  return { speed: victim?.workPerSecond ?? 0, processes: record.hosts[0]?.processes ?? 0 };
};

withContainers('interference', () => {
  it('tells how fast the victim was, alone and beside a bounded fork bomb', async () => {
    const before = await beside('none');
    const { speed, processes } = await beside('fork');
    const after = await beside('none');
    // Whatever else happens on the machine makes the victim slower: of two runs alone the faster tells its speed.
    const alone = Math.max(before.speed, after.speed);
    expect(Math.min(before.speed, after.speed)).toBeGreaterThan(0);
    expect(speed).toBeGreaterThan(0);
    expect(speed).toBeLessThan(1.5 * alone);
    // Two containers of at most 64 processes, the victim's own few, and a monitor each.
    expect(processes).toBeLessThan(2 * 64 + 20);
  });
});
