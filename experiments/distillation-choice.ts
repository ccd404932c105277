// Which distillation of a network to emulate: each one's cost, and how far the same traffic over it is from the traffic
// over the whole network.

import { fidelity, type MetricId, type Tolerances } from '../calibration/index.js';
import {
  type Distillation,
  type DistilledSize,
  distillationName,
  distilledSize,
  type Host,
  idealHost,
  type RunRecord,
  resized,
  type Scenario,
  vnodeCount,
} from '../models/index.js';
import { scenarioNetwork } from '../sim/index.js';
import type { Runs } from './pool.js';

/** Beside the whole network, from the closest to it to the cheapest. */
const CANDIDATES: readonly Distillation[] = [
  { walkIn: 3, walkOut: 0 },
  { walkIn: 2, walkOut: 1 },
  { walkIn: 2, walkOut: 0 },
  { walkIn: 1, walkOut: 1 },
  'last-mile',
  'end-to-end',
];
/** Vnodes that the comparison simulates at most: every candidate runs packet by packet. */
const MOST_VNODES = 400;
const SEEDS = 2;

export interface DistillationRow extends DistilledSize {
  readonly name: string;
  readonly distillation: Distillation;
  /** Distance from the whole network in the worst metric, in tolerances: 1 is just within. */
  readonly inaccuracy: number;
  /** That metric; null: nothing differs. */
  readonly worst: MetricId | null;
  readonly ok: boolean;
}

export interface DistillationChoice {
  readonly rows: readonly DistillationRow[];
  readonly chosen: DistillationRow;
  /** Vnodes that were simulated. */
  readonly vnodes: number;
}

function distilledTo(scenario: Scenario, distill: Distillation): Scenario {
  const { topology } = scenario.network;
  if (!topology) throw new Error('a scenario without routers');
  return { ...scenario, network: { ...scenario.network, topology: { ...topology, distill } } };
}

/** Both ways: traffic that fares better than over the whole network is as wrong as traffic that fares worse. */
function inaccuracyOf(distilled: readonly RunRecord[], whole: readonly RunRecord[], tolerances: Tolerances) {
  const metrics = [...fidelity(distilled, whole, tolerances), ...fidelity(whole, distilled, tolerances)].filter(
    // Counts of what no ideal host ever does.
    ({ unit }) => unit !== 'count',
  );
  const worst = metrics.reduce((a, b) => (b.margin < a.margin ? b : a));
  return { inaccuracy: Math.max(0, 1 - worst.margin), worst: worst.margin < 1 ? worst.metric : null };
}

/**
 * Compares the distillations of the scenario's network on ideal hosts and takes, of those within the tolerances, the one
 * with the fewest pipes a packet. Larger scenarios are compared at 400 vnodes.
 */
export async function chooseDistillation(
  full: Scenario,
  host: Host,
  seed: string,
  tolerances: Tolerances,
  runs: Runs,
): Promise<DistillationChoice> {
  const vnodes = Math.min(MOST_VNODES, vnodeCount(full.workload));
  const scenario = resized(full, vnodes);
  const records = (distillation: Distillation): Promise<RunRecord[]> =>
    Promise.all(
      Array.from({ length: SEEDS }, (_, i) =>
        runs.run({
          scenario: distilledTo(scenario, distillation),
          host: idealHost(host),
          seed: `${seed}/${i + 1}`,
          options: {},
        }),
      ),
    );
  const distillations: readonly Distillation[] = ['hop-by-hop', ...CANDIDATES];
  const [whole = [], ...others] = await Promise.all(distillations.map(records));
  const rows = distillations.map((distillation, i): DistillationRow => {
    const { inaccuracy, worst } =
      i === 0 ? { inaccuracy: 0, worst: null } : inaccuracyOf(others[i - 1] as RunRecord[], whole, tolerances);
    const size = distilledSize(scenarioNetwork(distilledTo(full, distillation)).network, distillation);
    return { name: distillationName(distillation), distillation, ...size, inaccuracy, worst, ok: inaccuracy <= 1 };
  });
  const cheaper = (a: DistillationRow, b: DistillationRow): boolean =>
    a.pipesPerPacket.mean - b.pipesPerPacket.mean < 0 ||
    (a.pipesPerPacket.mean === b.pipesPerPacket.mean && a.pipes < b.pipes);
  const chosen = rows.filter(({ ok }) => ok).reduce((a, b) => (cheaper(b, a) ? b : a));
  return { rows, chosen, vnodes };
}

/** The scenario with its distillation chosen, where that is what it asks for, and what the choice was among. */
export async function withChosenDistillation(
  scenario: Scenario,
  host: Host,
  seed: string,
  tolerances: Tolerances,
  runs: Runs,
): Promise<{ readonly scenario: Scenario; readonly choice?: DistillationChoice }> {
  if (scenario.network.topology?.distill !== 'cheapest') return { scenario };
  const choice = await chooseDistillation(scenario, host, seed, tolerances, runs);
  return { scenario: distilledTo(scenario, choice.chosen.distillation), choice };
}
