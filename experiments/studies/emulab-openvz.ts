// NCR report, section 8.1.4: pairs of OpenVZ containers on a pc3000. Rows E1 to E7 and E13.

import type { Host, HostRecord, RunRecord } from '../../models/index.js';
import { byCount, figure, inBand, near, shape, within } from './finding.js';
import { type Fidelity, judged, kneeOf, runPairs, WARM_UP } from './pairs.js';
import type { CoveredRow, StudyContext } from './row.js';
import { steady } from './steady.js';
import { jump, rSquared, spearman } from './trend.js';

const MBIT = 1e6;
const GBIT = 1e9;

const hostOf = ({ hosts }: RunRecord): HostRecord => hosts[0] as HostRecord;
const openvz = (context: StudyContext): Host => context.host('pc3000', 'openvz');

interface Load {
  /** bits of payload a second, all pairs together. */
  readonly aggregate: number;
  /** Share of the host's CPUs that is busy. */
  readonly busy: number;
  /** Bytes. */
  readonly memoryUsed: number;
  readonly memoryTotal: number;
}

async function load(context: StudyContext, pairs: number, rate?: number): Promise<Load> {
  const host = openvz(context);
  const record = await runPairs(context, host, { pairs, ...(rate !== undefined && { rate }) });
  const { payload, reported } = steady(record, WARM_UP);
  const { used, total } = hostOf(record).memory;
  return { aggregate: payload * 8, busy: reported / (100 * host.cores), memoryUsed: used, memoryTotal: total };
}

const loads = (context: StudyContext, counts: readonly number[], rate: number): Promise<Load[]> =>
  Promise.all(counts.map((pairs) => load(context, pairs, rate)));

const gbit = (bits: number): string => `${figure(bits / GBIT)} Gb/s`;
const percent = (share: number): string => `${figure(share * 100)} %`;
/** Pairs of the report's figures. */
const COUNTS = [5, 10, 15, 20, 25, 30, 35];
const MANY = COUNTS.filter((count) => count >= 15);

async function oneAndTwo(context: StudyContext) {
  const [one, two] = await Promise.all([load(context, 1), load(context, 2)]);
  return { one, two };
}

async function shapedCap(context: StudyContext) {
  const aggregates = (await loads(context, MANY, 100 * MBIT)).map(({ aggregate }) => aggregate);
  const most = Math.max(...aggregates);
  const trend = spearman(MANY, aggregates);
  const last = gbit(aggregates.at(-1) as number);
  const got = `at most ${gbit(most)}, ${last} with ${MANY.at(-1)} pairs, ${trend <= 0 ? 'not rising' : 'rising'} with n`;
  const found = within(got, 0.1, [[most, 1.2 * GBIT]], { most, trend, ...byCount('pairs', MANY, aggregates) });
  return { ...found, ok: found.ok && trend <= 0 };
}

/** The share of goodput that the pairs of a small host keep, by their number. */
async function knee(context: StudyContext, host: Host, counts: readonly number[], rate: number) {
  const judgements = await Promise.all(counts.map((pairs) => judged(context, host, { pairs, rate })));
  const shares = judgements.map(({ share }) => share);
  return { knee: kneeOf(counts, judgements), judgements, values: byCount('share', counts, shares) };
}

async function below20(context: StudyContext) {
  const rates = [5, 10, 15];
  const found: Fidelity[] = await Promise.all(
    rates.map((rate) => judged(context, openvz(context), { pairs: 35, rate: rate * MBIT })),
  );
  const shares = found.map(({ share }) => share);
  const got = `${shares.map(percent).join(', ')} of ideal at ${rates.join(', ')} Mb/s`;
  const pairs = shares.map((share) => [Math.min(1, share), 1] as const);
  return within(got, 0.03, pairs, byCount('rate', rates, shares));
}

async function suddenJump(context: StudyContext) {
  const rates = [50, 100];
  const curves = await Promise.all(rates.map((rate) => loads(context, COUNTS, rate * MBIT)));
  const told = curves.map((curve, i) => {
    const busy = curve.map((one) => one.busy);
    const end = busy.at(-1) as number;
    const ratio = jump([0, ...busy]);
    return { ok: ratio >= 1.5 && end >= 0.97, ratio, end, busy, rate: rates[i] as number };
  });
  const got = told.map(({ rate, ratio, end }) => `${rate} Mb/s: step x ${figure(ratio)}, ends at ${percent(end)}`);
  const values = Object.assign({}, ...told.map(({ rate, busy }) => byCount(`busy${rate}At`, COUNTS, busy)));
  return shape(
    got.join('; '),
    told.every(({ ok }) => ok),
    values,
  );
}

async function freeMemory(context: StudyContext) {
  const rates = [10, 50, 100];
  const curves = await Promise.all(rates.map((rate) => loads(context, COUNTS, rate * MBIT)));
  const free = curves.map((curve) => curve.map(({ memoryTotal, memoryUsed }) => memoryTotal - memoryUsed));
  const [first] = free as [number[]];
  const straight = rSquared(COUNTS, first);
  const apart = Math.max(
    ...first.map((value, i) => Math.max(...free.map((one) => Math.abs((one[i] as number) / value - 1)))),
  );
  const falls = first.every((value, i) => i === 0 || value < (first[i - 1] as number));
  const [most, least] = [first[0] as number, first.at(-1) as number].map((bytes) => figure(bytes / 1e6));
  const got = `${most} to ${least} MB free, R2 ${figure(straight)}, rates ${percent(apart)} apart`;
  return shape(got, falls && straight > 0.97 && apart < 0.03, { rSquared: straight, apart });
}

