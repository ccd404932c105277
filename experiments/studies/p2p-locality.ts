// RoEduNet 2010, what it says beside its figures: clients that favour local peers, and the infrastructure before. Rows
// P15 and P17.

import { type HostRecord, scenarioSchema } from '../../models/index.js';
import { figure, inBand, shape } from './finding.js';
import { judged, kneeOf } from './pairs.js';
import type { CoveredRow, StudyContext } from './row.js';
import { mean } from './trend.js';

const PEERS = 40;
const ON_HOST = 20;
const SEEDS = [1, 2, 3];

/** Share of what the first host's peers send that stays among them. `elsewhere`: addresses of the other host's. */
async function localShare(context: StudyContext, elsewhere: string): Promise<number> {
  const scenario = scenarioSchema.parse({
    name: 'study-locality',
    workload: { kind: 'swarm', peers: PEERS, file: '5MB', start: '5s' },
    link: { up: '64KB/s', down: '256KB/s' },
    network: { addresses: '10.1.0.0/16', elsewhere },
  });
  const host = context.host('t7500', 'lxc');
  const shares = await Promise.all(
    SEEDS.map(async (seed) => {
      const record = await context.run(scenario, host, { seed: `${context.seed}.${seed}`, perHost: ON_HOST });
      const { local, remoteOut } = (record.hosts[0] as HostRecord).bytes;
      return local / (local + remoteOut);
    }),
  );
  return mean(shares);
}

const FULL_RATE = 100e6;
const COUNTS = [2, 4, 6, 8, 10, 12, 14];
const EARLIER = 5;
/** An order of magnitude about the figure: half of one to each side. */
const HALF_ORDER = Math.sqrt(10);

export const localityRows: readonly CoveredRow[] = [
  {
    id: 'P15',
    use: 'C',
    claim: 'hrktorrent favours local peers',
    expected: 'share of local traffic above random',
    tolerance: 'shape',
    method: `${PEERS} peers on two hosts, ${SEEDS.length} seeds: one host has private addresses (local to libtorrent), the other public ones; beside the same with private ones on both`,
    async run(context) {
      const [favoured, equal] = await Promise.all([
        localShare(context, '198.18.0.0/16'),
        localShare(context, '10.2.0.0/16'),
      ]);
      const random = (ON_HOST - 1) / (PEERS - 1);
      const got = `${figure(100 * favoured)} % local (all alike: ${figure(100 * equal)} %, random: ${figure(100 * random)} %)`;
      return shape(got, favoured > random && favoured > equal, { favoured, equal, random });
    },
  },
  {
    id: 'P17',
    use: 'C',
    claim: 'earlier OpenVZ infrastructure',
    expected: '5 peers per host',
    tolerance: 'order',
    method:
      'the source tells neither host nor rates: OpenVZ on pc3000 and links of 100 Mb/s, on which a peer sends about one stream at full rate',
    async run(context) {
      const host = context.host('pc3000', 'openvz');
      const judgements = await Promise.all(COUNTS.map((pairs) => judged(context, host, { pairs, rate: FULL_RATE })));
      const peers = kneeOf(COUNTS, judgements);
      return inBand(`${peers} peers`, peers, EARLIER / HALF_ORDER, EARLIER * HALF_ORDER, { peers });
    },
  },
];
