// What `watch --plan` takes from a plan: a risk near the CPU of the densest faithful host, lost from that of the least
// dense one that was not; without a plan CPU is never lost.

import { describe, expect, it } from 'vitest';
import type { PlanDocument } from '../../../experiments/planner/index.js';
import { cpuBoundsOf, usualCpuBounds } from '../../../experiments/watch/index.js';
import { hostCatalogue } from '../../../models/index.js';

const CORES = 2;

/** A plan of a host with two cores, by what its densities took of them and how far they were within tolerance. */
function planned(binding: string, densities: readonly (readonly [margin: number, percent: number])[]): PlanDocument {
  const { t7500: profile } = hostCatalogue;
  return {
    profile: { ...profile, platforms: { lxc: { cores: { value: CORES } } } },
    technology: 'lxc',
    answer: { binding: { id: binding } },
    method: {
      densities: densities.map(([margin, percent]) => ({
        margin,
        cpuPercent: { softirq: percent / 2, application: percent / 2 },
      })),
    },
  } as unknown as PlanDocument;
}

describe('the CPU from which on a plan expects fidelity to be lost', () => {
  it('is between its densest faithful host and the first that was not', () => {
    const bounds = cpuBoundsOf(
      planned('cpu', [
        [0.5, 80],
        [0.1, 120],
        [-0.1, 160],
        [-0.5, 200],
      ]),
    );
    expect(bounds.risk).toBeCloseTo(0.6, 12);
    expect(bounds.lost).toBeCloseTo(0.8, 12);
  });

  it('leaves room for a warning where the two are close', () => {
    const { risk, lost } = cpuBoundsOf(
      planned('cpu', [
        [0.1, 190],
        [-0.1, 188],
      ]),
    );
    expect(lost).toBeCloseTo(0.95, 12);
    expect(risk).toBeCloseTo(0.95 * 0.95, 12);
  });

  it('is not known where something else binds, or nothing was tested on one side', () => {
    expect(usualCpuBounds.lost).toBeNull();
    expect(
      cpuBoundsOf(
        planned('memory', [
          [0.1, 120],
          [-0.1, 160],
        ]),
      ),
    ).toEqual(usualCpuBounds);
    expect(cpuBoundsOf(planned('cpu', [[0.1, 120]]))).toEqual(usualCpuBounds);
    expect(cpuBoundsOf(planned('cpu', [[-0.1, 120]]))).toEqual(usualCpuBounds);
  });
});
