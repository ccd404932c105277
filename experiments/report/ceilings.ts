// The kernel's ceilings as a table: what each allows, what is used of it, where it is hit, and what moves it.

import type { PlanDocument } from '../planner/index.js';
import { count } from '../wording.js';
import { type Share, shareOf } from './charts.js';
import type { NamedTable } from './report.js';

type Ceilings = PlanDocument['ceilings'];

/** @param each vnodes that a `word` is. */
export const ceilingTable = (
  ceilings: Ceilings,
  { word, each, stock }: { readonly word: string; readonly each: number; readonly stock: boolean },
): NamedTable => ({
  kind: 'table',
  id: 'ceilings',
  title: stock ? 'Kernel ceilings, untouched' : 'Kernel ceilings: set these first',
  columns: ['ceiling', 'what', 'untouched', 'in force', 'used', `hit at (${word}s per host)`, 'holds', 'what moves it'],
  rows: ceilings.map(({ id, title, default: untouched, inForce, used, hitsAt, ok, remedy }) => [
    ...[id, title, untouched, inForce, used, hitsAt === null ? 'never' : Math.ceil(hitsAt / each), ok, remedy],
  ]),
});

/** Of those that are in force. */
export const ceilingShares = (ceilings: Ceilings): Share[] =>
  ceilings.flatMap(({ id, used, inForce }) => (inForce === null ? [] : shareOf(id, used, inForce, count)));
