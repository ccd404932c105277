// The binding constraint and the next one as an answer tells them: density, evidence, and the command that moves each.

import { diskUse } from '../../models/index.js';
import { ceilingsAt } from './ceilings.js';
import { dataPerVnode, memoryPerVnode } from './closed-form.js';
import { type Limit, type RemedyFacts, remedyFor } from './constraint.js';
import type { HostSearch } from './host-search.js';
import type { PlanAnswer } from './plan-document.js';
import type { Question } from './question.js';

export function tellLimits(question: Question, search: HostSearch): Pick<PlanAnswer, 'binding' | 'next'> {
  const facts = remedyFacts(question, search);
  const told = (limit: Limit) => ({
    id: limit.id,
    remedy: remedyFor(limit.id, facts),
    vnodesPerHost: Math.min(limit.density, Number.MAX_SAFE_INTEGER),
    evidence: limit.evidence,
  });
  return { binding: told(search.binding), next: told(search.next) };
}

function remedyFacts(question: Question, { host, next, knee }: HostSearch): RemedyFacts {
  const disk = diskUse(host, 2, dataPerVnode(question.scenario.workload) * 2).total;
  // A command that makes room up to the next constraint, but not for a density that nobody asked about.
  const worth = Math.max(1, Math.min(next.density, 4 * knee.density));
  return {
    host,
    memoryPerVnode: memoryPerVnode(host, question),
    diskPerVnode: (disk - host.disk.base) / 2,
    ceilings: ceilingsAt(question, host, worth),
  };
}
