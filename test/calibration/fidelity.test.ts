// Fidelity of hand-made runs: what counts as faithful, metric by metric.

import { describe, expect, it } from 'vitest';
import {
  comparablePart,
  defaultTolerances,
  type FidelityMetric,
  fidelity,
  type MetricId,
  toleranceSchema,
} from '../../calibration/index.js';
import type { RunRecord, VnodeRecord } from '../../models/index.js';
import { host, leecher, record, swarmScenario, vnode } from './records.js';

const judge = (run: RunRecord | RunRecord[], ideal: RunRecord | RunRecord[], tolerances = defaultTolerances) =>
  fidelity(run, ideal, tolerances);
const named = (metrics: readonly FidelityMetric[], id: MetricId): FidelityMetric =>
  metrics.find((metric) => metric.metric === id) as FidelityMetric;
const ids = (metrics: readonly FidelityMetric[]): string[] => metrics.map((metric) => metric.metric);

const rates = (...goodputs: number[]): RunRecord => record({ vnodes: goodputs.map((goodput) => vnode({ goodput })) });
const swarm = (vnodes: VnodeRecord[], virtualSeconds = 100): RunRecord =>
  record({ scenario: swarmScenario, vnodes, totals: { ...record().totals, virtualSeconds } });

describe('goodput', () => {
  it('looks at the slowest 5 % of the vnodes, not at the mean', () => {
    const ideal = rates(...Array.from({ length: 20 }, () => 100));
    const goodput = named(judge(rates(...Array.from({ length: 19 }, () => 100), 90), ideal), 'goodput');
    expect(goodput).toMatchObject({ value: 0.9, tolerance: 0.95, ok: false, measured: 90, ideal: 100 });
    expect(goodput.margin).toBeCloseTo(-1);
  });

  it('has margin 1 where the run is ideal and 0 on the tolerance', () => {
    expect(named(judge(rates(100), rates(100)), 'goodput')).toMatchObject({ ok: true, margin: 1 });
    expect(named(judge(rates(95), rates(100)), 'goodput').margin).toBeCloseTo(0);
  });

  it('counts a vnode that the host had no memory for as one without goodput', () => {
    const run = record({ vnodes: [vnode({ goodput: 100 }), vnode({ alive: false })] });
    const metrics = judge(run, rates(100, 100));
    expect(named(metrics, 'goodput').value).toBe(0);
    expect(named(metrics, 'lost-vnodes')).toMatchObject({ value: 1, tolerance: 0, ok: false });
  });

  it('follows the tolerance that the user sets', () => {
    const strict = toleranceSchema.parse({ goodput: '99%' });
    expect(named(judge(rates(97), rates(100)), 'goodput').ok).toBe(true);
    expect(named(judge(rates(97), rates(100), strict), 'goodput').ok).toBe(false);
  });

  it('leaves remote peers of a composed run out', () => {
    const run = record({ vnodes: [vnode({ goodput: 100 }), vnode({ goodput: 1, host: 'elsewhere' })] });
    expect(named(judge(run, rates(100)), 'goodput').value).toBe(1);
  });
});

describe('completion time', () => {
  const ideal = swarm([leecher(1), leecher(1.1), leecher(1.2), leecher(1.3)]);

  it('compares mean, tail and spread', () => {
    const later = swarm([leecher(1.06), leecher(1.16), leecher(1.26), leecher(1.36)]);
    const metrics = judge(later, ideal);
    expect(named(metrics, 'completion-mean')).toMatchObject({ tolerance: 0.05, ok: false, unit: 's' });
    expect(named(metrics, 'completion-mean').value).toBeCloseTo(0.06 / 1.15);
    expect(named(metrics, 'completion-p95').ok).toBe(true);
    expect(named(metrics, 'completion-deviation').value).toBeCloseTo(0);
  });

  it('breaks when the spread grows or shrinks by more than 30 %', () => {
    for (const stretch of [1.4, 0.6]) {
      const run = swarm([1, 1.1, 1.2, 1.3].map((each) => leecher(1.15 + stretch * (each - 1.15))));
      expect(named(judge(run, ideal), 'completion-deviation').ok).toBe(false);
      expect(named(judge(run, ideal), 'completion-mean').ok).toBe(true);
    }
  });

  it('compares distributions, not one peer with another', () => {
    const reordered = swarm([leecher(1.3), leecher(1), leecher(1.2), leecher(1.1)]);
    expect(judge(reordered, ideal).every((metric) => metric.ok)).toBe(true);
  });

  it('pools the vnodes of several seeds', () => {
    const runs = [swarm([leecher(1), leecher(1.1)]), swarm([leecher(1.2), leecher(1.3)])];
    expect(named(judge(runs, ideal), 'completion-mean').value).toBeCloseTo(0);
  });

  it('counts from each start', () => {
    const late = swarm([leecher(1, 32, { startedAt: 50 }), leecher(1.1), leecher(1.2), leecher(1.3)]);
    expect(named(judge(late, ideal), 'completion-mean').value).toBeCloseTo(0);
  });

  it('is compared, in a window, to the part that 95 % of the ideal leechers reached', () => {
    const slow = Array.from({ length: 19 }, () => leecher(5, 20));
    expect(comparablePart([swarm([...slow, leecher(10, 10)])])).toBe(20);
    expect(comparablePart([swarm([...slow, leecher(10, 10), leecher(10, 10)])])).toBe(10);
    expect(comparablePart([rates(100)])).toBe(0);
  });

  it('takes what a window leaves of a download at the mean pace of the run', () => {
    // 20 of 32 parts in 100 s at 5 s a part: 60 s are left. The one behind lacks 22 parts more than the window shows.
    const behind = swarm([leecher(10, 10), ...Array.from({ length: 9 }, () => leecher(5, 20))]);
    const faithful = swarm(Array.from({ length: 10 }, () => leecher(5, 20)));
    const pace = (9 / 5 + 1 / 10) / 10;
    const mean = named(judge(behind, faithful), 'completion-mean');
    expect(mean.ideal).toBeCloseTo(160);
    expect(mean.measured).toBeCloseTo(100 + (22 + 9 * 12) / 10 / pace);
  });

  it('counts a late first piece once', () => {
    const late = (delay: number) =>
      swarm(
        [5, 5].map((each) => ({
          ...leecher(each, 20),
          milestones: leecher(each, 20).milestones.map((time) => time + delay),
        })),
        100 + delay,
      );
    const mean = named(judge(late(40), late(0)), 'completion-mean');
    expect(mean.measured).toBeCloseTo(200);
    expect(mean.ideal).toBeCloseTo(160);
  });

  it('sees a leecher without a byte, and keeps its time finite', () => {
    const stalled = swarm([leecher(5, 0), leecher(5, 20)]);
    const metrics = judge(stalled, swarm([leecher(5, 20), leecher(5, 20)]));
    expect(named(metrics, 'completion-p95').ok).toBe(false);
    expect(named(metrics, 'goodput').ok).toBe(false);
    expect(Number.isFinite(named(metrics, 'completion-mean').measured)).toBe(true);
  });

  it('knows nothing of downloads that hardly began', () => {
    const begun = swarm([leecher(5, 3), leecher(5, 3)]);
    expect(ids(judge(begun, begun))).not.toContain('completion-mean');
  });
});

