// What `plan` was asked on the command line, as a request to the planner.

import { z } from 'zod';
import { type Tolerances, toleranceSchema } from '../calibration/index.js';
import { InputError, resolveHost, type Scenario, TECHNOLOGIES, type Technology, vnodeCount } from '../models/index.js';
import { check, escaped, parseDocument } from './documents/index.js';
import { knownHosts, loadHostProfile } from './hosts.js';
import type { Environment } from './places.js';
import { type FleetEntry, type PlanRequest, parseFleet } from './planner/index.js';
import { loadPlanned, type Planned } from './scenarios.js';
import { parseSetting, type Setting, withSettings } from './settings.js';

export interface PlanFlags {
  readonly peers?: string;
  readonly pairs?: string;
  readonly scenario?: string;
  readonly host?: string;
  readonly fleet?: string;
  readonly tech?: string;
  /** Every technology, each on every host. */
  readonly compareTech?: boolean;
  readonly limits?: string;
  readonly set?: readonly string[];
  /** More of the same, as a scan makes them; they come after those of `set`. */
  readonly settings?: readonly Setting[];
  readonly seed?: string;
  readonly whole?: boolean;
  readonly exact?: boolean;
  /** What the document keeps as the command line that gives it. */
  readonly command?: string;
}

const DEFAULT_SCENARIO = 'swarm-100';

/** `--set range.*`: the size of the range, as the flags say it too. */
const rangeSchema = z.strictObject({
  peers: z.int().min(1).max(1_000_000).optional(),
  pairs: z.int().min(1).max(500_000).optional(),
});

const empty = (name: string) => parseDocument(`${name}.json`, '{}');
const below = (settings: readonly Setting[], group: Setting['group']) => settings.filter((one) => one.group === group);

/** The flag as the setting that it is short for; a whole number where it is one. */
function short(flag: string, group: Setting['group'], path: string, value: string | undefined): Setting[] {
  if (value === undefined) return [];
  const number = /^\d{1,9}$/.test(value) ? Number(value) : value;
  return [{ group, path: path.split('.'), value: number, flag: `${flag} ${value}` }];
}

/** @throws InputError. */
export function tolerancesFrom(settings: readonly Setting[]): Tolerances {
  const located = withSettings(empty('tolerance'), toleranceSchema, below(settings, 'tolerance'));
  return check(located, toleranceSchema, 'scenario');
}

/** @throws InputError for a lab of another size, or on hosts of several kinds at a time. */
function checkLab({ lab }: Planned, vnodes: number, { fleet }: PlanFlags): void {
  if (lab && vnodes !== lab.vnodes.length)
    throw new InputError('--peers', `the ${lab.vnodes.length} vnodes of the containerlab file`, String(vnodes));
  if (lab && fleet !== undefined)
    throw new InputError('--fleet', '--host with a containerlab file: it is packed onto hosts of one kind', fleet);
}

function sizeFrom(flags: PlanFlags, { workload }: Scenario): number {
  const { settings = [] } = flags;
  const scanned = below(settings, 'range');
  // One size takes the place of the other, in peers or in pairs.
  const all =
    scanned.length > 0
      ? scanned
      : [
          ...below((flags.set ?? []).map(parseSetting), 'range'),
          ...short('--peers', 'range', 'peers', flags.peers),
          ...short('--pairs', 'range', 'pairs', flags.pairs),
        ];
  const { peers, pairs } = check(withSettings(empty('range'), rangeSchema, all), rangeSchema, 'scenario');
  if (pairs !== undefined) {
    if (workload.kind !== 'pairs') throw new InputError('--pairs', 'a scenario of pairs', workload.kind);
    if (peers !== undefined && peers !== 2 * pairs)
      throw new InputError('--peers', `two vnodes a pair, so ${2 * pairs}, or no --peers`, String(peers));
    return 2 * pairs;
  }
  if (peers !== undefined && workload.kind === 'pairs' && peers % 2 === 1)
    throw new InputError('--peers', 'an even number: a pair is two vnodes', String(peers));
  return peers ?? vnodeCount(workload);
}

function hostNames(flags: PlanFlags, environment: Environment): { names: string[]; fleet?: FleetEntry[] } {
  if (flags.fleet !== undefined) {
    if (flags.host !== undefined) throw new InputError('--fleet', 'no --host beside it', flags.host);
    const fleet = parseFleet(flags.fleet);
    return { names: fleet.map(({ host }) => host), fleet };
  }
  if (flags.host === undefined) {
    throw new InputError('--host', `one of ${knownHosts(environment).join(', ')}, or a file`, 'nothing');
  }
  return { names: flags.host.split(',').map((name) => name.trim()) };
}

/** `host.technology` names one of the profile's platforms: it is `--tech` as a setting. */
const isTechnology = ({ group, path }: Setting): boolean => group === 'host' && path.join('.') === 'technology';

/** Undefined: the host's own first. @throws InputError for two that exclude each other. */
function technologiesFrom(
  { tech, compareTech = false, fleet }: PlanFlags,
  settings: readonly Setting[],
): readonly (Technology | undefined)[] {
  const set = settings.findLast(isTechnology);
  if (set && !TECHNOLOGIES.some((known) => known === set.value))
    throw new InputError(set.flag, `one of ${TECHNOLOGIES.join(', ')}`, escaped(String(set.value)));
  if (set && compareTech)
    throw new InputError('--compare-tech', 'no host.technology beside it: it compares them all', set.flag);
  if (set) return [set.value as Technology];
  if (!compareTech) return [tech as Technology | undefined];
  if (tech !== undefined) throw new InputError('--compare-tech', 'no --tech beside it: it compares them all', tech);
  if (fleet !== undefined) throw new InputError('--compare-tech', 'no --fleet beside it', fleet);
  return TECHNOLOGIES;
}

/** @throws InputError for everything that is wrong with the flags or with what they name. */
export function planRequest(flags: PlanFlags, environment: Environment): PlanRequest {
  // A scan or a change comes after the flags that are short for the same.
  const settings = [
    ...(flags.set ?? []).map(parseSetting),
    ...short('--limits', 'scenario', 'limits', flags.limits),
    ...(flags.settings ?? []),
  ];
  const planned = loadPlanned(flags.scenario ?? DEFAULT_SCENARIO, below(settings, 'scenario'));
  const { scenario, lab } = planned;
  const vnodes = sizeFrom(flags, scenario);
  checkLab(planned, vnodes, flags);
  const { names, fleet } = hostNames(flags, environment);
  const onHosts = below(settings, 'host').filter((one) => !isTechnology(one));
  const hosts = names.flatMap((name) =>
    technologiesFrom(flags, settings).map((technology) => {
      const profile = loadHostProfile(name, environment, technology, onHosts);
      // Refuses a technology that the profile does not have, before anything is run.
      resolveHost(profile, technology, scenario.limits);
      return technology === undefined ? { profile } : { profile, technology };
    }),
  );
  return {
    scenario,
    hosts,
    vnodes,
    seed: flags.seed ?? '1',
    tolerances: tolerancesFrom(settings),
    whole: flags.whole ?? false,
    exact: flags.exact ?? false,
    ...(fleet ? { fleet } : {}),
    ...(lab ? { lab } : {}),
    ...(flags.command === undefined ? {} : { command: flags.command }),
  };
}
