// The plan: how many hosts a range needs, asked of one kind of host, of several, or of a fleet.

import {
  allowed,
  describePart,
  type Interval,
  parametersOf,
  type Tolerances,
  toleranceSchema,
  verdictOf,
} from '../../calibration/index.js';
import {
  beyondDomain,
  diskUse,
  type HostProfile,
  hostProfileSchema,
  InputError,
  memoryUse,
  resized,
  resolveHost,
  type Scenario,
  scenarioSchema,
  setupTime,
  type Technology,
} from '../../models/index.js';
import { type DistillationChoice, withChosenDistillation } from '../distillation-choice.js';
import type { Lab } from '../lab/index.js';
import type { Runs } from '../pool.js';
import { SharedRuns } from '../shared-runs.js';
import type { RunJob } from './alike.js';
import { ceilingsAt, planCeilings } from './ceilings.js';
import { clientBytes, dataPerVnode } from './closed-form.js';
import { observe, seedCount } from './density-runs.js';
import { type FleetEntry, pack } from './fleet.js';
import { type HostSearch, searchHost } from './host-search.js';
import {
  labIntervals,
  labLimits,
  labPlacement,
  labWarnings,
  mostMemory,
  type PackedLab,
  packedLab,
} from './packed-lab.js';
import { type PlanAnswer, type PlanDocument, rounded } from './plan-document.js';
import { extraContainers, hostOf, type Question, stepOf } from './question.js';
import type { SoFar } from './so-far.js';
import { setupWords, technologyFacts, whyFewer } from './technology-facts.js';
import { completionCurves, type TestedDensity, testedDensity } from './tested-density.js';
import { tellLimits } from './told-limits.js';
import { type AnswerIntervals, answerIntervals } from './uncertainty.js';
import { describeView, windowOf } from './view.js';

export interface PlanRequest {
  readonly scenario: Scenario;
  /** One or more kinds of host; of a fleet, in its order. */
  readonly hosts: readonly { readonly profile: HostProfile; readonly technology?: Technology }[];
  /** Vnodes of the whole range, the tracker apart. */
  readonly vnodes: number;
  readonly seed: string;
  readonly tolerances: Tolerances;
  readonly whole?: boolean;
  readonly exact?: boolean;
  readonly fleet?: readonly FleetEntry[];
  /** The containerlab file that the scenario stands for: its vnodes are packed by what they declare. */
  readonly lab?: Lab;
  /** What the scenario's distillation was chosen among, where it asked for the cheapest. */
  readonly distillation?: DistillationChoice;
  /** The command line that asks the same; kept in the document. */
  readonly command?: string;
}

interface Answered {
  readonly question: Question;
  readonly search: HostSearch;
  readonly intervals: AnswerIntervals;
  readonly limits: Pick<PlanAnswer, 'binding' | 'next'>;
  readonly packing?: PackedLab;
}

/**
 * Plans by simulation. The document is the same for any number of workers.
 * @param phase told what is being done. @param tested told of each density of each host once it was run, and of what is
 * known of that host with it.
 * @throws InputError when there is nothing to be faithful to; Interrupted when `runs` were stopped.
 */
export async function plan(
  asked: PlanRequest,
  runs: Runs,
  phase: (text: string) => void = () => undefined,
  tested: (host: string, density: TestedDensity, known: SoFar) => void = () => undefined,
): Promise<PlanDocument> {
  checkWorkload(asked.scenario);
  const shared = new SharedRuns(runs);
  const request = await withNetwork(asked, shared);
  const answered: Answered[] = [];
  for (const question of questionsOf(request)) {
    const run: typeof shared.run = (job) => shared.run(job);
    const search = await searchHost(run, question, hostOf(question), {
      phase,
      tested: (seen, known) => tested(question.profile.name, testedDensity(seen), known),
    });
    const idle = { question, search, intervals: await answerIntervals(run, question, search, phase) };
    const told = { ...idle, limits: tellLimits(question, search) };
    answered.push(request.lab ? await packedOnto(told, request.lab, run) : told);
  }
  const best = answered.reduce((a, b) => (better(b, a) ? b : a));
  return documentOf(request, best, answered, shared.different);
}

