// ModelNet's replicated web service: how soon clients are answered by one, two and three replicas on a ring of routers
// whose links they share. Row M11.

import {
  idealHost,
  type RunRecord,
  type Scenario,
  type ScenarioDocument,
  scenarioSchema,
} from '../../../models/index.js';
import { figure } from '../finding.js';
import type { StudyContext } from '../row.js';
import { mean } from '../trend.js';
import type { Case } from './case.js';

const ROUTERS = 12;
const CLIENTS_EACH = 4;
/** Routers of the first, second and third replica. */
const REPLICAS = [0, 6, 3];
const COUNTS = [1, 2, 3];
/** Interior links that one replica's traffic nearly fills: that they are contended for decides (ModelNet, section 6.2). */
const INTERIOR = '5Mbit/s';

type Inline = NonNullable<NonNullable<NonNullable<ScenarioDocument['network']>['topology']>['inline']>;

/** The ring with replicas first among its vnodes, then the clients of each router. */
export function webRing(replicas: number): Inline {
  const names = Array.from({ length: ROUTERS }, (_, i) => `router-${i + 1}`);
  const places: Inline['places'] = names.map((name) => ({ name, kind: 'router' }));
  const pipes: Inline['pipes'] = [];
  let links = 0;
  const join = (a: number, b: number, rate: string, delay: string) => {
    const link = links++;
    pipes.push({ from: a, to: b, link, rate, delay }, { from: b, to: a, link, rate, delay });
  };
  for (let router = 0; router < ROUTERS; router++) join(router, (router + 1) % ROUTERS, INTERIOR, '5ms');
  const attach = (name: string, router: number, rate: string) => {
    join(places.push({ name, kind: 'vnode' }) - 1, router, rate, '1ms');
  };
  for (const [i, router] of REPLICAS.slice(0, replicas).entries()) attach(`replica-${i + 1}`, router, '100Mbit/s');
  for (let router = 0; router < ROUTERS; router++)
    for (let i = 0; i < CLIENTS_EACH; i++) attach(`client-${router}-${i}`, router, '2Mbit/s');
  return { places, pipes };
}

function webScenario(replicas: number): Scenario {
  return scenarioSchema.parse({
    name: `study-web-${replicas}`,
    workload: { kind: 'web', clients: ROUTERS * CLIENTS_EACH, replicas, interval: '1s', duration: '60s' },
    network: { topology: { inline: webRing(replicas) } },
  });
}

/** Mean seconds until an answer, of each client, ascending. */
const answersOf = ({ vnodes }: RunRecord): number[] =>
  vnodes.flatMap(({ responses }) => (responses ? [responses.mean] : [])).sort((a, b) => a - b);

export async function webTimes(context: StudyContext): Promise<number[][]> {
  const host = idealHost(context.host('pc3000', 'lxc'));
  const records = await Promise.all(COUNTS.map((count) => context.run(webScenario(count), host)));
  return records.map(answersOf);
}

export function webVerdict(times: readonly (readonly number[])[]): { readonly means: number[]; readonly ok: boolean } {
  const means = times.map((each) => mean(each));
  const [one, two, three] = means as [number, number, number];
  // The second helps by a quarter at least; the third by less than a third of what the second did.
  return { means, ok: two < 0.75 * one && three <= two && two - three < (one - two) / 3 };
}

const ms = (seconds: number): string => `${figure(1000 * seconds)} ms`;

export const replicatedWeb: Case = {
  id: 'replicated-web',
  title: 'A replicated web service',
  claim: 'one more replica improves latency, a third only marginally',
  source: 'ModelNet (OSDI 2002), case study of replicated web services; row M11',
  method: `${ROUTERS} routers in a ring with links of ${INTERIOR} and 5 ms, ${CLIENTS_EACH} clients on each; clients ask the nearest replica`,
  async run(context) {
    const times = await webTimes(context);
    const { means, ok } = webVerdict(times);
    return {
      answer: `Clients wait ${means.map(ms).join(', ')} on average for an answer with ${COUNTS.join(', ')} replicas.`,
      ok,
      x: 'share of clients (%)',
      y: 'mean time until an answer (ms)',
      lines: times.map((each, i) => ({
        name: `${COUNTS[i]} replica${i === 0 ? '' : 's'}`,
        points: each.map((time, k) => [(100 * (k + 1)) / each.length, 1000 * time] as const),
      })),
    };
  },
};
