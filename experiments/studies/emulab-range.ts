// NCR report, chapter 8: a test of 10,000 nodes or more. Row E15.

import { scenarioSchema, TECHNOLOGIES } from '../../models/index.js';
import { plan } from '../planner/index.js';
import { shape } from './finding.js';
import type { CoveredRow } from './row.js';

const NODES = 10_000;

export const rangeRows: readonly CoveredRow[] = [
  {
    id: 'E15',
    use: 'C',
    claim: '10,000 nodes in one test',
    expected: 'a plan, with hosts, for LXC/OpenVZ/jail/Xen',
    tolerance: 'exists',
    method: 'containers at rest on pc3000',
    async run(context) {
      const scenario = scenarioSchema.parse({
        name: 'study-idle',
        workload: { kind: 'idle', vnodes: NODES, duration: '5s' },
      });
      const { seed, tolerances } = context;
      const hosts = await Promise.all(
        TECHNOLOGIES.map(async (technology) => {
          const request = { scenario, vnodes: NODES, seed, tolerances };
          const profile = context.profile('pc3000', technology);
          const { answer } = await plan({ ...request, hosts: [{ profile, technology }] }, context.runs);
          return answer.hosts.value;
        }),
      );
      const told = TECHNOLOGIES.map((technology, i) => `${hosts[i]} hosts as ${technology}`);
      return shape(
        told.join(', '),
        hosts.every((count) => Number.isInteger(count) && count > 0),
      );
    },
  },
];
