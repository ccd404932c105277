// The kernel's ceilings as a plan meets them: what one host uses of each, and where the plan would hit it.

import { type CeilingRow, clientProfile, type Host, kernelCeilings } from '../../models/index.js';
import type { PlanCeiling } from './plan-document.js';
import { extraContainers, type Question } from './question.js';

/** What is asked of the ceilings. */
type Asked = Pick<Question, 'scenario' | 'vnodes'>;

/** Peers each vnode talks to, the tracker among them: a swarm's connections, the other end of a pair, or nobody. */
export function degreeOf({ scenario: { workload }, vnodes }: Asked, density: number): number {
  if (workload.kind === 'pairs') return 1;
  if (workload.kind !== 'swarm') return 0;
  return Math.min(clientProfile(workload.client).maxConnections, Math.max(vnodes, density) - 1) + 1;
}

/** Every ceiling at this density. `degree`: neighbour entries a vnode makes, where runs have shown it. */
export function ceilingsAt(question: Asked, host: Host, density: number, degree?: number): CeilingRow[] {
  const { scenario, vnodes } = question;
  return kernelCeilings({
    vnodes: density,
    degree: degree ?? degreeOf(question, density),
    host,
    limits: scenario.limits,
    extraContainers: extraContainers(scenario.workload),
    oneBridge: scenario.network.attach === 'bridge',
    rangeVnodes: Math.max(vnodes, density),
    addresses: scenario.network.addresses,
  });
}

export const planCeilings = (rows: readonly CeilingRow[]): PlanCeiling[] =>
  rows.map(({ id, title, default: stock, inForce, demand, hitsAt, ok, remedy, note }) => ({
    ...{ id, title, default: stock, inForce, used: demand, hitsAt, ok, remedy, note },
  }));
