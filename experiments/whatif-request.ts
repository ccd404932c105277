// What `whatif` was asked on the command line, as plain data that a run folder keeps, and as a request.

import { z } from 'zod';
import { InputError } from '../models/index.js';
import { countFrom } from './flags.js';
import type { Environment } from './places.js';
import { planRequest } from './plan-request.js';
import { type FleetEntry, type PlanRequest, parseFleet } from './planner/index.js';
import type { Setting } from './settings.js';
import {
  FEWEST_SAMPLED,
  type FleetQuestion,
  HOST_ITSELF,
  parseScan,
  type Scan,
  targetFrom,
  type WhatifRequest,
} from './whatif/index.js';

const text = z.string().optional();

/** The flags that decide what is answered, as they were typed. */
const whatifFlagsSchema = z.strictObject({
  scan: z.array(z.string()),
  points: text,
  targetPerHost: text,
  targetHosts: text,
  price: z.array(z.string()),
  peers: text,
  pairs: text,
  scenario: text,
  host: text,
  fleet: text,
  tech: text,
  limits: text,
  set: z.array(z.string()),
  seed: z.string(),
  whole: z.boolean().optional(),
});
export type WhatifFlags = z.output<typeof whatifFlagsSchema>;

/** What a run folder keeps of a study: the flags, and a name for everything that they stood for. */
export const whatifAskedSchema = z.strictObject({ flags: whatifFlagsSchema, inputs: z.string(), command: z.string() });
export type WhatifAsked = z.output<typeof whatifAskedSchema>;

/** Of all flags those that decide what is answered. */
export function whatifFlagsFrom(options: object): WhatifFlags {
  const known = Object.keys(whatifFlagsSchema.shape);
  return whatifFlagsSchema.parse(Object.fromEntries(Object.entries(options).filter(([name]) => known.includes(name))));
}

function pricesFrom(texts: readonly string[]): Map<string, number> {
  const prices = new Map<string, number>();
  for (const one of texts.flatMap((list) => list.split(','))) {
    const [, host, digits] = /^\s*([^=]+?)\s*=\s*(\d+(?:\.\d+)?)\s*$/.exec(one) ?? [];
    if (host === undefined) throw new InputError('--price', 'HOST=PRICE, for example pc3000=120', `"${one}"`);
    prices.set(host, Number(digits));
  }
  return prices;
}

function fleetQuestion(flags: WhatifFlags, hosts: readonly string[], ask: AskFor): FleetQuestion | null {
  const { fleet: counts, price } = flags;
  if (counts === undefined && price.length === 0) return null;
  const prices = pricesFrom(price);
  const there = counts === undefined ? null : parseFleet(counts);
  const kinds: FleetQuestion['hosts'] =
    there?.map(({ host, count }) => ({ host, available: count })) ?? hosts.map((host) => ({ host, available: null }));
  const priced = [...prices.keys()].find((host) => !kinds.some((kind) => kind.host === host));
  if (priced !== undefined)
    throw new InputError('--price', `one of ${kinds.map(({ host }) => host).join(', ')}`, priced);
  const free = kinds.find(({ host }) => prices.size > 0 && !prices.has(host));
  if (free) throw new InputError('--price', `a price for ${free.host} too`, 'none');
  const sized = flags.peers !== undefined || flags.pairs !== undefined || there === null;
  return {
    hosts: kinds,
    prices,
    vnodes: sized ? ask([]).vnodes : null,
    requestOf: (host, vnodes, fleet) => {
      const request = ask([], host);
      return { ...request, ...(vnodes !== null && { vnodes }), ...(fleet && { fleet }) };
    },
    planOf: (vnodes, fleet) => ({ ...ask([], fleet.map(({ host }) => host).join(',')), vnodes, fleet }),
  };
}

type AskFor = (settings: readonly Setting[], host?: string) => PlanRequest;

/** @throws InputError for everything that is wrong with the flags or with what they name. */
export function whatifRequest(flags: WhatifFlags, environment: Environment): WhatifRequest {
  const { scan, points, targetPerHost, targetHosts, price, fleet, host, ...plain } = flags;
  if (fleet !== undefined && host !== undefined) throw new InputError('--fleet', 'no --host beside it', host);
  const names = (
    fleet === undefined
      ? host
      : parseFleet(fleet)
          .map((entry: FleetEntry) => entry.host)
          .join(',')
  )
    ?.split(',')
    .map((name) => name.trim());
  const ask: AskFor = (settings, named) => {
    const chosen = named ?? names?.[0];
    return planRequest({ ...given(plain), ...(chosen !== undefined && { host: chosen }), settings }, environment);
  };
  const scans = scan.map(parseScan);
  const twice = scans.find(({ path }, i) => scans.findIndex((other) => other.path === path) !== i);
  if (twice) throw new InputError('--scan', 'each path once', `${twice.path} twice`);
  const kinds = names ?? [];
  const several: Scan[] = kinds.length > 1 && fleet === undefined && price.length === 0 ? [hostScan(kinds)] : [];
  if (points !== undefined && scans.length === 0) throw new InputError('--points', 'a --scan to sample', 'none');
  const { scenario, lab } = ask([]);
  const pairs = scenario.workload.kind === 'pairs';
  const [odd] =
    Object.entries({ '--target-per-host': targetPerHost, '--fleet': fleet, '--price': price[0] }).find(
      ([, value]) => value !== undefined,
    ) ?? [];
  if (lab && odd !== undefined)
    throw new InputError(odd, '--scan or --target-hosts with a containerlab file: its vnodes differ in size', 'it');
  const density = targetPerHost === undefined ? null : countFrom('--target-per-host', targetPerHost);
  const request: WhatifRequest = {
    requestOf: (settings) => {
      const named = settings.find(({ group, path }) => group === 'host' && path.length === 0);
      return ask(
        settings.filter((setting) => setting !== named),
        named && String(named.value),
      );
    },
    scans: [...several, ...scans],
    sample: points === undefined ? null : countFrom('--points', points, 100_000, FEWEST_SAMPLED),
    target: targetFrom(
      // People count what the workload counts: pairs in pairs.
      density === null ? null : density * (pairs ? 2 : 1),
      targetHosts === undefined ? null : countFrom('--target-hosts', targetHosts),
    ),
    fleet: fleetQuestion(flags, kinds, ask),
  };
  if (request.scans.length === 0 && !request.target && !request.fleet)
    throw new InputError(
      'whatif',
      '--scan PATH=a..b:step, --target-per-host, --target-hosts, --fleet or --price',
      'none',
    );
  return request;
}

function hostScan(names: readonly string[]): Scan {
  return { path: HOST_ITSELF, values: names, stretch: undefined };
}

/** Flags that were given: an absent one is no undefined one. */
const given = <T extends object>(flags: T): { [K in keyof T]: NonNullable<T[K]> } =>
  Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: NonNullable<T[K]>;
  };
