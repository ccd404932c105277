// The report of a case study: what the source says, what was found, and the picture.

import type { TopLevelSpec } from 'vega-lite';
import { type CaseDocument, caseSchema } from '../studies/index.js';
import { legendOf } from './charts.js';
import type { ReportKind } from './kind.js';
import { colour } from './palette.js';
import type { Picture, Report } from './report.js';

function picture({ id, title, answer, x, y, lines }: CaseDocument): Picture {
  const points = lines.flatMap(({ name, points: all }) => all.map(([a, b]) => ({ name, x: a, y: b })));
  return {
    kind: 'picture',
    id,
    title,
    text: answer,
    columns: ['line', x, y],
    rows: points.map((point) => [point.name, point.x, point.y]),
    draw: (width) =>
      ({
        width,
        height: 260,
        data: { values: points },
        mark: { type: 'line', strokeWidth: 2, point: { size: 30 }, fill: null },
        encoding: {
          x: { field: 'x', type: 'quantitative', title: x },
          y: { field: 'y', type: 'quantitative', title: y, scale: { zero: true } },
          ...(lines.length > 1
            ? { color: { field: 'name', ...legendOf(lines.map(({ name }) => name)) } }
            : { color: { value: colour('first') } }),
        },
      }) as TopLevelSpec,
  };
}

function report(document: CaseDocument): Report {
  const { title, claim, source, method, seed, answer, ok, command } = document;
  return {
    of: 'case',
    title,
    answer,
    good: ok,
    warnings: [],
    sections: [
      { title: 'What is to be seen', blocks: [picture(document)] },
      {
        title: 'What saturates, and what does not',
        blocks: [
          {
            kind: 'paragraph',
            text: 'A case study keeps its curve and not the hosts that it ran on, so it does not tell: the record of a simulated run does.',
          },
        ],
      },
      {
        title: 'Where it comes from',
        blocks: [
          {
            kind: 'facts',
            facts: [
              ['The source says', `${claim} (${source})`],
              ['Simulated', method],
              ['Seed', seed],
            ],
          },
        ],
      },
    ],
    command: command ?? null,
  };
}

export const caseKind: ReportKind = {
  kind: 'case',
  schema: caseSchema,
  report: (document) => report(document as CaseDocument),
};
