// Questions about hosts that are there or could be had: how many vnodes they hold, and which of them cost least.

import { type FleetEntry, type PlanRequest, type QuickAnswer, rounded } from '../planner/index.js';
import { cheapestFleet, type Offer } from './cheapest-fleet.js';
import type { Study } from './study.js';
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
}

/** A range and its fleet depend on each other a little: after these rounds they have settled. */
const ROUNDS = 4;

type Counted = SweepFleet['shares'][number];

/** @throws InputError for what the planner refuses. */
export async function fleetAnswer(question: FleetQuestion, study: Pick<Study, 'answer'>): Promise<SweepFleet> {
  return question.vnodes === null ? held(question, study) : cheapest(question, question.vnodes, study);
}

const stepOf = ({ pairsPerHost }: QuickAnswer): number => (pairsPerHost === null ? 1 : 2);
const words = (vnodes: number, step: number): string => `${vnodes / step} ${step === 1 ? 'peers' : 'pairs'}`;
const named = (shares: readonly Counted[]): string =>
  shares
    .filter(({ used }) => used > 0)
    .map(({ host, used }) => `${used} ${host}`)
    .join(' and ');

/** Each kind's density in a range of `vnodes` on `fleet`. */
async function densities(
  { hosts, requestOf }: FleetQuestion,
  study: Pick<Study, 'answer'>,
  vnodes: number | null,
  fleet: readonly FleetEntry[] | null,
): Promise<QuickAnswer[]> {
  const answers: QuickAnswer[] = [];
  for (const { host } of hosts) answers.push(await study.answer(requestOf(host, vnodes, fleet)));
  return answers;
}

/** The largest range that the hosts hold together: a swarm's densities depend on its size, so it is asked again. */
async function held(question: FleetQuestion, study: Pick<Study, 'answer'>): Promise<SweepFleet> {
  const entries = question.hosts.map(({ host, available }) => ({ host, count: available ?? 1 }));
  let vnodes: number | null = null;
  let shares: Counted[] = [];
  let step = 1;
  for (let round = 0; round < ROUNDS; round++) {
    const answers = await densities(question, study, vnodes, entries);
    step = stepOf(answers[0] as QuickAnswer);
    shares = entries.map(({ host, count }, i) => {
      const { vnodesPerHost } = answers[i] as QuickAnswer;
      return {
        host,
        available: count,
        used: vnodesPerHost > 0 ? count : 0,
        vnodesPerHost,
        price: priceOf(question, host),
      };
    });
    const total = shares.reduce(
      (sum, { used, vnodesPerHost }) => sum + used * Math.floor(vnodesPerHost / step) * step,
      0,
    );
    if (total === vnodes || total === 0) {
      vnodes = total;
      break;
    }
    vnodes = total;
  }
  const sentence = `${named(shares) || 'these hosts'} ${vnodes ? `hold ${words(vnodes, step)}` : 'hold nothing faithfully'}`;
  return rounded({ vnodes: vnodes ?? 0, fits: (vnodes ?? 0) > 0, cost: costOf(question, shares), shares, sentence });
}

/** The hosts that hold the range for least; all that are chosen must hold together, so their number is asked again. */
async function cheapest(question: FleetQuestion, vnodes: number, study: Pick<Study, 'answer'>): Promise<SweepFleet> {
  let chosen: readonly FleetEntry[] | null = null;
  let shares: Counted[] = [];
  let fits = false;
  let step = 1;
  for (let round = 0; round < ROUNDS; round++) {
    const answers = await densities(question, study, vnodes, chosen);
    step = stepOf(answers[0] as QuickAnswer);
    const offers = question.hosts.map(
      ({ host, available }, i): Offer => ({
        host,
        available,
        vnodesPerHost: Math.floor((answers[i] as QuickAnswer).vnodesPerHost / step) * step,
        price: priceOf(question, host) ?? 1,
      }),
    );
    const counts = await cheapestFleet(offers, vnodes);
    fits = counts !== null;
    shares = offers.map(({ host, available, vnodesPerHost }, i) => {
      return { host, available, used: counts?.[i] ?? 0, vnodesPerHost, price: priceOf(question, host) };
    });
    if (!counts) break;
    const now = shares.map(({ host, used }) => ({ host, count: used }));
    const size = (fleet: readonly FleetEntry[] | null) => fleet?.reduce((sum, { count }) => sum + count, 0);
    if (size(now) === size(chosen)) break;
    chosen = now;
  }
  const cost = costOf(question, shares);
  const total = cost === null ? '' : ` for ${cost}`;
  const sentence = fits
    ? `${words(vnodes, step)} fit on ${named(shares)}${total}`
    : `${words(vnodes, step)} do not fit on these hosts`;
  return rounded({ vnodes, fits, cost, shares, sentence });
}

const priceOf = ({ prices }: FleetQuestion, host: string): number | null => prices.get(host) ?? null;

const costOf = ({ prices }: FleetQuestion, shares: readonly Counted[]): number | null =>
  prices.size === 0 ? null : shares.reduce((sum, { used, price }) => sum + used * (price ?? 0), 0);
