// The search on one kind of host: its knee, what binds it, and what lies behind that.

import {
  type Evaluation,
  findKnee,
  type Knee,
  plannedDensity,
  type Verdict,
  verdictOf,
} from '../../calibration/index.js';
import type { Host } from '../../models/index.js';
import { alike, type RunJob } from './alike.js';
import { ceilingsAt } from './ceilings.js';
import { closedForms } from './closed-form.js';
import { type ConstraintId, type Limit, LOADS, lifted, utilisation } from './constraint.js';
import { type Observation, observe, runSeed } from './density-runs.js';
import { brokenAt, extrapolated, lowestOf, nextAfter } from './limits.js';
import { hostsAt, type Question, stepOf } from './question.js';
import { type SoFar, soFar } from './so-far.js';
import { glimpseOf } from './view.js';

export interface HostSearch {
  readonly host: Host;
  readonly knee: Knee;
  /** The highest density at which all hosts hold together with probability 0.9; 0: none. */
  readonly planned: number;
  readonly binding: Limit;
  readonly next: Limit;
  /** Runs at the knee; where there is none, at the lowest density that was tried. */
  readonly atKnee: Observation;
  /** The limit that simulation found last, on the host that it was found on: what intervals are drawn about. */
  readonly simulated: SimulatedLimit | null;
  readonly closed: readonly Limit[];
  /** Every density that was run, in order. */
  readonly observations: readonly Observation[];
  /** Density at which the host would be full, as its first, small run has it. */
  readonly firstLook: number;
}

/** A search of a host much like this one: where its knee lies in proportion to its first look, this one begins. */
export type Neighbour = Pick<HostSearch, 'firstLook'> & { readonly knee: number };

export interface SimulatedLimit {
  readonly limit: Limit;
  readonly knee: Knee;
  /** With the constraints before this one lifted. */
  readonly host: Host;
  readonly near: Observation;
}

/** Nobody asks about more than this many times the range on one host. */
const RANGE_FACTOR = 4;
const SMALLEST_CEILING = 200;
/** Behind the binding constraint the search goes this much further, and looks less closely. */
const BEYOND = 2;
const ROUGHLY = 0.06;
const ROUGH_SEEDS = 2;
const ROUGH_ROUNDS = 5;
/** The first look: so few vnodes, whatever arithmetic allows, and the load that the search then begins at. */
const FIRST_LOOK = 16;
const FIRST_LOAD = 0.8;
/** Below the search's lowest density: this much, this often. */
const LOWER = 0.8;
const LOWER_ROUNDS = 4;

export interface SearchOptions {
  /** Told what is being searched. */
  readonly phase?: (text: string) => void;
  /** Told of each density once it was run, and of what is known with it. */
  readonly tested?: (observation: Observation, known: SoFar) => void;
  readonly neighbour?: Neighbour | undefined;
  /** False: the next constraint is told from arithmetic and from the load at the knee, not searched. */
  readonly behind?: boolean;
}

export async function searchHost(
  runEach: RunJob,
  question: Question,
  host: Host,
  options: SearchOptions = {},
): Promise<HostSearch> {
  const { phase = () => undefined, tested, neighbour, behind: lookBehind = true } = options;
  const run = alike(runEach);
  const { workload } = question.scenario;
  const step = stepOf(workload);
  const closed = closedForms(question, host);
  const most = Math.max(RANGE_FACTOR * question.vnodes, SMALLEST_CEILING);
  // Memory is arithmetic as well: a window may end before clients are at their fullest.
  const ceiling = lowestOf([...closed, { id: 'range', density: most, evidence: 'searched no further' }]);
  const seen = new Map<number, Observation>();
  const evaluate = async (density: number) => {
    phase(`${host.name}: ${density} vnodes on a host`);
    const observation = await observe(run, question, host, density);
    seen.set(density, observation);
    tested?.(observation, soFar(seen.values(), host, ceiling, closed));
    return observation.evaluation;
  };
  const highest = Math.max(step, Math.floor(ceiling.density));
  phase(`${host.name}: a first look`);
  const firstLook = await lookFirst(run, question, host, Math.min(highest, roomForNeighbours(question, host)));
  const share = neighbour && neighbour.knee > 0 ? neighbour.knee / neighbour.firstLook : FIRST_LOAD;
  const start = Math.max(1, Math.min(highest, Math.ceil(firstLook * share)));
  const knee = await findKnee({ evaluate, lowest: step, highest, start, step });
  const { planned, tested: verdicts } = await planBelow(question, knee, step, evaluate);
  const atKnee = seen.get(knee.density > 0 ? knee.density : (knee.broken as number)) as Observation;
  const binding = bindingOf(knee, seen, host, ceiling);
  const observations = [...seen.values()].sort((a, b) => a.density - b.density);
  const found = { host, knee: { ...knee, tested: verdicts }, planned, binding, atKnee };
  const parts = { ...found, closed, observations, firstLook };
  const own: SimulatedLimit | null =
    binding.evidence === 'simulated' ? { limit: binding, knee, host, near: atKnee } : null;

  const known = [...closed, ...extrapolated(atKnee, host)].filter(({ id }) => id !== binding.id);
  if (!lookBehind || binding.id === 'cpu' || binding.id === 'range' || knee.density === 0)
    return { ...parts, next: nextAfter(binding, known), simulated: own };
  const behind = await searchBehind(run, question, host, binding, knee, known, phase);
  const next = behind ? lowestOf([behind.limit, ...known]) : nextAfter(binding, known);
  // Memory, ports and the like are arithmetic: what is uncertain about runs is then the limit behind them.
  return { ...parts, next, simulated: isArithmetic(binding.id) ? behind : own };
}