/** The request with the distillation of its network chosen, if that is asked for: with the first host's kernel. */
export async function withNetwork(request: PlanRequest, runs: Runs): Promise<PlanRequest> {
  const { scenario, hosts, seed, tolerances } = request;
  const [first] = hosts;
  if (!first) return request;
  const host = resolveHost(first.profile, first.technology, scenario.limits);
  const { choice, ...chosen } = await withChosenDistillation(scenario, host, seed, tolerances, runs);
  return { ...request, ...chosen, ...(choice && { distillation: choice }) };
}

/** One for each kind of host. @throws InputError when there is nothing to be faithful to. */
export function questionsOf(request: PlanRequest): Question[] {
  checkWorkload(request.scenario);
  const { scenario, vnodes, seed, tolerances, whole = false, exact = false, fleet } = request;
  const fleetHosts = fleet ? { fleetHosts: fleet.reduce((sum, { count }) => sum + count, 0) } : {};
  return request.hosts.map(({ profile, technology = profile.defaultTechnology }) => {
    return { scenario, profile, technology, vnodes, seed, tolerances, whole, exact, ...fleetHosts };
  });
}

function checkWorkload({ workload, link, network }: Scenario): void {
  if (workload.kind === 'busy')
    throw new InputError('scenario.workload.kind', 'swarm, pairs or idle: busy vnodes share a core by design', 'busy');
  if (workload.kind !== 'swarm' && workload.kind !== 'pairs' && workload.kind !== 'idle')
    throw new InputError('scenario.workload.kind', 'swarm, pairs or idle: others have no tolerance yet', workload.kind);
  if (workload.kind === 'idle' || (workload.kind === 'pairs' && workload.transport === 'udp')) return;
  if (link.up === 'unshaped' && link.down === 'unshaped' && !network.core && !network.topology)
    throw new InputError('scenario.link.up', 'a rate that the range is to be faithful to', 'unshaped');
}

/** The answer for a lab follows from that for vnodes which idle, and from what its own declare. */
async function packedOnto(idle: Answered, lab: Lab, run: RunJob): Promise<Answered> {
  const { question, search, intervals, limits } = idle;
  const packing = packedLab(lab, search.host, search.planned);
  const answered = {
    ...idle,
    packing,
    intervals: { ...intervals, ...labIntervals(lab, search.host, intervals.vnodesPerHost) },
    limits: labLimits(packing, limits),
  };
  const density = fullestOf(answered);
  if (density === 0) return answered;
  const known = search.observations.find((seen) => seen.density === density);
  const fullest = known ?? (await observe(run, question, search.host, density));
  const observations = known ? search.observations : [...search.observations, fullest];
  const sorted = [...observations].sort((a, b) => a.density - b.density);
  return { ...answered, search: { ...search, atKnee: fullest, observations: sorted } };
}

function better(a: Answered, b: Answered): boolean {
  const [one, other] = [a.intervals.hosts.value, b.intervals.hosts.value];
  return one === 0 || other === 0 ? one > other : one < other;
}

const scaled = ({ value, low, high }: Interval, by: number): Interval => ({
  value: Math.floor(value * by),
  low: Math.floor(low * by),
  high: Math.floor(high * by),
});

function answerOf({ question, intervals, limits }: Answered): PlanAnswer {
  const { workload } = question.scenario;
  return {
    hosts: intervals.hosts,
    vnodesPerHost: intervals.vnodesPerHost,
    pairsPerHost: workload.kind === 'pairs' ? scaled(intervals.vnodesPerHost, 1 / stepOf(workload)) : null,
    knee: intervals.knee,
    ...limits,
  };
}

