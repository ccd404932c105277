// A calibrated profile as `calibrate` writes it, for tests that need one: its figures are made up.

import { startingProfile } from '../../../calibration/index.js';
import { type Comparison, domainOf, type HostProfile, scenarioSchema } from '../../../models/index.js';

/** @param off how far predictions of CPU are from what was measured, in points */
export function calibratedProfile(off: number): HostProfile {
  const machine = { processor: 'a processor', cores: 2, kernel: '6.1.0', memory: 8e9, disk: 1e11, cache: 2 ** 20 };
  const profile = startingProfile('made-up', machine);
  const scenario = (pairs: number, up: string) =>
    scenarioSchema.parse({
      name: 'pairs',
      workload: { kind: 'pairs', pairs },
      link: { up },
      network: { attach: 'two-port-bridge' },
    });
  const comparisons = Array.from({ length: 40 }, (_, i): Comparison => {
    const pairs = 1 + (i % 10);
    const up = [20e6, 50e6, 100e6, 200e6][Math.floor(i / 10)] as number;
    const measured = (pairs * up) / 1e7;
    return {
      experiment: `shaped-${up / 1e6}-${pairs}`,
      rung: 'shaped pairs',
      heldOut: i % 2 === 1,
      vnodes: 2 * pairs,
      up,
      metric: 'cpu',
      unit: '%',
      measured,
      error: 0.5,
      predicted: measured + off,
      spread: i % 20 === 1 ? off / 3 : off,
    };
  });
  return {
    ...profile,
    calibration: {
      machine: 'a processor',
      kernel: '6.1.0',
      measuredAt: '2026-01-01T00:00:00Z',
      command: 'rangefit calibrate --name made-up',
      versions: {},
      counts: { experiments: 40, fitted: 20, heldOut: 20, discarded: 0 },
      fit: { seed: '1', stopped: 'reduction', iterations: 5, scatter: 1, stretch: { cpu: 1 }, surrogateError: 0.5 },
      parameters: [
        { name: 'cpu.taskWake', verdict: 'determined', left: 0.2, bootstrap: { low: 900, high: 1100 } },
        { name: 'cpu.contextSwitch', verdict: 'without effect', left: 1, bootstrap: { low: 900, high: 1100 } },
      ],
      together: [['cpu.taskWake', 'cpu.contextSwitch']],
      correlations: {
        names: ['cpu.taskWake', 'cpu.contextSwitch'],
        matrix: [
          [1, -0.9],
          [-0.9, 1],
        ],
      },
      domain: domainOf([scenario(1, '20Mbit/s'), scenario(10, '200Mbit/s')]),
      comparisons,
    },
  };
}
