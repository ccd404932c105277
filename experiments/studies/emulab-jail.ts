// NCR report, sections 8.1.3 and 8.3: pairs of FreeBSD jails on a pc3000, their set-up and their memory. Rows E8, E9,
// E11 and E16 to E18.

import {
  containersInMemory,
  type Host,
  type HostRecord,
  memoryUse,
  scenarioSchema,
  setupTime,
} from '../../models/index.js';
import { byCount, exactly, figure, inBand, near, shape, within } from './finding.js';
import { judged, kneeOf, WARM_UP } from './pairs.js';
import type { CoveredRow, Finding, StudyContext } from './row.js';
import { steady } from './steady.js';

const MBIT = 1e6;
const MB = 1e6;
const COUNTS = [6, 7, 8, 9, 10];
/** "Nearly saturated". */
const SATURATED = 90;

const jail = (context: StudyContext): Host => context.host('pc3000', 'jail');

async function jailKnee(context: StudyContext): Promise<Finding> {
  const host = jail(context);
  const judgements = await Promise.all(COUNTS.map((pairs) => judged(context, host, { pairs, rate: 100 * MBIT })));
  const knee = kneeOf(COUNTS, judgements);
  const cpu = judgements.map(({ record }) => steady(record, WARM_UP).reported / host.cores);
  const [at8, at10] = [cpu[2] as number, cpu[4] as number];
  const shares = judgements.map(({ share }) => share);
  const values = { ...byCount('share', COUNTS, shares), ...byCount('cpu', COUNTS, cpu) };
  const got = `${knee === 0 ? 'fewer than 6' : knee} links faithful, CPU ${figure(at8)} % at 8 and ${figure(at10)} % at 10`;
  const found = near(got, knee, 8, 1, 'links', values);
  return { ...found, ok: found.ok && at10 >= SATURATED };
}

/** Payload of the small datagrams: about an OSPF hello, the traffic of CORE's routing nodes. */
const DATAGRAM = 64;
const DATAGRAM_PAIRS = 10;
/** Datagrams a second of all pairs together: up to more than the host can handle, which then handles fewer. */
const OFFERED = [100_000, 120_000, 140_000, 150_000, 160_000, 180_000];

/** Packets handled in a second: by a vnode that sends one, and by one that receives it. */
async function handlings(context: StudyContext, offered: number): Promise<number> {
  const scenario = scenarioSchema.parse({
    name: 'study-datagrams',
    workload: {
      kind: 'pairs',
      pairs: DATAGRAM_PAIRS,
      transport: 'udp',
      duration: '1s',
      packet: `${DATAGRAM}B`,
      rate: `${(offered / DATAGRAM_PAIRS) * DATAGRAM * 8}bit/s`,
    },
    network: { attach: 'two-port-bridge' },
  });
  const record = await context.run(scenario, jail(context));
  const { forwarded } = (record.hosts[0] as HostRecord).packets;
  return (forwarded + record.totals.packetsDelivered) / record.totals.virtualSeconds;
}

/** Emulab gave a host 400 Mbit/s of internal links. */
const INTERNAL_RATE = 400 * MBIT;

export const jailRows: readonly CoveredRow[] = [
  {
    id: 'E8',
    use: 'F',
    claim: 'FreeBSD jails (dummynet, encapsulated veths), 100 Mb/s',
    expected: '8 links faithful; CPU nearly saturated at 8 to 10',
    tolerance: '1 link',
    method: `${COUNTS.join(', ')} pairs; faithful as in E4, nearly saturated from ${SATURATED} %`,
    run: jailKnee,
  },
  {
    id: 'E9',
    use: 'C',
    claim: "FreeBSD, 15 pairs at 50 Mb/s (the authors' expectation)",
    expected: 'not sustained',
    tolerance: 'exact',
    async run(context) {
      const { share, ok } = await judged(context, jail(context), { pairs: 15, rate: 50 * MBIT });
      return shape(`${ok ? '' : 'not '}sustained: ${figure(share * 100)} % of ideal`, !ok, { share });
    },
  },
  {
    id: 'E11',
    use: 'I',
    claim: 'jail set-up about 30 s each, serial per host',
    expected: '30 n s serial',
    tolerance: '10 %',
    run(context) {
      const seconds = [1, 10, 20].map((n) => setupTime(jail(context), n) / 1e9);
      return exactly(`${seconds.join(', ')} s for 1, 10, 20`, seconds, [30, 300, 600]);
    },
  },
  {
    id: 'E16',
    use: 'F',
    claim: 'the same CPU under FreeBSD 4.11, public figure (CORE docs)',
    expected: '300,000 packet handlings/s',
    tolerance: '10 %',
    method: `jails on pc3000: ${DATAGRAM_PAIRS} pairs with datagrams of ${DATAGRAM} bytes, the most of several loads; one packet that a vnode sends or receives is one handling`,
    async run(context) {
      const found = await Promise.all(OFFERED.map((offered) => handlings(context, offered)));
      const most = Math.max(...found);
      const values = { most, ...byCount('offered', OFFERED, found) };
      return within(`${figure(most)} packet handlings/s`, 0.1, [[most, 300_000]], values);
    },
  },
  {
    id: 'E17',
    use: 'I',
    claim: 'older Emulab rule: 400 Mb/s internal per host, LAN members per host',
    expected: '4 at 100, 8 at 50, 20 at 20 Mb/s',
    tolerance: 'exact (as a policy)',
    run() {
      const members = [100, 50, 20].map((rate) => Math.floor(INTERNAL_RATE / (rate * MBIT)));
      return exactly(`${members.join(', ')} at 100, 50, 20 Mb/s`, members, [4, 8, 20]);
    },
  },
  {
    id: 'E18',
    use: 'F',
    claim: 'jail memory: 12-16 MB for base processes; about 20 vnodes on a 512 MB host',
    expected: '22 to 26 MB all told',
    tolerance: '25 %',
    run(context) {
      const host = { ...jail(context), memoryBytes: 512 * MB };
      const each = (memoryUse(host, 1, 0).total - host.memory.host) / MB;
      const vnodes = containersInMemory(host, 0);
      const found = inBand(`${figure(each)} MB, ${vnodes} vnodes on 512 MB`, each, 22, 26, { each, vnodes });
      return { ...found, ok: Math.abs(found.error ?? 0) <= 0.25 && Math.abs(vnodes / 20 - 1) <= 0.25 };
    },
  },
];
