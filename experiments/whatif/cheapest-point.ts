// The cheapest point of a study that reaches a target: the fewest purchases, then the fewest changes, then the smallest.

import { resolveHost } from '../../models/index.js';
import type { PlanRequest } from '../planner/index.js';
import type { DesignPoint } from './design.js';
import { type Scan, settingOf } from './scan.js';
import type { RequestOf } from './target.js';

/** Settings that a sysctl makes. */
const FREE = new Set(['host.gcThresh3', 'host.backlog', 'scenario.limits']);

export interface CostedPoint {
  readonly point: DesignPoint;
  /** The scans whose value differs from what the base has. */
  readonly changed: readonly number[];
  readonly cost: readonly number[];
}

/** What an answer follows from, without where its numbers come from. */
function essence({ scenario, hosts, vnodes, tolerances }: PlanRequest): string {
  const resolved = hosts.map(({ profile, technology }) => ({
    ...resolveHost(profile, technology, scenario.limits),
    source: null,
  }));
  return JSON.stringify([scenario, resolved, vnodes, tolerances]);
}

/** Those of `points` in order of cost: purchases, changes, and how far along their scans the changes go. */
export function byCost(scans: readonly Scan[], points: readonly DesignPoint[], requestOf: RequestOf): CostedPoint[] {
  const base = essence(requestOf([]));
  const same = new Map<string, boolean>();
  const asBase = (axis: number, value: string): boolean => {
    const scan = scans[axis] as Scan;
    const key = `${axis}/${value}`;
    const known = same.get(key) ?? essence(requestOf([settingOf(scan, value)])) === base;
    same.set(key, known);
    return known;
  };
  // Where the base stands on each scan; at its beginning when it is not one of the values.
  const origin = scans.map((scan, axis) => {
    const { values = [] } = scan;
    return (
      Math.max(
        0,
        values.findIndex((value) => asBase(axis, value)),
      ) / Math.max(1, values.length - 1)
    );
  });
  const costed = points.map((point): CostedPoint => {
    const changed = [...scans.keys()].filter((axis) => !asBase(axis, point.values[axis] as string));
    const bought = changed.filter((axis) => !FREE.has((scans[axis] as Scan).path));
    const far = changed.reduce(
      (sum, axis) => sum + Math.abs((point.places[axis] as number) - (origin[axis] as number)),
      0,
    );
    return { point, changed, cost: [bought.length, changed.length, Number(far.toPrecision(9)), point.index] };
  });
  return costed.sort((a, b) => {
    const at = a.cost.findIndex((one, i) => one !== b.cost[i]);
    return at < 0 ? 0 : (a.cost[at] as number) - (b.cost[at] as number);
  });
}
