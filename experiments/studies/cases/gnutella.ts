// The Gnutella case of ModelNet: 10,000 vnodes on 100 hosts, how far a query gets hop by hop, and what it costs.

import { type OverlayRecord, type Scenario, scenarioSchema } from '../../../models/index.js';
import { figure } from '../finding.js';
import type { Case } from './case.js';

const VNODES = 10_000;
const PER_HOST = 100;
const DEGREE = 4;
/** Gnutella's own horizon, and what an overlay of this size and degree is within. */
const TTL = 7;
const QUERIES = 3;

export function gnutellaScenario(vnodes: number): Scenario {
  return scenarioSchema.parse({
    name: 'study-gnutella',
    workload: {
      ...{ kind: 'flood', vnodes, degree: DEGREE, ttl: TTL, pingTtl: 1, queries: QUERIES },
      ...{ join: '20s', searching: '6s', duration: '30s', holders: '0.1%' },
    },
    link: { up: '1Mbit/s', down: '2Mbit/s', delay: '20ms' },
    network: { addresses: '10.0.0.0/8' },
  });
}

/** Share of all others that a query has reached, by hops. */
export function reachOf({ reached, queries }: OverlayRecord, vnodes: number): number[] {
  let sum = 0;
  return Array.from({ length: TTL + 1 }, (_, hops) => {
    sum += reached[hops] ?? 0;
    return sum / queries / (vnodes - 1);
  });
}

export const gnutella: Case = {
  id: 'gnutella',
  title: 'Gnutella: how far a query gets',
  claim: `${VNODES} vnodes on 100 hosts, ${PER_HOST} on each, flood queries to each other`,
  source: 'ModelNet (OSDI 2002), case study of a network of Gnutella clients; row M8',
  method: `${DEGREE} links for each vnode that joins, ${QUERIES} queries with ${TTL} hops to live, hosts like pc3000 with LXC`,
  async run(context) {
    const host = context.host('pc3000', 'lxc');
    const record = await context.run(gnutellaScenario(VNODES), host, { perHost: PER_HOST });
    const { overlay, hosts } = record;
    if (!overlay) throw new Error('a flood without an overlay');
    const reach = reachOf(overlay, VNODES);
    const found = record.vnodes.flatMap(({ responses }) => (responses ? [responses.mean] : []));
    const all = overlay.reached.reduce((sum, count) => sum + (count ?? 0), 0);
    const slowest = Math.max(0, ...found);
    return {
      answer: `A query reaches ${figure(100 * (reach.at(-1) as number))} % of ${VNODES} vnodes on ${hosts.length} hosts in ${TTL} hops; of what is sent for it ${figure((100 * overlay.duplicates) / (all + overlay.duplicates))} % was heard before, and the slowest first answer takes ${figure(slowest)} s.`,
      ok: hosts.length === VNODES / PER_HOST && (reach.at(-1) as number) > 0.95 && found.length === overlay.queries,
      x: 'hops',
      y: 'vnodes reached (%)',
      lines: [{ name: 'vnodes reached', points: reach.map((share, hops) => [hops, 100 * share] as const) }],
    };
  },
};
