// What orchestrators do: add up what each container declares, which is what one of them needs alone.

import type { Baseline, BaselineQuestion } from './baseline.js';

export function declared({ points, cores, memory }: BaselineQuestion): Baseline | null {
  const first = points.find(({ cpu }) => cpu !== null);
  if (!first) return null;
  const each = (first.cpu as number) / first.vnodes;
  const byCpu = (100 * cores) / each;
  return {
    name: 'declared sum',
    how: 'the CPU of the smallest experiment and the memory of a container, times their number',
    knee: Math.min(byCpu, memory.available / memory.each),
    cpuAt: (vnodes) => Math.min(100 * cores, each * vnodes),
  };
}
