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
    const alone = await beside('none');
    expect(alone.speed).toBeGreaterThan(0);
    const { speed, processes } = await beside('fork');
    expect(speed).toBeGreaterThan(0);
    expect(speed).toBeLessThan(1.5 * alone.speed);
    // Two containers of at most 64 processes, the victim's own few, and a monitor each.
    expect(processes).toBeLessThan(2 * 64 + 20);
  });
});
