// Targets: the least change that makes a host hold enough, or lets the range fit on few enough hosts.

import { type Host, resolveHost } from '../../models/index.js';
import type { PlanRequest, QuickAnswer } from '../planner/index.js';
import type { Setting } from '../settings.js';
import { type Lever, leverFor, settingFor } from './lever.js';
import type { Study } from './study.js';

/** At least so many vnodes on a host, or the whole range on at most so many hosts. */
export interface Target {
  readonly vnodesPerHost: number | null;
  readonly hosts: number | null;
}

/** One setting of a change, and how a sentence says it. */
export interface Changed {
  readonly path: string;
  readonly value: string;
  readonly words: string;
  readonly command: string | null;
}

export interface Reached {
  readonly reached: boolean;
  readonly changes: readonly Changed[];
  readonly answer: QuickAnswer;
  /** Why it was not reached. */
  readonly stuck: string | null;
}

/** The request with more settings. */
export type RequestOf = (settings: readonly Setting[]) => PlanRequest;

/** Levers pulled one after the other, each as far as its constraint binds, before nobody looks further. */
const ROUNDS = 24;

export const reaches = ({ vnodesPerHost, hosts }: Target, answer: Pick<QuickAnswer, 'vnodesPerHost' | 'hosts'>) =>
  answer.vnodesPerHost > 0 &&
  (vnodesPerHost === null || answer.vnodesPerHost >= vnodesPerHost) &&
  (hosts === null || answer.hosts <= hosts);

/** About how many times as dense the host has to become. */
function wanted({ vnodesPerHost, hosts }: Target, { vnodesPerHost: now, vnodes }: QuickAnswer): number {
  const density = Math.max(vnodesPerHost ?? 0, hosts === null ? 0 : Math.ceil(vnodes / hosts));
  return density / Math.max(1, now);
}

interface Pulled {
  readonly lever: Lever;
  /** Which of its values. */
  at: number;
}

const changedBy = ({ lever, at }: Pulled): Changed => {
  const value = lever.values[at] as string;
  const words = lever.path === 'scenario.limits' ? `raise ${lever.title}` : `raise ${lever.title} to ${value}`;
  return { path: lever.path, value, words, command: lever.command(value) };
};

/**
 * Moves whatever binds until the target is reached, and takes back what proves to be more than needed: of each lever
 * the smallest value that is sold, or power of two, with which the target is still reached.
 */
export async function pullLevers(
  study: Pick<Study, 'answer'>,
  requestOf: RequestOf,
  target: Target,
  base: QuickAnswer,
): Promise<Reached> {
  const pulled = new Map<string, Pulled>();
  const request = () =>
    requestOf([...pulled.values()].map(({ lever, at }) => settingFor(lever, lever.values[at] as string)));
  const end = (reached: boolean, answer: QuickAnswer, stuck: string | null = null): Reached => ({
    ...{ reached, answer, stuck },
    changes: [...pulled.values()].map(changedBy),
  });
  let answer = base;
  for (let round = 0; round < ROUNDS && !reaches(target, answer); round++) {
    const { id } = answer.binding;
    const now = request();
    const fresh = leverFor(id, hostOf(now), now.scenario.limits);
    const before = fresh && pulled.get(fresh.path);
    const lever = before?.lever ?? fresh;
    if (!lever) return end(false, answer, `nothing of the host moves ${id} (${answer.binding.remedy})`);
    const from = before ? before.at + 1 : 0;
    if (from >= lever.values.length) return end(false, answer, `${lever.title} cannot be raised further`);
    // In proportion, as far as one step tells: what is too much is taken back below.
    const factor = wanted(target, answer) * (before ? (lever.factors[before.at] as number) : 1);
    const guess = lever.factors.findIndex((value) => value >= factor);
    pulled.set(lever.path, { lever, at: Math.max(from, guess < 0 ? lever.values.length - 1 : guess) });
    answer = await study.answer(request(), answer);
  }
  if (!reaches(target, answer)) return end(false, answer, `${ROUNDS} changes were not enough`);
  // What costs money first: a sysctl that is larger than needed does no harm.
  const order = [...pulled.values()].sort((a, b) => Number(a.lever.free) - Number(b.lever.free));
  for (const one of order)
    while (one.at > 0) {
      one.at--;
      const smaller = await study.answer(request(), answer);
      if (!reaches(target, smaller)) {
        one.at++;
        break;
      }
      answer = smaller;
    }
  return end(true, answer);
}

const hostOf = ({ hosts, scenario }: PlanRequest): Host => {
  const [first] = hosts;
  if (!first) throw new Error('a request without a host');
  return resolveHost(first.profile, first.technology, scenario.limits);
};
