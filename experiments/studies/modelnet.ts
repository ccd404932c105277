// ModelNet on Linux: TCP flows, each over its own chain of pipes through one core. Rows M13 to M15.

import { idealHost, type RunRecord, scenarioSchema } from '../../models/index.js';
import { byCount, figure, within } from './finding.js';
import type { CoveredRow, StudyContext } from './row.js';
import { steady } from './steady.js';

/** s of virtual time; slow start over the longest path takes less than the first. */
const SECONDS = 3;
const SETTLED = 1;

/** Packets a second of `flows` flows over `hops` pipes of 50 Mbit/s and 1 ms each, data and ACKs counted, once steady. */
async function packetsPerSecond(context: StudyContext, flows: number, hops: number): Promise<number> {
  const scenario = scenarioSchema.parse({
    name: 'study-chain',
    workload: { kind: 'pairs', pairs: flows, duration: `${SECONDS}s` },
    network: {
      attach: 'direct',
      window: '128KiB',
      core: { hops, rate: '50Mbit/s', delay: '1ms', tick: '100us' },
    },
  });
  const host = idealHost(context.host('pc3000', 'lxc'));
  const record: RunRecord = await context.run(scenario, host);
  const { packetsDelivered, payloadBytes } = record.totals;
  return (steady(record, SETTLED).payload * packetsDelivered) / payloadBytes;
}

async function rates(context: StudyContext, flows: readonly number[], hops: number, expected: readonly number[]) {
  const found = await Promise.all(flows.map((count) => packetsPerSecond(context, count, hops)));
  const pairs = found.map((rate, i) => [rate, expected[i] as number] as const);
  return within(found.map((rate) => figure(rate)).join(' / '), 0.05, pairs, byCount('flows', flows, found));
}

const ONE_HOP = [6329, 12_681, 25_376, 50_367];
const EIGHT_HOPS = [6161, 11_754, 23_192, 44_611];
const FLOWS = [1, 2, 4, 8];
const METHOD = 'ends without costs, a clock of 100 us; packets delivered, data and ACKs, after the first second';
const thousands = (values: readonly number[]): string =>
  values.map((value) => String(value).replace(/\B(?=(\d{3})+$)/g, ',')).join(' / ');

export const modelnetRows: readonly CoveredRow[] = [
  {
    id: 'M13',
    use: 'F',
    claim: 'ModelNet on Linux: packets/s of 1, 2, 4, 8 flows over 1 hop',
    expected: thousands(ONE_HOP),
    tolerance: '5 %',
    method: METHOD,
    run: (context) => rates(context, FLOWS, 1, ONE_HOP),
  },
  {
    id: 'M14',
    use: 'C',
    claim: 'ModelNet on Linux: packets/s of 1, 2, 4, 8 flows over 8 hops',
    expected: thousands(EIGHT_HOPS),
    tolerance: '5 %',
    method: METHOD,
    cause:
      "the machine of the core has no costs here; the source's is busy with 4 and 8 flows over 8 hops (1 flow agrees)",
    run: (context) => rates(context, FLOWS, 8, EIGHT_HOPS),
  },
  {
    id: 'M15',
    use: 'C',
    claim: 'ModelNet on Linux: packets/s of 1 flow over 12 hops, limited by the window',
    expected: '4,731',
    tolerance: '5 %',
    method: METHOD,
    run: (context) => rates(context, [1], 12, [4731]),
  },
];