/**
 * The planned density; where it lies below everything that the search for the knee tested, lower densities are tested
 * until it does not.
 */
async function planBelow(
  question: Question,
  knee: Knee,
  step: number,
  evaluate: (density: number) => Promise<Evaluation>,
): Promise<{ planned: number; tested: readonly Verdict[] }> {
  let { tested } = knee;
  for (let round = 0; ; round++) {
    const planned = plannedDensity(tested, knee.density, (density) => hostsAt(question, density), step);
    const lowest = tested[0]?.density ?? 0;
    const lower = Math.floor((lowest * LOWER) / step) * step;
    if (knee.density === 0 || planned >= lowest || round === LOWER_ROUNDS || lower < step) return { planned, tested };
    tested = [verdictOf(lower, await evaluate(lower)), ...tested];
  }
}

/** Vnodes before the neighbour table is full, as arithmetic has it: where to look first, and no bound. */
function roomForNeighbours(question: Question, host: Host): number {
  const hitsAt = ceilingsAt(question, host, 1).find(({ id }) => id === 'neighbour-table')?.hitsAt;
  return hitsAt ? Math.max(1, hitsAt - 1) : Number.POSITIVE_INFINITY;
}

/** A small run's load, kept in proportion, says at which density the host would be full: the search begins below. */
async function lookFirst(run: RunJob, question: Question, host: Host, expected: number): Promise<number> {
  const { workload } = question.scenario;
  const density = Math.max(stepOf(workload), Math.min(FIRST_LOOK, Math.floor(expected)));
  const record = await run({ ...glimpseOf(question, density), host, seed: runSeed(question, 1) });
  // Memory is known from the start: `expected` is what arithmetic allows.
  const load = Math.max(0.01, ...LOADS.filter((id) => id !== 'memory').map((id) => utilisation(record, host, id)));
  return density / load;
}

const isArithmetic = (id: ConstraintId): boolean =>
  id === 'memory' || id === 'disk' || id === 'disk-rate' || id === 'bridge-ports';

function bindingOf(knee: Knee, seen: ReadonlyMap<number, Observation>, host: Host, ceiling: Limit): Limit {
  if (knee.broken === null) return { ...ceiling, density: knee.density };
  return brokenAt(seen.get(knee.broken) as Observation, host, knee.density);
}

/** Lifts the binding constraint and searches on, up to twice the knee or the next closed form. */
async function searchBehind(
  run: RunJob,
  question: Question,
  host: Host,
  binding: Limit,
  knee: Knee,
  known: readonly Limit[],
  phase: (text: string) => void,
): Promise<SimulatedLimit | null> {
  const step = stepOf(question.scenario.workload);
  const freed = lifted(host, binding.id);
  const lowest = Math.max(step, knee.density);
  const forms = known.filter(({ evidence }) => evidence === 'closed form').map(({ density }) => density);
  const highest = Math.floor(Math.min(lowest * BEYOND, ...forms));
  const estimate = lowestOf(known.filter(({ evidence }) => evidence !== 'closed form'));
  if (highest <= lowest || estimate.density > 1.5 * highest) return null;
  const seen = new Map<number, Observation>();
  const evaluate = async (density: number) => {
    phase(`${host.name} with more ${binding.id}: ${density} vnodes on a host`);
    const observation = await observe(run, question, freed, density, ROUGH_SEEDS);
    seen.set(density, observation);
    return observation.evaluation;
  };
  const start = Math.min(highest, Math.max(lowest, Math.round(estimate.density * 0.93)));
  const search = { evaluate, lowest, highest, start, step, resolution: ROUGHLY, sections: 1, rounds: ROUGH_ROUNDS };
  const found = await findKnee(search);
  if (found.broken === null) return null;
  const broken = seen.get(found.broken) as Observation;
  const limit = brokenAt(broken, freed, Math.max(found.density, knee.density));
  return { limit, knee: found, host: freed, near: seen.get(found.density) ?? broken };
}
