// Sampled studies: what they tell is so, as surely as they say, and their parts are named by what is in them.

import { describe, expect, it } from 'vitest';
import { parseScan, sweepReport, sweepSchema } from '../../../experiments/whatif/index.js';
import { ask, request } from './fake-study.js';

describe('a sample', () => {
  const STRETCHES = ['host.memory=1GiB..4GiB', 'host.cores=1,2,4', 'range.peers=500..1000'].map(parseScan);
  const of = (document: Awaited<ReturnType<typeof ask>>['document'], path: string) => {
    const found = document.sensitivity.find((one) => one.path === path);
    if (!found) throw new Error(`nothing of ${path}`);
    return found;
  };

  it('tells from where another constraint binds as far as the points do, and how sure that is', async () => {
    const { document } = await ask(request({ scans: STRETCHES, sample: 60 }));
    expect(sweepSchema.safeParse(document).error).toBeUndefined();
    expect(document).toMatchObject({ design: 'sample', points: { length: 60 } });
    // 94.5 vnodes a core and 50 a GiB: one core is full from 1.9 GiB on, two from 3.8 GiB on, four never.
    const memory = of(document, 'host.memory');
    expect(memory.switches).toEqual([]);
    const [first] = memory.estimate?.turns ?? [];
    expect(first).toMatchObject({ before: 'memory', after: 'cpu' });
    expect(Number.parseFloat(String(first?.from))).toBeLessThan(1.9);
    expect(Number.parseFloat(String(first?.to))).toBeGreaterThan(1.9);
    expect(first?.above).toBeGreaterThan(first?.below as number);
    const cores = of(document, 'host.cores');
    expect(cores.estimate?.turns).toContainEqual(
      expect.objectContaining({ from: 1, to: 2, before: 'cpu', after: 'memory' }),
    );
    // The range's size changes nothing, and no turn is made up for it.
    const peers = of(document, 'range.peers');
    expect(peers.estimate?.turns).toEqual([]);
    expect(peers.estimate?.probability).toBeLessThan(0.5);
    expect(peers.share).toBeLessThan(0.1);
    const text = sweepReport(document, false);
    expect(text).toMatch(/^host\.\w+ moves the knee most, as far as 60 points tell: from /);
    expect(text).toContain('What moves the knee, each parameter while the others vary too\n');
    expect(text).toMatch(
      /somewhere from [\d.]+GiB to [\d.]+GiB cpu comes to bind instead of memory \(at \d+ % of the points below, at \d+ % above; (over )?\d+ % sure\)/,
    );
    expect(text).toMatch(/whether it changes what binds, 60 points do not tell: that it does is (under )?\d+ % likely/);
  });

  it('names its parts by what was asked about in them, in the order of the scan', async () => {
    const { document } = await ask(request({ scans: STRETCHES, sample: 24 }));
    const { levels } = of(document, 'host.memory');
    const asked = document.points.map(({ values }) => Number.parseFloat(String(values[0]))).sort((a, b) => a - b);
    expect(levels.reduce((sum, { points }) => sum + points, 0)).toBe(24);
    let first = 0;
    for (const { from, to, points } of levels) {
      const own = asked.slice(first, first + points);
      first += points;
      expect([from, to]).toEqual([`${own[0]}GiB`, `${own.at(-1)}GiB`]);
    }
    expect(levels).toHaveLength(4);
    expect(of(document, 'host.cores').levels.map(({ from, to }) => [from, to])).toEqual([1, 2, 4].map((n) => [n, n]));
    expect(document.parameters[1]?.values).toEqual([1, 2, 4]);
  });

  it('of one parameter is a line, along which everything is known', async () => {
    const { document } = await ask(request({ scans: [parseScan('host.memory=1GiB..8GiB')], sample: 20 }));
    const [memory] = document.sensitivity;
    expect(memory).toMatchObject({ share: 1, estimate: null, switches: [{ before: 'memory', after: 'cpu', of: 1 }] });
    // Two cores are full at 189 vnodes.
    const { from, to } = memory?.switches[0] ?? {};
    expect(Number.parseFloat(String(from))).toBeLessThan(3.79);
    expect(Number.parseFloat(String(to))).toBeGreaterThan(3.79);
  });

  it('is the same after any interruption', async () => {
    const whole = await ask(request({ scans: STRETCHES, sample: 12 }));
    const again = await ask(request({ scans: STRETCHES, sample: 12 }), whole.entries.slice(0, 5));
    expect(JSON.stringify(again.document)).toBe(JSON.stringify(whole.document));
  });
});