/** The metrics at the knee; each is broken only when it is so beyond its error. */
function fidelityOf({ atKnee }: HostSearch): PlanDocument['fidelity'] {
  const { errors, ownErrors } = verdictOf(atKnee.density, atKnee.evaluation);
  return atKnee.metrics.map(({ metric, value, tolerance, margin, measured, ideal, unit }) => {
    const error = errors[metric] ?? 0;
    const scale = metric === 'goodput' ? 1 - tolerance : tolerance;
    const ok = allowed(margin, ownErrors[metric] ?? 0) >= 0;
    return { metric, value, error: error * scale, tolerance, ok, margin, measured, ideal, unit };
  });
}

/** Neighbour entries that each vnode made in the runs at the knee, rounded up. */
function entriesPerVnode({ atKnee }: HostSearch): number {
  const entries = atKnee.records.flatMap((record) => record.hosts.map(({ neighbours }) => neighbours.peakEntries));
  return Math.ceil(Math.max(...entries) / atKnee.density);
}

/** Vnodes on the fullest host; of a lab that does not fit, of what does. */
const fullestOf = ({ search, packing }: Answered): number =>
  packing ? Math.max(0, ...packing.hosts.map((on) => on.length)) : search.planned;

/** The fullest host at the planned density, its clients at their fullest; of a lab, the most that any host gets. */
function resourcesOf(answered: Answered): PlanDocument['resources'] {
  const { question, search, packing } = answered;
  const { workload } = question.scenario;
  const { host } = search;
  const vnodes = fullestOf(answered);
  const containers = vnodes + extraContainers(workload);
  const clients = vnodes * clientBytes(host, workload, question.vnodes);
  return {
    memory: packing ? mostMemory(packing, host) : memoryUse(host, containers, clients).total,
    memoryAvailable: host.memoryBytes,
    disk: diskUse(host, containers, vnodes * dataPerVnode(workload)).total,
    diskAvailable: host.diskBytes,
    setupSeconds: setupTime(host, containers) / 1e9,
  };
}

function provenanceOf({ profile, technology }: Question): Record<string, number> {
  const counts: Record<string, number> = { measured: 0, published: 0, assumed: 0, default: 0 };
  for (const { source } of parametersOf(profile, technology).values()) counts[source] = (counts[source] ?? 0) + 1;
  return counts;
}

function documentOf(request: PlanRequest, best: Answered, answered: readonly Answered[], runs: number): PlanDocument {
  const { question, search, packing } = best;
  const { scenario, profile, technology, vnodes, seed, tolerances } = question;
  const { atKnee, knee, planned } = search;
  const { lab } = request;
  const shown = Math.max(1, packing ? atKnee.density : knee.density);
  const window = windowOf(question, shown);
  const fleet = request.fleet ? packed(request.fleet, answered, vnodes, stepOf(scenario.workload)) : null;
  const provenance = provenanceOf(question);
  const calibrated = answered.every((one) => (provenanceOf(one.question).measured ?? 0) > 0);
  const warnings: string[] = [];
  const uncalibrated = answered.filter((one) => (provenanceOf(one.question).measured ?? 0) === 0);
  for (const name of new Set(uncalibrated.map(({ question: asked }) => asked.profile.name)))
    warnings.push(`${name} is not calibrated: its figures are published or assumed, so the answer is extrapolated`);
  const beyond = answered.flatMap(({ question: asked, search: found }) => {
    const { calibration, name } = asked.profile;
    const reasons = calibration ? beyondDomain(calibration.domain, asked.scenario, found.knee.density) : [];
    return reasons.map((reason) => `${name}: ${reason}, so the answer is extrapolated`);
  });
  warnings.push(...beyond);
  if (planned === 0 && knee.density > 0)
    warnings.push(
      `one host by itself is faithful up to ${knee.density} vnodes, but runs vary too much for all hosts to be, together, with probability 0.9`,
    );
  if (lab) warnings.push(...labWarnings(lab, search.host));
  const answer = answerOf(best);
  const document: PlanDocument = {
    format: 'rangefit/plan',
    formatVersion: 1,
    vnodes,
    host: profile.name,
    technology,
    seed,
    ...(request.command === undefined ? {} : { command: request.command }),
    fits: answer.hosts.value > 0 && (fleet?.fits ?? true),
    extrapolated: !calibrated || beyond.length > 0,
    warnings,
    answer: fleet ? { ...answer, hosts: fleetInterval(request, answered, vnodes) } : answer,
    fidelity: fidelityOf(search),
    fidelityAt: atKnee.density,
    completion: completionCurves(atKnee),
    ceilings: planCeilings(ceilingsAt(question, search.host, fullestOf(best), entriesPerVnode(search))),
    resources: resourcesOf(best),
    method: {
      ...describeView(question, shown),
      compared: `against ideal twins of the same seeds: ${describePart(atKnee.part)}`,
      windowSeconds: window === undefined ? null : window / 1e9,
      densities: search.observations.map(testedDensity),
      seeds: seedCount(question, shown),
      draws: best.intervals.draws,
      runs,
    },
    ...(request.distillation && { distillation: distillationOf(request.distillation) }),
    provenance,
    alternatives: alternativesOf(answered),
    fleet,
    ...(lab && packing ? { lab: labPlacement(lab, search.host, packing) } : {}),
    tolerances: toleranceSchema.encode(tolerances),
    scenario: scenarioSchema.encode(resized(scenario, vnodes)),
    profile: hostProfileSchema.encode(profile),
  };
  const { tolerances: t, scenario: s, profile: p, lab: l, ...rest } = document;
  // Inputs stay exactly as they were given.
  return { ...rounded(rest), ...(l ? { lab: l } : {}), tolerances: t, scenario: s, profile: p };
}

