// Runs of client-server pairs, as the sources had them: short, for pairs are steady after a moment.

import { fidelity } from '../../calibration/index.js';
import {
  type Attach,
  ETHERNET_HEADER,
  type Host,
  IP_TCP_HEADERS,
  idealHost,
  type RunRecord,
  type Scenario,
  type ScenarioDocument,
  scenarioSchema,
} from '../../models/index.js';
import type { StudyContext } from './row.js';

/** s. */
export const WARM_UP = 0.5;
const MTU = 1500;

export interface PairsQuery {
  readonly pairs: number;
  /** bits per second on the link, headers included; absent: unshaped. */
  readonly rate?: number;
  readonly attach?: Attach;
  /** s of virtual time. */
  readonly seconds?: number;
}

export function pairsScenario({ pairs, rate, attach = 'two-port-bridge', seconds = 2 }: PairsQuery): Scenario {
  const document: ScenarioDocument = {
    name: 'study-pairs',
    workload: { kind: 'pairs', pairs, duration: `${seconds}s` },
    ...(rate !== undefined && { link: { up: `${Math.round(rate)}bit/s` } }),
    network: { attach },
  };
  return scenarioSchema.parse(document);
}

export const runPairs = (context: StudyContext, host: Host, query: PairsQuery): Promise<RunRecord> =>
  context.run(pairsScenario(query), host);

/** bits per second on a link that carries this many payload bytes a second in full segments. */
export const wireRate = (payloadPerSecond: number): number =>
  payloadPerSecond * 8 * ((MTU + ETHERNET_HEADER) / (MTU - IP_TCP_HEADERS));

export interface Fidelity {
  /** Goodput of the slowest 5 % of pairs over the ideal twin's, and whether the tolerance allows it. */
  readonly share: number;
  readonly ok: boolean;
  readonly record: RunRecord;
}

/**
 * Pairs against their ideal twin. On an ideal host pairs do not meet, so one pair is the twin of any number.
 */
export async function judged(context: StudyContext, host: Host, query: PairsQuery): Promise<Fidelity> {
  const [record, twin] = await Promise.all([
    runPairs(context, host, query),
    runPairs(context, idealHost(host), { ...query, pairs: 1 }),
  ]);
  const goodput = fidelity(record, twin, context.tolerances).find(({ metric }) => metric === 'goodput');
  if (!goodput) throw new Error('pairs without goodput');
  return { share: goodput.value, ok: goodput.ok, record };
}

/** The highest of `counts` (ascending) up to which all are faithful; 0: none is. */
export function kneeOf(counts: readonly number[], judgements: readonly Fidelity[]): number {
  const broken = judgements.findIndex(({ ok }) => !ok);
  return broken < 0 ? (counts.at(-1) ?? 0) : broken === 0 ? 0 : (counts[broken - 1] as number);
}
