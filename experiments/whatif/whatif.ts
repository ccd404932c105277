// What-if: every point of a study answered, what moves the knee, and the cheapest change that reaches a target.

import { toleranceSchema } from '../../calibration/index.js';
import { hostProfileSchema, InputError, resized, resolveHost, scenarioSchema } from '../../models/index.js';
import { labWarnings, type PlanRequest, type QuickAnswer, rounded } from '../planner/index.js';
import { byCost } from './cheapest-point.js';
import { type DesignPoint, gridDesign, sampleDesign } from './design.js';
import { type FleetQuestion, fleetAnswer } from './fleet-question.js';
import { type Part, pointsOf } from './part.js';
import { type Scan, settingOf } from './scan.js';
import { sensitivities } from './sensitivity.js';
import { nameOf, type Study } from './study.js';
import type { SettingValue, SweepDocument, SweepTarget } from './sweep-document.js';
import { type Changed, pullLevers, type RequestOf, reaches, type Target } from './target.js';

export interface WhatifRequest {
  /** The request with more settings; of one kind of host. */
  readonly requestOf: RequestOf;
  readonly scans: readonly Scan[];
  /** Points of a sample; null: the full grid. */
  readonly sample: number | null;
  readonly target: Target | null;
  readonly fleet: FleetQuestion | null;
  /** The command line that asks the same; kept in the document. */
  readonly command?: string;
}

/** Of the points that reach a target so many are planned in full, in order of cost, before nobody looks further. */
const CONFIRMED = 5;

/** The points of the study. @throws InputError when there are too many, or a stretch has no step. */
const designOf = ({ scans, sample }: Pick<WhatifRequest, 'scans' | 'sample'>): DesignPoint[] =>
  sample === null ? gridDesign(scans) : sampleDesign(scans, sample);

/** How many the study has. @throws InputError as above. */
export const pointsIn = (request: Pick<WhatifRequest, 'scans' | 'sample'>): number =>
  request.scans.length === 0 ? 0 : designOf(request).length;

/**
 * Everything the answers follow from, as one short name: a study is resumed only while the files that it names say the
 * same. Every value of every scan is checked on the way.
 */
export function inputsOf({ requestOf, scans, sample, target }: WhatifRequest): string {
  if (scans.length > 0) designOf({ scans, sample });
  const one = scans.flatMap((scan) => (scan.values ?? []).map((value) => nameOf(requestOf([settingOf(scan, value)]))));
  const ends = scans.map(
    ({ path, stretch }) => stretch && [path, stretch.text(stretch.low), stretch.text(stretch.high)],
  );
  return nameOf(requestOf([]), [one, ends, sample, target]);
}

/** The settings of a point. */
const settingsAt = (scans: readonly Scan[], { values }: DesignPoint) =>
  scans.map((scan, i) => settingOf(scan, values[i] as string));

/**
 * Answers the points of one part, and nothing else of the study. @returns how many they are.
 * @throws InputError; Interrupted when the runs were stopped.
 */
export async function answerPart(request: WhatifRequest, part: Part, study: Study): Promise<number> {
  const { requestOf, scans } = request;
  const points = pointsOf(designOf(request), part);
  await study.answers(points, (point) => requestOf(settingsAt(scans, point)), await study.answer(requestOf([])));
  return points.length;
}

/** As the scan's value is set: a number where it is one. */
const setValue = (scan: Scan, text: string): SettingValue => settingOf(scan, text).value as SettingValue;

/**
 * Answers the study. The document is the same for any number of workers, and however often it was resumed.
 * @throws InputError; Interrupted when the runs were stopped.
 */
export async function whatif(request: WhatifRequest, study: Study): Promise<SweepDocument> {
  const { requestOf, scans } = request;
  const base = requestOf([]);
  const start = await study.answer(base);
  const design = scans.length === 0 ? [] : designOf(request);
  const requestAt = (point: DesignPoint) => requestOf(settingsAt(scans, point));
  const answers = await study.answers(design, requestAt, start);
  const points = design.map(({ index, values }, i) => ({
    index,
    values: scans.map((scan, axis) => setValue(scan, values[axis] as string)),
    answer: answers[i] as QuickAnswer,
  }));
  const paths = scans.map(({ path }) => path);
  const grid = request.sample === null;
  const { target } = request;
  const found = target === null ? null : await targetOf(request, target, study, start, design, answers);
  const { scenario, vnodes, seed, tolerances } = base;
  const [host] = base.hosts;
  if (!host) throw new Error('a request without a host');
  return {
    format: 'rangefit/sweep',
    formatVersion: 1,
    seed,
    ...(request.command !== undefined && { command: request.command }),
    design: scans.length === 0 ? 'single' : grid ? 'grid' : 'sample',
    parameters: scans.map(({ path }, axis) => {
      const placed = [...design].sort((a, b) => (a.places[axis] as number) - (b.places[axis] as number));
      return { path, values: [...new Set(placed.map(({ index }) => points[index]?.values[axis] as SettingValue))] };
    }),
    warnings: warningsOf(base),
    base: rounded(start),
    points: rounded(points),
    sensitivity: points.length > 1 ? rounded(sensitivities({ paths, grid, design, points })) : [],
    target: found,
    fleet: request.fleet ? await fleetAnswer(request.fleet, study) : null,
    tolerances: toleranceSchema.encode(tolerances),
    scenario: scenarioSchema.encode(resized(scenario, vnodes)),
    profile: hostProfileSchema.encode(host.profile),
  };
}

