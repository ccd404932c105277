// A report: the answer first, then sections of facts, tables and pictures. What it looks like is decided elsewhere.

import type { TopLevelSpec } from 'vega-lite';
import { count } from '../wording.js';

export type Cell = string | number | boolean | null;

/** Quantities in columns; a unit is part of the column's name. */
export interface DataTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

export interface Picture extends DataTable {
  readonly kind: 'picture';
  /** Unique in the report: `knee`. */
  readonly id: string;
  readonly title: string;
  /** What is to be seen, for who cannot see it. */
  readonly text: string;
  /** The picture at this width (pixels of the plot, axes apart). */
  draw(width: number): TopLevelSpec;
  /** Its x axis is time, in seconds from 0 to here: a reader may look closer. */
  readonly seconds?: number;
}

export interface NamedTable extends DataTable {
  readonly kind: 'table';
  readonly id: string;
  readonly title: string;
}

/** Terms and what is said of them. */
export interface Facts {
  readonly kind: 'facts';
  readonly facts: readonly (readonly [string, string])[];
}

export interface Paragraph {
  readonly kind: 'paragraph';
  readonly text: string;
}

export type Block = Picture | NamedTable | Facts | Paragraph;

export interface Section {
  readonly title: string;
  readonly blocks: readonly Block[];
}

export interface Report {
  /** Of the document it was made from: `plan`. */
  readonly of: string;
  readonly title: string;
  /** One sentence. */
  readonly answer: string;
  /** Whether that is what one hopes for; null: neither. */
  readonly good: boolean | null;
  readonly warnings: readonly string[];
  readonly sections: readonly Section[];
  /** The command line that gives the document; null: the document does not say. */
  readonly command: string | null;
}

/** Instead of a command. */
export const UNTOLD = 'This document does not say: a program made it, or it is from before commands were kept.';

export const blocksOf = ({ sections }: Report): Block[] => sections.flatMap(({ blocks }) => blocks);

export const picturesOf = (report: Report): Picture[] =>
  blocksOf(report).filter((block): block is Picture => block.kind === 'picture');

/** Everything with columns and rows, in order: the tables, and what the pictures show. */
export const tablesOf = (report: Report): (Picture | NamedTable)[] =>
  blocksOf(report).filter((block): block is Picture | NamedTable => block.kind === 'picture' || block.kind === 'table');

/** As people read it: four digits, and whole numbers whole. */
export function cellText(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no';
  if (typeof cell !== 'number') return cell;
  if (Math.abs(cell) >= 1000) return count(cell);
  return String(Number(cell.toPrecision(4)));
}
