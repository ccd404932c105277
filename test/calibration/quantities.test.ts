// What is observed of a run's CPU: the range's own, as if it had had the machine to itself.

import { describe, expect, it } from 'vitest';
import { quantitiesOf } from '../../calibration/index.js';
import type { HostRecord } from '../../models/index.js';
import { host, pairsScenario, record } from './records.js';

const SECONDS = 5;

/** CPU of a run on two cores that took `taken` of 200 % all along, with `foreign` CPU seconds of other processes in it. */
function cpuOf(taken: number, foreign: number | null, soaked: number | null = null, monitor = 0): number | undefined {
  const measured = { foreign, soaked, monitor } as unknown as NonNullable<HostRecord['measured']>;
  const rows = Array.from({ length: SECONDS }, () => 0);
  return quantitiesOf(
    record({
      scenario: { ...pairsScenario, workload: { kind: 'pairs', pairs: 1, duration: '5s' } },
      hosts: [foreign === null ? host() : host({ measured })],
      series: { ...record().series, payloadBytes: rows, takenCpuPercent: rows.map(() => taken) },
      totals: { ...record().totals, virtualSeconds: SECONDS },
    }),
  ).cpu;
}

describe('CPU of a run', () => {
  it('is what was taken where nobody else is, as in a simulation', () => {
    expect(cpuOf(140, null)).toBe(140);
    expect(cpuOf(140, 0)).toBe(140);
  });

  it('leaves out what others took', () => {
    // Half a second of ten: 10 of 140, and the rest was taken of 190.
    expect(cpuOf(140, 0.5)).toBeCloseTo((130 * 200) / 190, 9);
  });

  it('is all of it when the cores are full, whoever else took a part', () => {
    expect(cpuOf(200, 0)).toBe(200);
    expect(cpuOf(200, 0.5)).toBeCloseTo(200, 9);
  });

  it('is all of it when the cores are full but for the monitor', () => {
    // A tenth of a second of five: 2 of 200.
    expect(cpuOf(198, 0, null, 0.1)).toBeCloseTo(200, 9);
    expect(cpuOf(198, 0.5, null, 0.1)).toBeCloseTo(200, 9);
    expect(cpuOf(99, 0, null, 0.1)).toBeCloseTo(100, 9);
  });

  it('does not take soakers for others', () => {
    expect(cpuOf(140, 3, 3)).toBe(140);
  });
});
