// Uncertainty of an answer: hosts drawn from the profile's intervals, each simulated with a seed of its own.

import {
  crossingFrom,
  drawnProfile,
  factorAt,
  fidelity,
  type Interval,
  intervalOf,
  kneeCurve,
  latinHypercube,
  modelError,
  predictionSample,
  uncertainNames,
  verdictOf,
} from '../../calibration/index.js';
import { type Host, type HostProfile, type RunRecord, resolveHost } from '../../models/index.js';
import type { RunJob } from './alike.js';
import { closedForms } from './closed-form.js';
import { type ConstraintId, lifted, utilisation } from './constraint.js';
import { marginsOf, runSeed } from './density-runs.js';
import type { HostSearch, SimulatedLimit } from './host-search.js';
import { hostsAt, type Question } from './question.js';
import { type Outside, viewOf } from './view.js';

export interface AnswerIntervals {
  readonly knee: Interval;
  readonly vnodesPerHost: Interval;
  readonly hosts: Interval;
  /** Hosts drawn and simulated; 0 where arithmetic decides alone. */
  readonly draws: number;
}

/** Drawn hosts that are simulated: each stratum of every parameter once. */
export const DRAWS = 8;
/** Joint draws for what is arithmetic, and points of every sample. */
const POINTS = 399;
/** Below the knee the load still grows with the costs instead of standing at full. */
const BELOW = 0.7;
/** A drawn host is looked at within this factor of the nominal knee. */
const FURTHEST = 2.5;
/** A limit this far behind the knee comes before it on no host that the intervals allow. */
const FAR = 2.5;

/** Standard error of the deciding margin above which one run says little about where its knee is. */
const PLACEABLE = 0.25;
/** Seeds that no searched density used. */
const FIRST_SEED = 101;

/** The search's host as the point draws it, with the same constraints lifted. */
function drawnHost(question: Question, point: ReadonlyMap<string, number>, like: Host): Host {
  const { profile, technology, scenario } = question;
  const drawn = resolveHost(drawnProfile(profile, technology, point), technology, scenario.limits);
  const nominal = resolveHost(profile, technology, scenario.limits);
  let host = drawn;
  for (const id of ['disk', 'disk-rate', 'nic', 'neighbour-table', 'backlog', 'bridge-ports'])
    if (JSON.stringify(pickLimit(like, id)) !== JSON.stringify(pickLimit(nominal, id))) host = lifted(host, id);
  // Memory is drawn apart, by arithmetic: here it must not hide what the runs are for.
  return lifted(host, 'memory');
}

function pickLimit(host: Host, id: ConstraintId): unknown {
  if (id === 'disk') return host.diskBytes;
  if (id === 'disk-rate') return host.writeRate;
  if (id === 'nic') return host.nicRate;
  if (id === 'backlog') return host.limits.backlog;
  return id === 'bridge-ports' ? host.limits.bridgePorts : host.limits.neighbours;
}

/** Drawn hosts beside the nominal one, all with the constraints before this limit lifted. */
interface Draw {
  readonly hosts: readonly Host[];
  on(host: Host, density: number, index: number): Promise<RunRecord>;
  /** Densities at which the drawn hosts' loads reach what the nominal host's has at the limit. */
  readonly stretched: readonly number[];
}

const whole = (density: number): number => Math.max(1, Math.round(density));

/** Runs every drawn host below `crossing`, where its load still tells its costs. */
async function drawHosts(
  run: RunJob,
  question: Question,
  like: Host,
  id: ConstraintId,
  crossing: number,
  below: number,
  outside: Outside,
): Promise<Draw> {
  const { profile, technology } = question;
  const points = latinHypercube(uncertainNames(profile, technology), DRAWS, `${question.seed}/draws`);
  const hosts = points.map((point) => drawnHost(question, point, like));
  const nominal = lifted(like, 'memory');
  // How a knee moves with a host's costs shows on a few of its hosts as on all.
  const composed = { ...question, exact: false };
  const on = (host: Host, density: number, index: number): Promise<RunRecord> =>
    run({ ...viewOf(composed, whole(density), outside), host, seed: runSeed(question, FIRST_SEED + index) });
  const [reference, ...loads] = await Promise.all([nominal, ...hosts].map((host) => on(host, below, 0)));
  const use = (record: RunRecord, host: Host) => Math.max(utilisation(record, host, id), 1e-6);
  const nominalUse = use(reference as RunRecord, nominal);
  const stretched = loads.map((record, i) => {
    const factor = nominalUse / use(record, hosts[i] as Host);
    return crossing * Math.min(FURTHEST, Math.max(1 / FURTHEST, factor));
  });
  return { hosts, on, stretched };
}

/** No cost moves a limit that the kernel counts: the runs about it differ by their seeds alone. */
const isCounted = (id: ConstraintId): boolean => id === 'neighbour-table';

/** Densities at which runs of other seeds would meet a counted limit. */
function kneesBySeed({ limit, knee, near, host }: SimulatedLimit): number[] {
  const { crossing } = kneeCurve(knee.tested, knee.density, knee.broken);
  const uses = near.records.map((record) => utilisation(record, host, limit.id));
  const mean = uses.reduce((sum, use) => sum + use, 0) / uses.length;
  return uses.map((use) => (crossing * mean) / use);
}

