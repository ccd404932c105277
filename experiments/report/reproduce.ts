// The report of a reproduce document: published figures beside what the simulator gives.

import type { TopLevelSpec } from 'vega-lite';
import { type ReproduceDocument, type ReproducedRow, reproduceSchema } from '../reproduce-document.js';
import { errorText, summaryLine } from '../reproduce-report.js';
import type { ReportKind } from './kind.js';
import { colour } from './palette.js';
import type { Picture, Report } from './report.js';

const USES: Readonly<Record<ReproducedRow['use'], string>> = { F: 'fitted', C: 'check', I: 'follows from inputs' };

/** Errors beyond are drawn at the edge: the table has them. */
const FARTHEST = 1;

function errorsPicture(rows: readonly ReproducedRow[]): Picture {
  const relative = rows.flatMap(({ id, use, error, errorUnit, status }) =>
    error !== null && errorUnit === 'share' ? [{ id, use: USES[use], error, ok: status === 'pass' }] : [],
  );
  const within = relative.filter(({ ok }) => ok).length;
  return {
    kind: 'picture',
    id: 'errors',
    title: 'Relative errors',
    text: `${within} of ${relative.length} figures with a relative error are within their tolerance.`,
    columns: ['figure', 'use', 'error (%)', 'within tolerance'],
    rows: relative.map(({ id, use, error, ok }) => [id, use, 100 * error, ok]),
    draw: (width) =>
      ({
        width: Math.max(120, width - 50),
        height: { step: 16 },
        data: {
          values: relative.map((row) => ({ ...row, error: Math.max(-FARTHEST, Math.min(FARTHEST, row.error)) })),
        },
        mark: { type: 'point', filled: true, size: 55, opacity: 1 },
        encoding: {
          y: { field: 'id', type: 'ordinal', sort: null, title: null, axis: { grid: true, labelOverlap: false } },
          x: { field: 'error', type: 'quantitative', title: 'error', axis: { format: '+.1~%' } },
          shape: { condition: { test: 'datum.ok', value: 'circle' }, value: 'cross' },
          color: { condition: { test: 'datum.ok', value: colour('first') }, value: colour('bad') },
        },
      }) as TopLevelSpec,
  };
}

function report({ rows, summary, seed, settings, command }: ReproduceDocument): Report {
  const drawn = rows.some(({ error, errorUnit }) => error !== null && errorUnit === 'share');
  return {
    of: 'reproduce',
    title: 'Published figures, reproduced',
    answer: summaryLine(summary),
    good: summary.checks.fail + summary.exact.fail === 0,
    warnings: [],
    sections: [
      {
        title: 'Figure by figure',
        blocks: [
          ...(drawn ? [errorsPicture(rows)] : []),
          {
            kind: 'table',
            id: 'rows',
            title: 'A figure that a profile was fitted to is no check',
            columns: ['figure', 'use', 'what', 'expected', 'got', 'error', 'tolerance', 'status', 'why'],
            rows: rows.map((row) => [
              ...[row.id, USES[row.use], row.claim, row.expected, row.got, errorText(row), row.tolerance],
              ...[row.status, row.reason],
            ]),
          },
        ],
      },
      {
        title: 'What saturates, and what does not',
        blocks: [
          {
            kind: 'paragraph',
            text: 'These are single figures: the document does not keep the hosts behind them, so it does not tell. The record of a simulated run does.',
          },
        ],
      },
      {
        title: 'Where the numbers come from',
        blocks: [
          {
            kind: 'facts',
            facts: [
              ['Seed', seed],
              ['Moved on the command line', settings.length > 0 ? settings.join(', ') : 'nothing'],
            ],
          },
        ],
      },
    ],
    command: command ?? null,
  };
}

export const reproduceKind: ReportKind = {
  kind: 'reproduce',
  schema: reproduceSchema,
  report: (document) => report(document as ReproduceDocument),
};
