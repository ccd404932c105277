// A plan in words: its answer in one sentence, and what its metrics and limits say.

import type { Interval } from '../../calibration/index.js';
import type { Parameter } from '../../models/index.js';
import { count, percent, plural, signedPercent, span, time } from '../wording.js';
import { namesText } from './placement-words.js';
import type { PlanDocument } from './plan-document.js';

/** What the workload's users count, and how many vnodes each is. */
export function things(document: Pick<PlanDocument, 'scenario'>): { word: string; each: number } {
  const { kind } = document.scenario.workload;
  return kind === 'pairs' ? { word: 'pair', each: 2 } : { word: kind === 'swarm' ? 'peer' : 'vnode', each: 1 };
}

export const perHost = (interval: Interval, each: number): Interval => ({
  value: Math.floor(interval.value / each),
  low: Math.floor(interval.low / each),
  high: Math.floor(interval.high / each),
});

const METRICS: Readonly<Record<string, string>> = {
  goodput: 'goodput of the slowest 5 %',
  'completion-mean': 'completion time, mean',
  'completion-p95': 'completion time, 95th percentile',
  'completion-deviation': 'completion time, standard deviation',
  'rtt-p99': 'added RTT, 99th percentile',
  loss: 'unexpected loss',
  'lost-vnodes': 'lost vnodes',
  'refused-neighbours': 'refused neighbour entries',
};

export const metricName = (metric: string): string => METRICS[metric] ?? metric;

/** Value with its standard error where seeds differ, and what is allowed. */
export function judged({ metric, value, error, tolerance }: PlanDocument['fidelity'][number]): [string, string] {
  const give = error > 1e-9 ? ` +-${metric === 'rtt-p99' ? time(error) : percent(error)}` : '';
  if (metric === 'goodput') return [`${percent(value)}${give} of ideal`, `at least ${percent(tolerance)}`];
  if (metric === 'completion-deviation') return [signedPercent(value) + give, `within +-${percent(tolerance)}`];
  if (metric.startsWith('completion')) return [signedPercent(value) + give, `at most +${percent(tolerance)}`];
  if (metric === 'rtt-p99') return [time(Math.max(0, value)) + give, `at most ${time(tolerance)}`];
  if (metric === 'loss') return [percent(Math.max(0, value), 3), `at most ${percent(tolerance, 3)}`];
  return [count(value), tolerance === 0 ? 'none' : `at most ${count(tolerance)}`];
}

/** The answer. */
export function planSentence(document: PlanDocument): string {
  const { answer, vnodes, host, fleet } = document;
  const { word, each } = things(document);
  const range = `A range of ${plural(vnodes / each, word)}`;
  const density = perHost(answer.vnodesPerHost, each);
  const { tooLarge = [] } = document.lab ?? {};
  if (tooLarge.length > 0) return `${range} does not fit: a ${host} host has no room for ${namesText(tooLarge)}.`;
  if (density.value === 0 && answer.knee.value > 0)
    return `${range} does not fit: no density keeps all ${host} hosts within tolerance together, bound by ${answer.binding.id}.`;
  if (density.value === 0)
    return `${range} does not fit: not even one ${word} on a ${host} host stays within tolerance, bound by ${answer.binding.id}.`;
  if (fleet) {
    if (!fleet.fits)
      return `${range} does not fit: these hosts hold ${plural(fleet.capacity / each, word)}, ${count(fleet.missing / each)} too few, bound by ${answer.binding.id}.`;
    const used = fleet.shares.filter((share) => share.used > 0);
    const named = used.map(({ host: name, used: hosts }) => `${count(hosts)} ${name}`).join(' and ');
    return `${range} fits on ${named} of the fleet (${span(answer.hosts)} hosts), bound by ${answer.binding.id}.`;
  }
  const hosts = `${count(answer.hosts.value)} ${host} ${answer.hosts.value === 1 ? 'host' : 'hosts'}`;
  if (document.lab)
    return `${range} needs ${hosts} (${span(answer.hosts)}), up to ${plural(density.value, word)} on one (${span(density)}), bound by ${answer.binding.id}.`;
  return `${range} needs ${hosts} (${span(answer.hosts)}), ${count(density.value)} ${word}s per host (${span(density)}), bound by ${answer.binding.id}.`;
}

export const limitWords = (density: number, word: string, evidence: string): string =>
  density >= 1e9 ? `far beyond this density (${evidence})` : `at ${count(density)} ${word}s per host (${evidence})`;

/** Cores of each host. */
export function coresOf({ profile, technology }: PlanDocument): number {
  const platforms = profile.platforms as Record<string, { cores: Parameter } | undefined>;
  return platforms[technology]?.cores.value ?? 1;
}

/** Which distillation of the network is emulated, what it saves and what it costs; undefined: that was not asked for. */
export function distillationText({ distillation }: PlanDocument): string | undefined {
  const chosen = distillation?.tried.find(({ name }) => name === distillation.chosen);
  const whole = distillation?.tried[0];
  if (!distillation || !chosen || !whole) return undefined;
  const { name, pipesPerPacket, inaccuracy, worst } = chosen;
  const pipes = Number(pipesPerPacket.toPrecision(3));
  const saved = `${pipes} ${pipes === 1 ? 'pipe' : 'pipes'} a packet where the whole network has ${Number(whole.pipesPerPacket.toPrecision(3))}`;
  const off =
    worst === null
      ? 'nothing differs'
      : `off by ${Number(inaccuracy.toPrecision(2))} tolerances in ${metricName(worst)}`;
  return `${name}, the cheapest of ${distillation.tried.length} distillations within the tolerances: ${saved}; ${off}`;
}