/** Densities at which drawn hosts meet the simulated limit: where their load points to, mended by a run there. */
async function drawnKnees(run: RunJob, question: Question, simulated: SimulatedLimit): Promise<number[]> {
  const { limit, knee, near, host: like } = simulated;
  const curve = kneeCurve(knee.tested, knee.density, knee.broken);
  const { crossing } = curve;
  const draw = await drawHosts(run, question, like, limit.id, crossing, BELOW * crossing, near.outside);
  // Where single runs differ more than a run can be placed on the curve by, the loads place the draws better; so do
  // they where a hard limit ends the curve, which has nothing to compare with.
  const { metric, errors } = verdictOf(near.density, near.evaluation);
  if (near.twins.length === 0 || (errors[metric] ?? 0) > PLACEABLE) return [...draw.stretched];
  // Each draw is one measurement as `verify` would make it: parameters and seed both its own.
  return Promise.all(
    draw.hosts.map(async (host, i) => {
      const density = whole(draw.stretched[i] as number);
      const record = await draw.on(host, density, i + 1);
      const margins = marginsOf(fidelity(record, near.twins, question.tolerances, near.part));
      return crossingFrom(curve, density, Math.min(...Object.values(margins)));
    }),
  );
}

/** What runs say about a limit. */
interface About {
  readonly id: ConstraintId;
  /** Knees, the density that they lie about, and the hosts drawn. */
  readonly drawn: readonly number[];
  readonly nominal: number;
  readonly hosts: number;
}

/** Null: the limit lies too far. */
async function runsAbout(
  run: RunJob,
  question: Question,
  { simulated, next, knee, host, atKnee }: HostSearch,
): Promise<About | null> {
  const far = FAR * knee.density;
  if (simulated && simulated.limit.density < far) {
    const { id, density: nominal } = simulated.limit;
    if (isCounted(id)) return { id, drawn: kneesBySeed(simulated), nominal, hosts: 0 };
    return { id, drawn: await drawnKnees(run, question, simulated), nominal, hosts: DRAWS };
  }
  if (next.evidence !== 'extrapolated from the load' || next.density >= far) return null;
  const { outside, density } = atKnee;
  const { stretched } = await drawHosts(run, question, host, next.id, next.density, BELOW * density, outside);
  return { id: next.id, drawn: stretched, nominal: next.density, hosts: DRAWS };
}

/**
 * By what share the CPU that a calibrated model predicts for full cores may be off, one standard error, whatever its costs are: no
 * draw of costs shows it. 0 for limits of other kinds, and where no calibration has compared anything.
 */
function loadError({ calibration }: HostProfile, id: ConstraintId, cores: number): number {
  const full = 100 * cores;
  return id === 'cpu' && calibration ? modelError('cpu', full, calibration) / full : 0;
}

/** Intervals of the knee, of the planned density and of the hosts needed. */
export async function answerIntervals(
  run: RunJob,
  question: Question,
  search: HostSearch,
  phase: (text: string) => void,
): Promise<AnswerIntervals> {
  const { host, knee, planned, binding } = search;
  const { profile, technology, scenario, vnodes } = question;
  const exact = (value: number): Interval => ({ value, low: value, high: value });
  if (knee.density === 0) return { knee: exact(0), vnodesPerHost: exact(0), hosts: exact(0), draws: 0 };
  phase(`${host.name}: ${DRAWS} hosts as its profile's intervals allow`);
  const about = await runsAbout(run, question, search);
  const simulatedSample = about ? predictionSample(about.drawn, about.nominal, POINTS) : null;

  const error = about ? loadError(profile, about.id, host.cores) : 0;

  const names = [...uncertainNames(profile, technology), 'run', 'model'];
  const points = latinHypercube(names, POINTS, `${question.seed}/points`);
  const knees = points.map((point) => {
    const forms = closedForms(
      question,
      resolveHost(drawnProfile(profile, technology, point), technology, scenario.limits),
    );
    const index = Math.floor((point.get('run') as number) * POINTS);
    const off = factorAt(error, point.get('model') as number);
    const fromRuns = simulatedSample ? (simulatedSample[index] as number) / off : Number.POSITIVE_INFINITY;
    const lowest = Math.min(fromRuns, ...forms.map(({ density }) => density));
    return Number.isFinite(lowest) ? lowest : knee.density;
  });
  const bounded = binding.id === 'range' ? knees.map((density) => Math.min(density, knee.density)) : knees;
  const share = planned / knee.density;
  const vnodesPerHost = intervalOf(
    planned,
    bounded.map((density) => density * share),
  );
  const needed = (density: number) => hostsAt(question, Math.max(1, density));
  const hosts: Interval = {
    value: planned > 0 ? needed(planned) : 0,
    low: planned > 0 ? needed(vnodesPerHost.high) : 0,
    high: planned > 0 ? Math.min(vnodes, needed(vnodesPerHost.low)) : 0,
  };
  return { knee: intervalOf(knee.density, bounded), vnodesPerHost, hosts, draws: about?.hosts ?? 0 };
}
