// Questions about hosts that are there or could be had: how many vnodes they hold, and which of them cost least.

import type { Interval } from '../../calibration/index.js';
import { type FleetEntry, type PlanRequest, type QuickAnswer, rounded } from '../planner/index.js';
import { cheapestFleet, type Offer } from './cheapest-fleet.js';
import type { Confirmed, Study } from './study.js';
import type { SweepFleet } from './sweep-document.js';

export interface FleetQuestion {
  /** Kinds of hosts; null: as many as wanted. */
  readonly hosts: readonly { readonly host: string; readonly available: number | null }[];
  /** Of one host each; empty: every host costs the same. */
  readonly prices: ReadonlyMap<string, number>;
  /** Vnodes of the range; null: how many do these hosts hold? */
  readonly vnodes: number | null;
  /** A plan for one of the kinds, in a range of so many vnodes of which so many hosts must hold together. */
  requestOf(host: string, vnodes: number | null, fleet: readonly FleetEntry[] | null): PlanRequest;
  /** A plan of the range on the whole fleet. */
  planOf(vnodes: number, fleet: readonly FleetEntry[]): PlanRequest;
}

/** Who answers: quickly for one kind of host, and in full for a fleet. */
export type Planner = Pick<Study, 'answer' | 'confirm'>;

/** A range and its fleet depend on each other a little: mostly they have settled after two or three rounds. */
const ROUNDS = 6;

type Counted = SweepFleet['shares'][number];

/** @throws InputError for what the planner refuses. */
export async function fleetAnswer(question: FleetQuestion, planner: Planner): Promise<SweepFleet> {
  const { vnodes } = question;
  return rounded(vnodes === null ? await held(question, planner) : await cheapest(question, vnodes, planner));
}

const stepOf = ({ pairsPerHost }: QuickAnswer): number => (pairsPerHost === null ? 1 : 2);
const words = (vnodes: number, step: number): string => `${vnodes / step} ${step === 1 ? 'peers' : 'pairs'}`;
const named = (shares: readonly Counted[]): string =>
  shares
    .filter(({ used }) => used > 0)
    .map(({ host, used }) => `${used} ${host}`)
    .join(' and ');
const priceOf = ({ prices }: FleetQuestion, host: string): number | null => prices.get(host) ?? null;

/** What each kind of host holds: as quick answers say, and no more than a full plan has said since. */
class Densities {
  private readonly most = new Map<string, number>();
  step = 1;

  constructor(
    private readonly question: FleetQuestion,
    private readonly planner: Planner,
  ) {}

  /** Whole steps that one host of each kind holds, in a range of `vnodes` on `fleet`. */
  async within(vnodes: number | null, fleet: readonly FleetEntry[] | null): Promise<number[]> {
    const found: number[] = [];
    for (const { host } of this.question.hosts) {
      const answer = await this.planner.answer(this.question.requestOf(host, vnodes, fleet));
      this.step = stepOf(answer);
      found.push(this.whole(Math.min(answer.vnodesPerHost, this.most.get(host) ?? Number.POSITIVE_INFINITY)));
    }
    return found;
  }

  whole(vnodes: number): number {
    return Math.floor(vnodes / this.step) * this.step;
  }

  /** A full plan of the fleet; where it does not fit, what it says of its hosts counts from now on. */
  async confirm(vnodes: number, fleet: readonly FleetEntry[]): Promise<Confirmed> {
    const plan = await this.planner.confirm(this.question.planOf(vnodes, fleet));
    if (!plan.fits) for (const [i, { host }] of fleet.entries()) this.most.set(host, (plan.each[i] as Interval).value);
    return plan;
  }
}

/** The largest range that the hosts hold together: a swarm's densities depend on its size, so it is asked again. */
async function held(question: FleetQuestion, planner: Planner): Promise<SweepFleet> {
  const entries = question.hosts.map(({ host, available }) => ({ host, count: available ?? 1 }));
  const densities = new Densities(question, planner);
  const room = (perHost: readonly number[]) =>
    entries.reduce((sum, { count }, i) => sum + count * densities.whole(perHost[i] as number), 0);
  let vnodes: number | null = null;
  let perHost: number[] = [];
  let plan: Confirmed | null = null;
  let settled = false;
  for (let round = 0; round < ROUNDS && !settled; round++) {
    perHost = await densities.within(vnodes, entries);
    const total = room(perHost);
    if (total === 0) settled = true;
    else if (total === vnodes) {
      plan = await densities.confirm(total, entries);
      settled = plan.fits;
    }
    vnodes = total;
  }
  const range = vnodes ?? 0;
  if (!settled) plan = await densities.confirm(range, entries);
  const fits = range > 0 && plan !== null && plan.fits;
  const shares = entries.map(({ host, count }, i): Counted => {
    const vnodesPerHost = perHost[i] as number;
    return {
      ...{ host, available: count, used: vnodesPerHost > 0 ? count : 0, vnodesPerHost },
      price: priceOf(question, host),
    };
  });
  const told = words(range, densities.step);
  const sentence =
    range === 0
      ? 'these hosts hold nothing faithfully'
      : settled
        ? `${named(shares)} hold ${told}`
        : fits
          ? `${named(shares)} hold ${told}, and after ${ROUNDS} rounds it is not settled whether they hold more`
          : `what ${named(shares)} hold is not settled: after ${ROUNDS} rounds a plan of ${told} on them does not fit`;
  const ends = fits && plan ? [plan.each.map(({ low }) => low), plan.each.map(({ high }) => high)].map(room) : null;
  return {
    ...{ vnodes: range, fits, settled, hosts: null },
    holds: ends && around(range, ends[0] as number, ends[1] as number),
    cost: null,
    ...{ shares, sentence },
  };
}

