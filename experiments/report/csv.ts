// A table as comma-separated values (RFC 4180), with every row and every digit.

import type { Cell, DataTable } from './report.js';

function field(cell: Cell): string {
  const text = cell === null ? '' : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export const csv = ({ columns, rows }: DataTable): string =>
  [columns, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('');
