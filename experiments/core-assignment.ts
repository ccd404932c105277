// Which core emulates which links: what crosses between cores under each way to assign them, the best one included.

import highs, { type LegacyHighs } from 'highs';
import {
  type Assignment,
  type Host,
  idealHost,
  inlineNetwork,
  kClusters,
  type RunRecord,
  randomAssignment,
  resized,
  type Scenario,
  type TargetNetwork,
  type Transitions,
  vnodeCount,
} from '../models/index.js';
import { randomStream, scenarioNetwork, scenarioTarget } from '../sim/index.js';
import type { Runs } from './pool.js';

/** Beyond so many choices (links x cores) the optimum takes too long. */
const LARGEST_OPTIMUM = 120;
/** Of larger scenarios so many vnodes talk, and for this long, ns: what crosses is a share, which does not need more. */
const MOST_VNODES = 400;
const WINDOW = 1e9;
/** s, after which the solver gives up. */
const SOLVER_SECONDS = 60;

export interface Crossings {
  readonly method: 'k-clusters' | 'random' | 'optimum';
  readonly seed: string;
  readonly assignment: Assignment;
  /** Packets handed from core to core, of those moved by all cores: measured in a simulation. */
  readonly crossings: number;
  readonly moved: number;
}

function withAssignment(scenario: Scenario, count: number, assign: Assignment): Scenario {
  const { topology } = scenario.network;
  if (!topology) throw new Error('a scenario without routers');
  const cores = { ...topology.cores, count, assign: [...assign], machine: 'ideal' as const, tick: 100_000, debt: true };
  return { ...scenario, network: { ...scenario.network, topology: { ...topology, cores } } };
}

/** At most 400 of its vnodes, on the network of all: the links to share out are the whole network's. */
function sample(full: Scenario): Scenario {
  const { topology } = full.network;
  if (!topology) throw new Error('a scenario without routers');
  const { generate: _, file: __, ...rest } = topology;
  const scenario = resized(full, Math.min(MOST_VNODES, vnodeCount(full.workload)));
  // Where the distillation is to be chosen, links are shared out as they are.
  const distill = topology.distill === 'cheapest' ? 'hop-by-hop' : topology.distill;
  const inline = inlineNetwork(scenarioTarget(full));
  return { ...scenario, network: { ...full.network, topology: { ...rest, distill, inline } } };
}

/** How often a packet goes from one link to another, by the packets that each pair of a run sent each other. */
export function transitionsOf(scenario: Scenario, record: RunRecord): Transitions {
  const distilled = scenarioNetwork(scenario);
  const { pipes } = distilled.network;
  const links = linksOf(distilled.network);
  const weights = new Map<number, number>();
  const sent = record.vnodes.map(({ packetsSent }) => packetsSent);
  const flow = (from: number, to: number): void => {
    const route = (distilled.route(from, to, true) ?? []).map((pipe) => pipes[distilled.origins[pipe]].link);
    for (let i = 1; i < route.length; i++) {
      const key = route[i - 1] * links + route[i];
      if (route[i - 1] !== route[i]) weights.set(key, (weights.get(key) ?? 0) + sent[from]);
    }
  };
  for (let pair = 0; 2 * pair + 1 < sent.length; pair++) {
    flow(2 * pair, 2 * pair + 1);
    flow(2 * pair + 1, 2 * pair);
  }
  return weights;
}

const linksOf = ({ pipes }: TargetNetwork): number => pipes.reduce((most, { link }) => Math.max(most, link), -1) + 1;

/** HiGHS's own types take its ES module for a CommonJS one, whose default would be one level further in. */
const loadHighs = highs as unknown as () => Promise<LegacyHighs>;

