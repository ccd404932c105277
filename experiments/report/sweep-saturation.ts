// What binds over a study's points, counted, and the kernel's ceilings of its host as it is.

import { hostProfileSchema, resolveHost, scenarioSchema, type Technology } from '../../models/index.js';
import { ceilingsAt, planCeilings } from '../planner/index.js';
import { type SweepDocument, sweepThings } from '../whatif/index.js';
import { count, plural, span } from '../wording.js';
import { ceilingTable } from './ceilings.js';
import type { Block, Cell, NamedTable, Section } from './report.js';

type Answer = SweepDocument['base'];

/** Densities that nothing limits. */
const NEVER = 1e9;

const reach = (low: number, high: number): string => (low === high ? count(low) : span({ low, high }));

function bindingTable(answers: readonly Answer[], word: string, each: number): NamedTable {
  const ids = [...new Set(answers.flatMap(({ binding, next }) => [binding.id, next.id]))];
  const counted = ids.map((id) => {
    const at = answers.filter(({ binding }) => binding.id === id).map(({ knee }) => Math.floor(knee / each));
    return { id, at, next: answers.filter(({ next }) => next.id === id).length };
  });
  counted.sort((a, b) => b.at.length - a.at.length || b.next - a.next);
  return {
    ...{ kind: 'table', id: 'bindings', title: 'What binds, over all points' },
    columns: ['constraint', 'binds at (points)', `knees there (${word}s per host)`, 'is next at (points)'],
    rows: counted.map(({ id, at, next }): Cell[] => [
      id,
      at.length,
      at.length > 0 ? reach(Math.min(...at), Math.max(...at)) : null,
      next,
    ]),
  };
}

function words(answers: readonly Answer[]): string {
  const times = new Map<string, number>();
  for (const { binding } of answers) times.set(binding.id, (times.get(binding.id) ?? 0) + 1);
  const bound = [...times].sort((a, b) => b[1] - a[1]).map(([id, often]) => `${id} at ${plural(often, 'point')}`);
  const reachable = answers.map(({ next }) => next).filter(({ vnodesPerHost }) => vnodesPerHost < NEVER);
  const behind = [...new Set(reachable.map(({ id }) => id))].filter((id) => !times.has(id));
  return `Bound by ${bound.join(', ')}.${behind.length > 0 ? ` Next and never reached: ${behind.join(', ')}.` : ''} How full anything was in its runs a study does not keep: a plan with the settings of a point tells.`;
}

export function saturationSection(document: SweepDocument): Section {
  const { base, points } = document;
  const { word, each } = sweepThings(document);
  const scenario = scenarioSchema.parse(document.scenario);
  const host = resolveHost(hostProfileSchema.parse(document.profile), base.technology as Technology, scenario.limits);
  const question = { scenario, vnodes: base.vnodes };
  const ceilings = planCeilings(ceilingsAt(question, host, base.vnodesPerHost));
  const answers = points.length > 0 ? points.map(({ answer }) => answer) : [base];
  const held = count(Math.floor(base.vnodesPerHost / each));
  const blocks: Block[] = [
    { kind: 'paragraph', text: words(answers) },
    bindingTable(answers, word, each),
    {
      kind: 'paragraph',
      text: `Ceilings of ${base.host} as it is, by arithmetic, with the ${held} ${word}s per host that are planned there:`,
    },
    ceilingTable(ceilings, { word, each, stock: scenario.limits === 'stock' }),
  ];
  return { title: 'What saturates, and what does not', blocks };
}
