// `compare`: two run records side by side, simulated or emulated.

import { readFileSync } from 'node:fs';
import Table from 'cli-table3';
import type { Command } from 'commander';
import { InputError, type RunRecord } from '../../models/index.js';
import { type Comparison, compareRecords } from '../comparison.js';
import { ExitCode } from '../exit-codes.js';
import { deliver, READS_ONLY, type StandardFlags, verb } from '../flags.js';
import { recordSchema } from '../record-schema.js';
import type { Session } from '../session.js';

/** Records hold time series and a line a vnode; larger ones are not ours. */
const LARGEST = 512 * 2 ** 20;

function readRecord(file: string): RunRecord {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new InputError(
      file,
      'a run record to read',
      error instanceof Error && 'code' in error ? String(error.code) : String(error),
    );
  }
  if (text.length > LARGEST) throw new InputError(file, `at most ${LARGEST} bytes`, `${text.length}`);
  let record: Partial<RunRecord> | null;
  try {
    record = JSON.parse(text) as Partial<RunRecord> | null;
  } catch {
    throw new InputError(file, 'a run record (JSON)', 'something else, or a part of one');
  }
  if (typeof record !== 'object' || record === null || record.format !== 'rangefit/record')
    throw new InputError(
      file,
      'a document of format rangefit/record',
      JSON.stringify(record?.format ?? 'none').slice(0, 80),
    );
  if (record.formatVersion !== 1) throw new InputError(file, 'formatVersion 1', JSON.stringify(record.formatVersion));
  const checked = recordSchema.safeParse(record);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    throw new InputError(
      `${file}: ${issue?.path.join('.') ?? ''}`,
      'a whole run record',
      issue?.message ?? 'something else',
    );
  }
  return record as RunRecord;
}

const number = (value: number): string =>
  Number.isInteger(value) && Math.abs(value) < 1e6 ? String(value) : value.toPrecision(4);

/** A table with one row a metric. */
function comparisonReport(first: RunRecord, second: RunRecord, rows: readonly Comparison[]): string {
  const title = ({ world, provenance }: RunRecord) => `${world} (${provenance.host})`;
  const table = new Table({
    head: ['', 'metric', title(first), title(second), 'difference', 'tolerance'],
    style: { head: [], border: [], compact: true },
  });
  const shown = (value: number | null, relative: boolean, sign: boolean) =>
    value === null
      ? 'from nothing'
      : `${sign && value >= 0 ? '+' : ''}${relative ? `${(value * 100).toFixed(1)}%` : number(value)}`;
  for (const { metric, unit, first: one, second: other, difference, tolerance, relative, ok } of rows)
    table.push([
      ok ? '✓' : '✗',
      metric,
      `${number(one)} ${unit}`.trim(),
      `${number(other)} ${unit}`.trim(),
      shown(difference, relative, true),
      shown(tolerance, relative, false),
    ]);
  const same = JSON.stringify(first.scenario) === JSON.stringify(second.scenario);
  return `${same ? '' : 'the two records are of different scenarios\n'}${table.toString()}\n`;
}

export function compareVerb(session: Session): Command {
  return verb(
    'compare',
    'two run records side by side, simulated or emulated',
    ['compare simulated.json emulated.json'],
    { idle: READS_ONLY },
  )
    .argument('<first>', 'a run record')
    .argument('<second>', 'a run record')
    .action((firstFile: string, secondFile: string, flags: StandardFlags) => {
      const [first, second] = [readRecord(firstFile), readRecord(secondFile)];
      const rows = compareRecords(first, second);
      deliver(session, flags, { rows }, comparisonReport(first, second, rows), 'comparison.json');
      if (!rows.every(({ ok }) => ok)) session.exitCode = ExitCode.miss;
    });
}