function warningsOf({ hosts, lab, scenario }: PlanRequest): string[] {
  const uncalibrated = hosts
    .filter(({ profile }) => !JSON.stringify(profile).includes('"source":"measured"'))
    .map(({ profile: { name } }) => `${name} is not calibrated: its figures are published or assumed`);
  const [host] = hosts;
  if (!lab || !host) return uncalibrated;
  return [...uncalibrated, ...labWarnings(lab, resolveHost(host.profile, host.technology, scenario.limits))];
}

/** From the study's points where there are any, otherwise by moving whatever binds. */
async function targetOf(
  { requestOf, scans }: WhatifRequest,
  target: Target,
  study: Study,
  base: QuickAnswer,
  design: readonly DesignPoint[],
  answers: readonly QuickAnswer[],
): Promise<SweepTarget> {
  const asked = wantedWords(target, base);
  const told = (
    changes: readonly Pick<Changed, 'path' | 'value' | 'command'>[],
    after: SweepTarget['after'],
    sentence: string,
  ): SweepTarget => ({
    ...target,
    reached: after !== null,
    change: changes.map(({ path, value }) => ({ path, value: settingOf({ path }, value).value as SettingValue })),
    commands: changes.flatMap(({ command }) => command ?? []),
    before: base.vnodesPerHost,
    after,
    sentence,
  });
  const confirmed = async (changes: readonly Pick<Changed, 'path' | 'value'>[]) => {
    const settings = changes.map(({ path, value }) => settingOf({ path }, value));
    const { vnodesPerHost, hosts } = await study.confirm(requestOf(settings));
    return {
      vnodesPerHost,
      hosts,
      reached: reaches(target, { vnodesPerHost: vnodesPerHost.value, hosts: hosts.value }),
    };
  };
  const short = (held: string) =>
    `planned in full it ${base.idleKnee === undefined ? 'holds' : 'takes'} ${held}, short of ${asked}`;
  if (reaches(target, base)) {
    const { vnodesPerHost, hosts, reached } = await confirmed([]);
    const now = reachedWords(base, vnodesPerHost.value, hosts.value);
    if (!reached) return told([], null, `nothing seemed to need a change, but ${short(now)}`);
    return told([], vnodesPerHost, `nothing needs to change for ${asked}: ${now}`);
  }
  const from = base.idleKnee === undefined ? `from ${perHost(base.vnodesPerHost, base)} to` : `from ${base.hosts} to`;
  if (design.length > 0) {
    const reaching = design.filter(({ index }) => reaches(target, answers[index] as QuickAnswer));
    for (const { point, changed } of byCost(scans, reaching, requestOf).slice(0, CONFIRMED)) {
      const changes = changed.map((axis) => {
        const { path } = scans[axis] as Scan;
        return { path, value: point.values[axis] as string, command: null };
      });
      const { vnodesPerHost, hosts, reached } = await confirmed(changes);
      if (!reached) continue;
      const words = changes.map(({ path, value }) => `${path}=${value}`).join(' and ');
      return told(
        changes,
        vnodesPerHost,
        `set ${words}: ${from} ${reachedWords(base, vnodesPerHost.value, hosts.value)}`,
      );
    }
    if (reaching.length === 0) return told([], null, `none of the ${design.length} points reaches ${asked}`);
    const seemed = `${reaching.length} of ${design.length} points seemed to reach ${asked}`;
    const planned =
      reaching.length === 1 ? 'it does not' : `the ${Math.min(CONFIRMED, reaching.length)} cheapest do not`;
    return told([], null, `${seemed}, but planned in full ${planned}`);
  }
  const { reached, changes, answer, stuck } = await pullLevers(study, requestOf, target, base);
  const words = changes.map((change) => change.words).join(' and ');
  if (!reached)
    return told(
      changes,
      null,
      `nothing reaches ${asked}: ${words === '' ? '' : `${words}, and `}${reachedWords(base, answer.vnodesPerHost, answer.hosts)} is where it ends, for ${stuck}`,
    );
  const { vnodesPerHost, hosts, reached: held } = await confirmed(changes);
  const now = reachedWords(base, vnodesPerHost.value, hosts.value);
  if (!held) return told(changes, null, `${words} seemed to be enough, but ${short(now)}`);
  return told(changes, vnodesPerHost, `${words}: ${from} ${now}`);
}

const perHost = (vnodes: number, { pairsPerHost }: QuickAnswer): number =>
  pairsPerHost === null ? vnodes : Math.floor(vnodes / 2);
const amount = (vnodes: number, like: QuickAnswer): string =>
  `${perHost(vnodes, like)} ${like.pairsPerHost === null ? 'peers' : 'pairs'}`;

/** Vnodes of a lab differ: its hosts are counted. */
const reachedWords = (base: QuickAnswer, vnodesPerHost: number, hosts: number): string =>
  base.idleKnee === undefined ? `${amount(vnodesPerHost, base)} per host` : `${hosts} hosts`;

const wantedWords = ({ vnodesPerHost, hosts }: Target, like: QuickAnswer): string =>
  vnodesPerHost === null ? `${like.vnodes} vnodes on ${hosts} hosts` : `${amount(vnodesPerHost, like)} per host`;

/** @throws InputError unless exactly one is given. */
export function targetFrom(vnodesPerHost: number | null, hosts: number | null): Target | null {
  if (vnodesPerHost === null && hosts === null) return null;
  if (vnodesPerHost !== null && hosts !== null)
    throw new InputError('--target-hosts', 'no --target-per-host beside it', String(hosts));
  return { vnodesPerHost, hosts };
}