/** The hosts that hold the range for least; all that are chosen must hold together, so their number is asked again. */
async function cheapest(question: FleetQuestion, vnodes: number, planner: Planner): Promise<SweepFleet> {
  const densities = new Densities(question, planner);
  const offersAt = (perHost: readonly number[]): Offer[] =>
    question.hosts.map(({ host, available }, i) => ({
      ...{ host, available, vnodesPerHost: perHost[i] as number },
      price: priceOf(question, host) ?? 1,
    }));
  let chosen: FleetEntry[] | null = null;
  let perHost: number[] = [];
  let plan: Confirmed | null = null;
  let settled = false;
  for (let round = 0; round < ROUNDS && !settled; round++) {
    perHost = await densities.within(vnodes, chosen);
    const counts: number[] | null = await cheapestFleet(offersAt(perHost), vnodes);
    const now: FleetEntry[] | null = counts && question.hosts.map(({ host }, i) => ({ host, count: counts[i] ?? 0 }));
    const same = JSON.stringify(now) === JSON.stringify(chosen);
    chosen = now;
    if (!chosen) settled = true;
    else if (same) {
      plan = await densities.confirm(vnodes, used(chosen));
      settled = plan.fits;
    }
  }
  if (chosen && !settled) plan = await densities.confirm(vnodes, used(chosen));
  const fits = plan?.fits ?? false;
  const shares = question.hosts.map(
    ({ host, available }, i): Counted => ({
      ...{ host, available, used: chosen?.[i]?.count ?? 0, vnodesPerHost: perHost[i] as number },
      price: priceOf(question, host),
    }),
  );
  const ends = fits && chosen && plan ? await endsOf(question, vnodes, used(chosen), plan, densities) : null;
  const range = words(vnodes, densities.step);
  const told = `${range} fit on ${named(shares)}${ends?.cost ? ` for ${ends.cost.value}` : ''}`;
  const sentence =
    chosen === null
      ? `${range} do not fit on these hosts`
      : settled
        ? told
        : fits
          ? `${told}, and after ${ROUNDS} rounds it is not settled whether less would do`
          : `the cheapest fleet is not settled: after ${ROUNDS} rounds a plan of ${range} on ${named(shares)} does not fit`;
  const { hosts, cost } = ends ?? { hosts: null, cost: null };
  return { vnodes, fits, settled, hosts, holds: null, cost, shares, sentence };
}

const used = (fleet: readonly FleetEntry[]): FleetEntry[] => fleet.filter(({ count }) => count > 0);

/** Of the chosen kinds so many hosts, for so much, where each holds as many as its interval's ends say. */
async function endsOf(
  question: FleetQuestion,
  vnodes: number,
  chosen: readonly FleetEntry[],
  { each }: Confirmed,
  densities: Densities,
): Promise<Pick<SweepFleet, 'hosts' | 'cost'>> {
  const offersAt = (end: 'low' | 'high'): Offer[] =>
    chosen.map(({ host }, i) => ({
      ...{ host, available: question.hosts.find((kind) => kind.host === host)?.available ?? null },
      vnodesPerHost: densities.whole((each[i] as Interval)[end]),
      price: priceOf(question, host) ?? 1,
    }));
  const at = async (end: 'low' | 'high') => {
    const counts = await cheapestFleet(offersAt(end), vnodes);
    if (!counts) return null;
    const cost = counts.reduce((sum, count, i) => sum + count * (priceOf(question, chosen[i]?.host ?? '') ?? 0), 0);
    return { hosts: counts.reduce((a, b) => a + b, 0), cost };
  };
  const [most, fewest] = [await at('low'), await at('high')];
  const hosts = chosen.reduce((sum, { count }) => sum + count, 0);
  const cost = chosen.reduce((sum, { host, count }) => sum + count * (priceOf(question, host) ?? 0), 0);
  return {
    hosts: around(hosts, fewest?.hosts ?? hosts, most?.hosts ?? null),
    cost: question.prices.size === 0 ? null : around(cost, fewest?.cost ?? cost, most?.cost ?? null),
  };
}

/** An interval that holds its value; `high` null: it has no end. */
function around<T extends number | null>(value: number, low: number, high: T): { value: number; low: number; high: T } {
  return { value, low: Math.min(value, low), high: (high === null ? null : Math.max(value, high)) as T };
}
