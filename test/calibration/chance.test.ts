// Chance: one unlucky vnode is no fault of its host; the same bad luck in every run is.

import { describe, expect, it } from 'vitest';
import { chanceDeviations, defaultTolerances, fidelity, verdictOf } from '../../calibration/index.js';
import type { RunRecord } from '../../models/index.js';
import { randomStream } from '../../sim/index.js';
import { leecher, record, swarmScenario } from './records.js';

/** A run of 60 leechers with some natural spread, of which `unlucky` take half as long again. */
const run = (unlucky: number, shift: number): RunRecord =>
  record({
    scenario: swarmScenario,
    vnodes: Array.from({ length: 60 }, (_, i) =>
      leecher((1 + (((i + shift) * 7) % 60) / 600) * (i < unlucky ? 1.5 : 1)),
    ),
  });
const twins = [run(0, 1), run(0, 2), run(0, 3)];

function deviationOf(runs: readonly RunRecord[]) {
  const judged = (those: RunRecord | readonly RunRecord[]) =>
    Object.fromEntries(fidelity(those, twins, defaultTolerances).map(({ metric, margin }) => [metric, margin]));
  const noise = chanceDeviations(runs, twins, defaultTolerances, 32, randomStream('1', 'chance'));
  const evaluation = { seeds: runs.map(judged), pooled: judged(runs), noise };
  const verdict = verdictOf(60, evaluation);
  return { raw: evaluation.pooled['completion-deviation'] as number, verdict };
}

describe('what chance explains', () => {
  it('covers one slow vnode of 180', () => {
    const { raw, verdict } = deviationOf([run(1, 4), run(0, 5), run(0, 6)]);
    expect(raw).toBeLessThan(0);
    expect(verdict.margin).toBeGreaterThan(0);
  });

  it('does not cover slow vnodes in every run', () => {
    const { raw, verdict } = deviationOf([run(3, 4), run(3, 5), run(3, 6)]);
    expect(raw).toBeLessThan(0);
    expect(verdict.margin).toBeLessThan(0);
  });

  it('does not cover a host that slows all of its vnodes, however much it sets them apart', () => {
    for (const factor of [1.2, 5, 50]) {
      const slowed = (shift: number) =>
        record({
          scenario: swarmScenario,
          vnodes: Array.from({ length: 14 }, (_, i) => leecher(factor * (1 + (((i + shift) * 7) % 14) / 140))),
        });
      expect(deviationOf([slowed(1), slowed(2), slowed(3)]).verdict.margins.goodput).toBeLessThan(0);
      expect(deviationOf([slowed(1), slowed(2), slowed(3)]).verdict.margin).toBeLessThan(-0.5);
    }
  });

  it('is the same for the same stream', () => {
    const again = () => chanceDeviations([run(1, 4)], twins, defaultTolerances, 32, randomStream('1', 'chance'));
    expect(again()).toEqual(again());
  });
});
