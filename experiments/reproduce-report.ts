// The table of reproduce as people read it: each figure with what was expected, what came out, and a mark.

import Table from 'cli-table3';
import { createColors } from 'picocolors';
import type { ReproduceDocument, ReproducedRow } from './reproduce-document.js';

type Colors = ReturnType<typeof createColors>;

const COLUMNS = ['id', 'use', 'what', 'expected', 'got', 'error', 'tolerance', ''];
/** Characters, padding included; what is longer wraps. 0: shares what is left with the others. */
const WIDTHS = [5, 5, 0, 0, 0, 13, 12, 13];
const NARROWEST = 18;
const WIDEST = 40;
/** No line between rows: ids tell them apart. */
const UNRULED = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };

export function errorText({ error, errorUnit }: ReproducedRow): string {
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

export function summaryLine({ checks, exact, fitted, skipped, uncovered }: ReproduceDocument['summary']): string {
  const counts: readonly (readonly [number, number, string])[] = [
    [checks.pass, checks.fail, 'checks hold'],
    [exact.pass, exact.fail, 'figures that follow from the inputs are exact'],
    [fitted.within, fitted.off, 'fitted figures are within their tolerance'],
  ];
  const run = counts.filter(([pass, fail]) => pass + fail > 0);
  const parts = run.map(([pass, fail, what]) => `${pass} of ${pass + fail} ${what}`);
  if (skipped > 0) parts.push(`${skipped} skipped`);
  if (uncovered > 0) parts.push(`${uncovered} uncovered`);
  return `${parts.join('; ')}.`;
}

/** For a terminal of so many columns. */
function widths(columns: number): number[] {
  const lines = WIDTHS.length + 1;
  const shared = WIDTHS.filter((width) => width === 0).length;
  const left = columns - lines - WIDTHS.reduce((sum, width) => sum + width, 0);
  const each = Math.min(WIDEST, Math.max(NARROWEST, Math.floor(left / shared)));
  return WIDTHS.map((width) => (width === 0 ? each : width));
}

/** Rows that share a reason share a line. */
function byReason(rows: readonly ReproducedRow[]): string[] {
  const reasons = new Map<string, string[]>();
  for (const { id, reason } of rows) reasons.set(reason ?? '', [...(reasons.get(reason ?? '') ?? []), id]);
  return [...reasons].map(([reason, ids]) => `${ids.join(', ')}: ${reason}`);
}

/** @param colored whether to use terminal colours. @param columns of the terminal. */
export function reproduceReport({ rows, summary }: ReproduceDocument, colored: boolean, columns = 160): string {
  const colors = createColors(colored);
  const table = new Table({
    head: COLUMNS,
    colWidths: widths(columns),
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