const distillationOf = ({ rows, chosen }: DistillationChoice): NonNullable<PlanDocument['distillation']> => ({
  chosen: chosen.name,
  tried: rows.map(({ name, pipes, pipesPerPacket, inaccuracy, worst, ok }) => ({
    ...{ name, pipes, pipesPerPacket: pipesPerPacket.mean, inaccuracy, worst, ok },
  })),
});

type Alternative = PlanDocument['alternatives'][number];

function summary({ question, intervals, limits: { binding, next } }: Answered): Alternative {
  const { profile, technology } = question;
  const { hosts, vnodesPerHost } = intervals;
  return { host: profile.name, technology, hosts, vnodesPerHost, binding: binding.id, next: next.id };
}

/** Every host that was asked about; with why they differ where its technologies are compared. */
function alternativesOf(answered: readonly Answered[]): Alternative[] {
  const technologies = new Set(answered.map(({ question }) => question.technology));
  // What a lab declares binds it, whatever a technology costs.
  if (technologies.size < 2 || answered.some(({ packing }) => packing)) return answered.map(summary);
  const answers = answered.map(({ question, search: { host, planned, binding } }) => {
    return { ...technologyFacts(question, host, planned), host, planned, binding: binding.id };
  });
  const best = answers.reduce((a, b) => (b.planned > a.planned ? b : a));
  return answered.map((one, i) => {
    const answer = answers[i] as (typeof answers)[number];
    const { memoryPerVnode: memory, diskPerVnode, packetNanoseconds, setupSeconds } = answer;
    const facts = { memoryPerVnode: memory, diskPerVnode, packetNanoseconds, setupSeconds };
    return {
      ...summary(one),
      technologyFacts: { ...facts, why: whyFewer(answer, best), setup: setupWords(answer) },
    };
  });
}

function packed(
  fleet: readonly FleetEntry[],
  answered: readonly Answered[],
  vnodes: number,
  step: number,
  of: keyof Interval = 'value',
): NonNullable<PlanDocument['fleet']> {
  const dense = fleet.map((entry, i) => ({
    ...entry,
    vnodesPerHost: (answered[i] as Answered).intervals.vnodesPerHost[of],
  }));
  return pack(dense, vnodes, step);
}

/** Hosts of the fleet in use, at the planned densities and at both ends of their intervals. */
function fleetInterval({ fleet = [], scenario }: PlanRequest, answered: readonly Answered[], vnodes: number): Interval {
  const used = (of: keyof Interval) =>
    packed(fleet, answered, vnodes, stepOf(scenario.workload), of).shares.reduce((sum, share) => sum + share.used, 0);
  return { value: used('value'), low: used('high'), high: used('low') };
}
