// A plan's scenario cut into one scenario a host, each of which `emulate` takes: ranges of their own, not parts of one.

import { stringify } from 'yaml';
import { encode } from 'zod';
import { InputError, resized, type Scenario, scenarioSchema } from '../../models/index.js';
import { membersOf } from '../../sim/index.js';
import type { PlanDocument } from '../planner/index.js';
import type { Exported } from './exported.js';
import { type HostShare, hostShares } from './host-share.js';

/** Vnodes in their order; a swarm's tracker is nobody's share. */
const countedOf = (scenario: Scenario) => membersOf(scenario).filter(({ role }) => role !== 'tracker');

interface Slice {
  readonly scenario: Scenario;
  /** What the range calls the slice's first and last vnode, and what the slice does. */
  readonly names: readonly (readonly [string, string])[];
}

/** Who comes, goes and seeds in the range does so in its slice. A swarm has at least one seeder. */
function sliceOf(range: Scenario, { first, vnodes }: HostShare, index: number): Slice {
  const own = countedOf(range).slice(first, first + vnodes);
  const name = `${range.name}-${index + 1}`.slice(-63).replace(/^-+/, '');
  const smaller = resized(range, vnodes);
  const seeders = Math.max(1, own.filter(({ role }) => role === 'seeder').length);
  const seeded: Scenario =
    smaller.workload.kind === 'swarm' ? { ...smaller, workload: { ...smaller.workload, seeders } } : smaller;
  const names = countedOf(seeded).map((member, i) => [own[i]?.name ?? '', member.name] as const);
  const renamed = new Map([['tracker', 'tracker'], ...names]);
  return { scenario: { ...withOwn(seeded, renamed, index), name }, names };
}

/** Sessions and changes of vnodes that are not in the slice are left out, the others bear its names. */
function withOwn(scenario: Scenario, renamed: ReadonlyMap<string, string>, index: number): Scenario {
  const { workload, changes } = scenario;
  const sessions = (list: { readonly peer: string }[]) =>
    list.flatMap((session) => {
      const peer = renamed.get(session.peer);
      return peer === undefined ? [] : [{ ...session, peer }];
    });
  const churned =
    workload.kind === 'swarm' && workload.churn
      ? { ...workload, churn: { ...workload.churn, sessions: sessions(workload.churn.sessions) } }
      : workload;
  const kept = changes?.flatMap((change) => {
    const { vnode, host } = change;
    if (host !== undefined) return host === index + 1 ? [{ ...change, host: 1 }] : [];
    if (vnode === undefined) return [change];
    const own = renamed.get(vnode);
    return own === undefined ? [] : [{ ...change, vnode: own }];
  });
  return { ...scenario, workload: churned, ...(kept && { changes: kept }) } as Scenario;
}

/** @throws InputError for the plan of a lab, which is no scenario. */
export function slices(plan: PlanDocument): Exported {
  if (plan.lab) throw new InputError('--format', 'containerlab or lxc for the plan of a containerlab file', 'slices');
  const range = scenarioSchema.parse(plan.scenario);
  const shares = hostShares(plan);
  const files = shares.map((share, i) => {
    const { scenario, names } = sliceOf(range, share, i);
    const ends = [names[0], names.at(-1)] as const;
    const [here, there] = [1, 0].map((side) => ends.map((end) => end?.[side]).join(' to '));
    const head = [
      `Host ${i + 1} of ${shares.length}: ${share.vnodes} of ${plan.vnodes} vnodes, ${here}; in the range they are ${there}.`,
      'A range of its own: its vnodes do not reach those of other hosts.',
    ];
    return {
      path: `${share.host}.yaml`,
      text: `${head.map((line) => `# ${line}\n`).join('')}${stringify(encode(scenarioSchema, scenario))}`,
    };
  });
  return { files, notes: [] };
}
