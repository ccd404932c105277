// Formulas of swarms: the numbers that follow from Kumar and Ross, and from Qiu and Srikant.

import { fluidSteadyState, minimumDistributionTime } from '../../models/index.js';
import { exactly, figure, within } from './finding.js';
import type { Row } from './row.js';
import { steadySwarm } from './steady-swarm.js';

/** The swarm of the P2P paper in decimal kilobytes, then in KiB and MiB. */
function distribution(kilo: number): number {
  const file = 20 * kilo * kilo;
  return minimumDistributionTime({ file, seeding: 320 * kilo, leechers: 90, upload: 32 * kilo, download: 128 * kilo });
}

const PUBLISHED = { upload: 0.00125, download: 0.002, effectiveness: 1, abort: 0.001 };

function steadyState(leave: number, expected: readonly [number, number, number]) {
  const { downloadTime, leechers, seeders } = fluidSteadyState({ ...PUBLISHED, leave });
  const found = [downloadTime, leechers, seeders];
  const got = `T ${figure(downloadTime)} s, x*/lambda ${figure(leechers)}, y*/lambda ${figure(seeders)}`;
  return within(
    got,
    0.01,
    found.map((value, i) => [value, expected[i] as number] as const),
  );
}

export const formulaRows: readonly Row[] = [
  {
    id: 'Q1',
    use: 'I',
    claim: 'Kumar-Ross: minimum distribution time of the swarm of the P2P paper',
    expected: '562.5 s (decimal), 576 s (KiB)',
    tolerance: 'exact',
    run() {
      const [decimal, binary] = [distribution(1000), distribution(1024)];
      return exactly(`${decimal} s, ${binary} s`, [decimal, binary], [562.5, 576]);
    },
  },
  {
    id: 'Q2',
    use: 'I',
    claim: 'Qiu-Srikant steady state, fluid, gamma = .005',
    expected: 'T 375 s, x*/lambda 375, y*/lambda 125',
    tolerance: '1 %',
    run: () => steadyState(0.005, [375, 375, 125]),
  },
  {
    id: 'Q3',
    use: 'I',
    claim: 'Qiu-Srikant steady state, fluid, gamma = .001',
    expected: 'T 333.3 s, x*/lambda 333.3, y*/lambda 666.7',
    tolerance: '1 %',
    run: () => steadyState(0.001, [333.3, 333.3, 666.7]),
  },
  steadySwarm,
];