describe('latency, loss and hard limits', () => {
  const withRtt = (p99: number): RunRecord => record({ vnodes: [vnode({ rtt: { p50: p99 / 2, p99, samples: 9 } })] });

  it('allows 1 ms or 10 % of the RTT, whichever is larger', () => {
    expect(named(judge(withRtt(0.0019), withRtt(0.001)), 'rtt-p99').ok).toBe(true);
    expect(named(judge(withRtt(0.0021), withRtt(0.001)), 'rtt-p99').ok).toBe(false);
    expect(named(judge(withRtt(0.109), withRtt(0.1)), 'rtt-p99').ok).toBe(true);
    expect(named(judge(withRtt(0.111), withRtt(0.1)), 'rtt-p99').ok).toBe(false);
  });

  it('gives each vnode the weight of its samples', () => {
    const both = (p99: number) =>
      record({
        vnodes: [
          vnode({ role: 'client', rtt: { p50: p99, p99, samples: 999 } }),
          vnode({ rtt: { p50: 0.001, p99: 0.001, samples: 1 } }),
        ],
      });
    expect(named(judge(both(0.1), both(0.1)), 'rtt-p99').measured).toBeCloseTo(0.0999, 5);
  });

  it('allows one packet in a thousand to be lost', () => {
    const losing = (unexpectedLosses: number) => record({ vnodes: [vnode({ packetsSent: 10_000, unexpectedLosses })] });
    expect(named(judge(losing(10), losing(0)), 'loss').ok).toBe(true);
    expect(named(judge(losing(11), losing(0)), 'loss').ok).toBe(false);
  });

  it('allows no refused neighbour entry, and sees how much room is left', () => {
    const table = (peakEntries: number, refused: number) =>
      record({ hosts: [host({ neighbours: { peakEntries, threshold: 1000, refused, overflows: refused } })] });
    const twin = table(0, 0);
    expect(named(judge(table(900, 0), twin), 'refused-neighbours')).toMatchObject({ ok: true });
    expect(named(judge(table(900, 0), twin), 'refused-neighbours').margin).toBeCloseTo(0.1);
    expect(named(judge(table(1000, 1), twin), 'refused-neighbours')).toMatchObject({ ok: false });
    expect(named(judge(table(1000, 1), twin), 'refused-neighbours').margin).toBeLessThan(0);
  });

  it('names only the metrics that the workload has', () => {
    const idle = record({ vnodes: [vnode({ role: 'idle', packetsSent: 0 })] });
    expect(ids(judge(idle, idle))).toEqual(['lost-vnodes', 'refused-neighbours']);
    expect(ids(judge(rates(100), rates(100)))).toEqual(['goodput', 'loss', 'lost-vnodes', 'refused-neighbours']);
  });
});

describe('tolerances', () => {
  it('are those of the interface', () => {
    expect(defaultTolerances).toEqual({
      goodput: 0.95,
      completionMean: 0.05,
      completionP95: 0.1,
      completionDeviation: 0.3,
      latency: 1e6,
      latencyShare: 0.1,
      loss: 0.001,
      lostVnodes: 0,
      refusedNeighbours: 0,
    });
  });

  it('refuse a number without its unit', () => {
    expect(toleranceSchema.safeParse({ goodput: 0.97 }).success).toBe(false);
    expect(toleranceSchema.safeParse({ latncy: '1ms' }).success).toBe(false);
  });
});