/** The mixed-integer program, in CPLEX's LP format: least weight between cores, as many links on each, give or take one. */
function program(transitions: Transitions, links: number, cores: number): string {
  const x = (link: number, core: number) => `x${link}_${core}`;
  const both = new Map<string, { a: number; b: number; weight: number }>();
  for (const [key, weight] of transitions) {
    const [a, b] = [Math.floor(key / links), key % links].sort((p, q) => p - q) as [number, number];
    const known = both.get(`${a}_${b}`);
    if (known) known.weight += weight;
    else both.set(`${a}_${b}`, { a, b, weight });
  }
  const all = Array.from({ length: links }, (_, link) => link);
  const each = Array.from({ length: cores }, (_, core) => core);
  return [
    'Minimize',
    ` obj: ${[...both].map(([name, { weight }]) => `${weight} y${name}`).join(' + ')}`,
    'Subject To',
    ...all.map((link) => ` ${each.map((core) => x(link, core)).join(' + ')} = 1`),
    ...each.flatMap((core) => {
      const held = all.map((link) => x(link, core)).join(' + ');
      return [` ${held} <= ${Math.ceil(links / cores)}`, ` ${held} >= ${Math.floor(links / cores)}`];
    }),
    ...[...both].flatMap(([name, { a, b }]) =>
      each.flatMap((core) => [` y${name} - ${x(a, core)} + ${x(b, core)} >= 0`]),
    ),
    // Cores are alike: the first link may as well be on the first.
    ` ${x(0, 0)} = 1`,
    'Bounds',
    ...[...both].map(([name]) => ` 0 <= y${name} <= 1`),
    'Binary',
    ` ${all.flatMap((link) => each.map((core) => x(link, core))).join(' ')}`,
    'End',
    '',
  ].join('\n');
}

/**
 * The assignment with the least weight between cores and as many links on each, give or take one; undefined: there are
 * too many links for it, or the solver's time was up.
 */
export async function optimalAssignment(
  transitions: Transitions,
  links: number,
  cores: number,
): Promise<Assignment | undefined> {
  if (links * cores > LARGEST_OPTIMUM) return undefined;
  if (transitions.size === 0) return Array.from({ length: links }, (_, link) => link % cores);
  const { Status, Columns } = (await loadHighs()).solve(program(transitions, links, cores), {
    time_limit: SOLVER_SECONDS,
    random_seed: 1,
  });
  if (Status !== 'Optimal') return undefined;
  return Array.from({ length: links }, (_, link) => {
    for (let core = 0; core < cores; core++) if ((Columns[`x${link}_${core}`]?.Primal ?? 0) > 0.5) return core;
    throw new Error(`the solver gave link ${link} no core`);
  });
}

/**
 * What crosses between `cores` cores, measured in simulations on cores without costs: k-clusters and random assignments
 * of several seeds, and the optimum where the network is small enough. Pairs only: who talks to whom is known of them.
 * Of more than 400 vnodes the first 400 talk, for a second.
 */
export async function compareAssignments(
  full: Scenario,
  host: Host,
  cores: number,
  seeds: readonly string[],
  runs: Runs,
): Promise<Crossings[]> {
  const scenario = sample(full);
  const { network } = scenarioNetwork(scenario);
  const links = linksOf(network);
  const options = { window: WINDOW };
  const measured = async (method: Crossings['method'], seed: string, assignment: Assignment): Promise<Crossings> => {
    const job = {
      scenario: withAssignment(scenario, cores, assignment),
      host: idealHost(host),
      seed: 'traffic',
      options,
    };
    const { cores: records = [] } = await runs.run(job);
    const sum = (of: 'crossings' | 'moved') => records.reduce((total, record) => total + record[of], 0);
    return { method, seed, assignment, crossings: sum('crossings'), moved: sum('moved') };
  };
  const bare = await runs.run({
    scenario: withAssignment(
      scenario,
      1,
      Array.from({ length: links }, () => 0),
    ),
    host: idealHost(host),
    seed: 'traffic',
    options,
  });
  const transitions = transitionsOf(scenario, bare);
  const tried = seeds.flatMap((seed) => [
    measured('k-clusters', seed, kClusters(network, cores, randomStream(seed, 'assignment'))),
    measured('random', seed, randomAssignment(network, cores, randomStream(seed, 'assignment'))),
  ]);
  const best = await optimalAssignment(transitions, links, cores);
  return Promise.all([...tried, ...(best ? [measured('optimum', '', best)] : [])]);
}
