// Which vnodes of a lab go onto which host, in as few words as tell it.

import { count, plural, scaled } from '../wording.js';
import type { PlanDocument } from './plan-document.js';

type LabPlacement = NonNullable<PlanDocument['lab']>;

/** Hosts, and stretches of names, of which a page of text tells each. */
const HOSTS_TOLD = 40;
const NAMES_TOLD = 12;

/** A name's number at its end, without leading zeros; its other part before. */
const NUMBERED = /^(.*?)(0|[1-9]\d{0,8})$/;

/** `leaf1, leaf2, leaf3` as `leaf1-leaf3`: names in their order, neighbours that count on in one stretch. */
export function stretches(names: readonly string[]): string[] {
  const told: { first: string; last: string; prefix: string | undefined; number: number; size: number }[] = [];
  for (const name of names) {
    const [, prefix, digits] = NUMBERED.exec(name) ?? [];
    const number = Number(digits);
    const before = told.at(-1);
    if (before && prefix !== undefined && before.prefix === prefix && before.number + 1 === number)
      Object.assign(before, { last: name, number, size: before.size + 1 });
    else told.push({ first: name, last: name, prefix, number, size: 1 });
  }
  return told.flatMap(({ first, last, size }) =>
    size === 2 ? [first, last] : [size === 1 ? first : `${first}-${last}`],
  );
}

/** All that there is room for on a line. */
export function namesText(names: readonly string[]): string {
  const told = stretches(names);
  const left = told.length - NAMES_TOLD;
  return left > 0 ? `${told.slice(0, NAMES_TOLD).join(' ')} and ${count(left)} more` : told.join(' ');
}

/** Cores that are declared on the host with most of them. */
export const mostCores = ({ hosts }: Pick<LabPlacement, 'hosts'>): number =>
  Math.max(0, ...hosts.map(({ cpu }) => cpu));

/** `2.25 cores`. */
export function coresText(cpu: number): string {
  const cores = Number(cpu.toPrecision(3));
  return `${cores} ${cores === 1 ? 'core' : 'cores'}`;
}

/** Cells of a row a host, and how many hosts are left out. */
export function placementRows({ hosts }: Pick<LabPlacement, 'hosts'>): { rows: string[][]; left: number } {
  const rows = hosts
    .slice(0, HOSTS_TOLD)
    .map(({ host, vnodes, cpu, memory }) => [
      host,
      plural(vnodes.length, 'vnode'),
      coresText(cpu),
      scaled(memory, 'B'),
      namesText(vnodes),
    ]);
  return { rows, left: hosts.length - rows.length };
}
