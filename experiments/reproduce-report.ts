// The table of reproduce as people read it: each figure with what was expected, what came out, and a mark.

import Table from 'cli-table3';
import { createColors } from 'picocolors';
import type { ReproduceDocument, ReproducedRow } from './reproduce-document.js';

type Colors = ReturnType<typeof createColors>;

const COLUMNS = ['id', 'use', 'what', 'expected', 'got', 'error', 'tolerance', ''];
/** Characters; the rest wraps. A row fits in 160 columns. */
const WIDTHS = [5, 5, 38, 32, 32, 13, 12, 13];
/** No line between rows: ids tell them apart. */
const UNRULED = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };

function errorText({ error, errorUnit }: ReproducedRow): string {
  if (error === null || errorUnit === null) return '';
  const sign = error > 0 ? '+' : '';
  if (errorUnit === 'share') return `${sign}${Number((error * 100).toPrecision(2))} %`;
  return `${sign}${Number(error.toPrecision(2))} ${errorUnit}`;
}

/** A fitted figure gets no check mark: it may only be said how far the fit is from it. */
function mark({ use, status }: ReproducedRow, colors: Colors): string {
  if (status === 'uncovered' || status === 'skipped') return colors.dim(status);
  if (use === 'F') return status === 'pass' ? colors.dim('fitted') : colors.yellow('fitted, off');
  if (status === 'fail') return colors.red('✗');
  return use === 'I' ? colors.green('exact') : colors.green('✓');
}

function summaryLine({ checks, exact, fitted, skipped, uncovered }: ReproduceDocument['summary']): string {
  const parts = [
    `${checks.pass} of ${checks.pass + checks.fail} checks hold`,
    `${exact.pass} of ${exact.pass + exact.fail} figures that follow from the inputs are exact`,
    `${fitted.within} of ${fitted.within + fitted.off} fitted figures are within their tolerance`,
  ];
  if (skipped > 0) parts.push(`${skipped} skipped`);
  parts.push(`${uncovered} uncovered`);
  return `${parts.join('; ')}.`;
}

/** Rows that share a reason share a line. */
function byReason(rows: readonly ReproducedRow[]): string[] {
  const reasons = new Map<string, string[]>();
  for (const { id, reason } of rows) reasons.set(reason ?? '', [...(reasons.get(reason ?? '') ?? []), id]);
  return [...reasons].map(([reason, ids]) => `${ids.join(', ')}: ${reason}`);
}

/** @param colored whether to use terminal colours. */
export function reproduceReport({ rows, summary }: ReproduceDocument, colored: boolean): string {
  const colors = createColors(colored);
  const table = new Table({
    head: COLUMNS,
    colWidths: WIDTHS,
    wordWrap: true,
    chars: UNRULED,
    style: { head: [], border: [] },
  });
  for (const row of rows) {
    const { id, use, claim, expected, got, tolerance } = row;
    table.push([id, use, claim, expected, got ?? '', errorText(row), tolerance, mark(row, colors)]);
  }
  const lines = [table.toString()];
  const missed = rows.filter(({ status }) => status === 'fail');
  if (missed.length > 0)
    lines.push('', 'Why figures are missed:', ...missed.map(({ id, reason }) => `  ${id}: ${reason}`));
  const left = rows.filter(({ status }) => status === 'uncovered' || status === 'skipped');
  if (left.length > 0) lines.push('', 'Not covered:', ...byReason(left).map((line) => `  ${line}`));
  return `${lines.join('\n')}\n\n${summaryLine(summary)}\n`;
}