/** CPU ns of packet work for each packet forwarded, through a two-port bridge and without one. */
async function perPacket(context: StudyContext) {
  const [bridge, direct] = await Promise.all(
    (['two-port-bridge', 'direct'] as const).map(async (attach) => {
      const record = await runPairs(context, openvz(context), { pairs: 5, rate: 50 * MBIT, attach });
      const { cpu, packets } = hostOf(record);
      return (cpu.seconds.softirq * 1e9) / packets.forwarded;
    }),
  );
  return { bridge: bridge as number, direct: direct as number };
}

const NEAR_KNEE = [8, 9, 10, 11, 12, 13, 14, 15];

export const openvzRows: readonly CoveredRow[] = [
  {
    id: 'E1',
    use: 'F',
    claim: 'OpenVZ, 2 unshaped links',
    expected: '1.5 Gb/s aggregate',
    tolerance: '10 %',
    async run(context) {
      const { two } = await oneAndTwo(context);
      const got = `${gbit(two.aggregate)} at ${percent(two.busy)} CPU`;
      return within(got, 0.1, [[two.aggregate, 1.5 * GBIT]], { aggregate: two.aggregate, busy: two.busy });
    },
  },
  {
    id: 'E2',
    use: 'C',
    claim: 'OpenVZ, 1 unshaped link',
    expected: 'less than 2 links, CPU about 25 % idle',
    tolerance: '10 points',
    async run(context) {
      const { one, two } = await oneAndTwo(context);
      const idle = (1 - one.busy) * 100;
      const got = `${gbit(one.aggregate)} (2 links: ${gbit(two.aggregate)}), CPU ${figure(idle)} % idle`;
      const found = near(got, idle, 25, 10, 'points', { aggregate: one.aggregate, idle });
      return { ...found, ok: found.ok && one.aggregate < two.aggregate };
    },
  },
  {
    id: 'E3',
    use: 'F',
    claim: 'OpenVZ, shaped, many pairs',
    expected: 'overall cap 1.2 Gb/s, falling slowly with n',
    tolerance: '10 %',
    method: `${MANY.join(', ')} pairs at 100 Mb/s: the highest aggregate, and a trend with n that does not rise`,
    cause:
      'the aggregate still rises a little past 15 pairs: more packets share each start of packet work, and no lock is contended',
    run: shapedCap,
  },
  {
    id: 'E4',
    use: 'C',
    claim: 'OpenVZ, 100 Mb/s per pair',
    expected: 'knee at 10 to 14 pairs',
    tolerance: 'band',
    method: 'goodput of the slowest 5 % at least 95 % of the ideal twin up to there',
    async run(context) {
      const found = await knee(context, openvz(context), NEAR_KNEE, 100 * MBIT);
      const below = found.knee === 0 ? `below ${NEAR_KNEE[0]}` : `at ${found.knee}`;
      const past = found.knee === NEAR_KNEE.at(-1) ? ' or more' : '';
      return inBand(`knee ${below}${past} pairs`, found.knee, 10, 14, found.values);
    },
  },
  {
    id: 'E5',
    use: 'C',
    claim: 'OpenVZ, below 20 Mb/s per pair, up to 35 pairs',
    expected: 'faithful in all cases',
    tolerance: '3 %',
    method: '35 pairs: goodput of the slowest 5 % against the ideal twin',
    run: below20,
  },
  {
    id: 'E6',
    use: 'C',
    claim: 'OpenVZ, 50 Mb/s and more',
    expected: 'CPU reaches saturation in a sudden jump, not in proportion',
    tolerance: 'shape',
    method: `${COUNTS.join(', ')} pairs: the largest step at least 1.5 times the mean step before it, and 97 % in the end`,
    cause:
      'CPU grows in proportion until it is full: a packet costs the same however busy the other hyper-thread is, and no lock is contended',
    run: suddenJump,
  },
  {
    id: 'E7',
    use: 'C',
    claim: 'OpenVZ free memory',
    expected: 'falls with the number of containers, independently of rate',
    tolerance: 'shape',
    method: '10, 50 and 100 Mb/s: on a line (R2 > 0.97), and within 3 % of each other',
    run: freeMemory,
  },
  {
    id: 'E13',
    use: 'C',
    claim: 'direct veth-to-veth path instead of a two-port bridge',
    expected: 'cheaper per packet',
    tolerance: 'sign',
    method: '5 pairs at 50 Mb/s: packet work over packets forwarded',
    async run(context) {
      const { bridge, direct } = await perPacket(context);
      const got = `${figure(direct / 1000)} us a packet instead of ${figure(bridge / 1000)} us`;
      return shape(got, direct < bridge, { bridge, direct });
    },
  },
];
