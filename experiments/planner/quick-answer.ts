// A quick answer: the plan of one kind of host without its intervals, as what-if studies ask for by the hundred.

import type { Runs } from '../pool.js';
import { type Neighbour, searchHost } from './host-search.js';
import { labLimits, packedLab } from './packed-lab.js';
import { type PlanRequest, questionsOf, withNetwork } from './plan.js';
import type { PlanAnswer } from './plan-document.js';
import { hostOf, hostsAt, stepOf } from './question.js';
import { tellLimits } from './told-limits.js';

export interface QuickAnswer extends Pick<PlanAnswer, 'binding' | 'next'> {
  readonly host: string;
  readonly technology: string;
  /** Of the whole range. */
  readonly vnodes: number;
  /** 0: the range does not fit. */
  readonly hosts: number;
  /** The planned density; 0: none keeps all hosts within tolerance together. */
  readonly vnodesPerHost: number;
  /** Half of it, for pairs; otherwise null. */
  readonly pairsPerHost: number | null;
  /** Of a containerlab file: the vnodes of a host on average. */
  readonly knee: number;
  /** Of a containerlab file: the knee of vnodes that idle. */
  readonly idleKnee?: number;
  /** Where this search's first look put it: the next one begins by it. */
  readonly firstLook: number;
}

/**
 * Of the request's first host.
 * @param neighbour the answer of a host much like this one: it says where to begin, and changes nothing else.
 * @throws InputError when there is nothing to be faithful to.
 */
export async function quickAnswer(
  runs: Runs,
  asked: PlanRequest,
  neighbour?: Neighbour,
  phase?: (text: string) => void,
): Promise<QuickAnswer> {
  const [question] = questionsOf(await withNetwork(asked, runs));
  if (!question) throw new Error('a request without a host');
  const search = await searchHost((job) => runs.run(job), question, hostOf(question), {
    behind: false,
    neighbour,
    ...(phase && { phase }),
  });
  const { planned, knee, firstLook } = search;
  const { workload } = question.scenario;
  const limits = tellLimits(question, search);
  // In the order of the sweep document's schema: an answer that was read back is written the same.
  const asking = { host: question.profile.name, technology: question.technology, vnodes: question.vnodes };
  if (asked.lab) {
    const packing = packedLab(asked.lab, search.host, planned);
    const { needed, fullest } = packing;
    return {
      ...{ ...asking, hosts: needed, vnodesPerHost: fullest, pairsPerHost: null },
      ...{ knee: needed > 0 ? Math.floor(question.vnodes / needed) : 0, idleKnee: knee.density, firstLook },
      ...labLimits(packing, limits),
    };
  }
  return {
    ...asking,
    hosts: planned > 0 ? hostsAt(question, planned) : 0,
    vnodesPerHost: planned,
    pairsPerHost: workload.kind === 'pairs' ? Math.floor(planned / stepOf(workload)) : null,
    knee: knee.density,
    firstLook,
    ...limits,
  };
}
