// Reproducing: every published figure that can be simulated, run and held against what its source says.

import { type Tolerances, toleranceSchema } from '../calibration/index.js';
import {
  type HostProfile,
  InputError,
  type RunRecord,
  resolveHost,
  type Scenario,
  type Technology,
} from '../models/index.js';
import type { Runs } from './pool.js';
import type { ReproduceDocument, ReproducedRow } from './reproduce-document.js';
import { SharedRuns } from './shared-runs.js';
import {
  type CoveredRow,
  type Finding,
  isCovered,
  NotHere,
  type Row,
  type StudyContext,
  studies,
} from './studies/index.js';

export interface ReproduceRequest {
  /** Ids of rows; absent: all. */
  readonly only?: readonly string[];
  readonly seed: string;
  readonly tolerances: Tolerances;
  /** What was moved for all rows, as the user wrote it. */
  readonly settings?: readonly string[];
  /** Runs scenarios for real. @throws NotHere where it cannot. Absent: rows that measure are skipped. */
  readonly emulate?: (scenario: Scenario, seed: string) => Promise<RunRecord>;
  /** Host profiles by name. */
  profile(name: string, technology?: Technology): HostProfile;
}

/**
 * The rows asked for, in the order of the table. @throws InputError for an id that no row has.
 */
export function chosenRows(only: readonly string[] | undefined, rows: readonly Row[] = studies): readonly Row[] {
  if (only === undefined) return rows;
  const wanted = new Set(only.map((id) => id.trim().toUpperCase()));
  for (const id of wanted)
    if (!rows.some((row) => row.id === id))
      throw new InputError('--only', `ids of rows, such as ${rows[0]?.id},${rows[1]?.id}`, `"${id}"`);
  return rows.filter((row) => wanted.has(row.id));
}

/** What the rows of a study see of the world. */
export function studyContext(request: ReproduceRequest, runs: Runs): StudyContext {
  const shared = new SharedRuns(runs);
  const { seed, tolerances, emulate } = request;
  const emulated = new Map<string, Promise<RunRecord>>();
  return {
    seed,
    tolerances,
    runs: shared,
    profile: (name, technology) => request.profile(name, technology),
    host: (name, technology, limits = 'raised') => resolveHost(request.profile(name, technology), technology, limits),
    emulate(scenario) {
      if (!emulate) throw new NotHere('not asked to emulate');
      const known = emulated.get(JSON.stringify(scenario)) ?? emulate(scenario, seed);
      emulated.set(JSON.stringify(scenario), known);
      return known;
    },
    run: (scenario, host, { seed: own, ...options } = {}) => shared.run({ scenario, host, seed: own ?? seed, options }),
  };
}

/**
 * Runs all rows at once; they share what they can. @throws InputError; Interrupted when `runs` were stopped.
 */
export async function reproduce(
  request: ReproduceRequest,
  runs: Runs,
  finished: (row: Row) => void = () => undefined,
): Promise<ReproduceDocument> {
  const context = studyContext(request, runs);
  const chosen = chosenRows(request.only);
  const found = new Map<Row, ReproducedRow>();
  const reproduceOne = async (row: Row) => {
    found.set(row, outcome(row, isCovered(row) ? await findingOf(row, context) : undefined));
    finished(row);
  };
  const measures = (row: Row): boolean => isCovered(row) && row.emulated === true;
  await Promise.all(chosen.filter((row) => !measures(row)).map(reproduceOne));
  // A measurement is alone on the machine.
  for (const row of chosen.filter(measures)) await reproduceOne(row);
  const rows = chosen.map((row) => found.get(row) as ReproducedRow);
  return {
    format: 'rangefit/reproduce',
    formatVersion: 1,
    seed: request.seed,
    settings: [...(request.settings ?? [])],
    tolerances: toleranceSchema.encode(request.tolerances),
    summary: summaryOf(rows),
    rows,
  };
}

async function findingOf(row: CoveredRow, context: StudyContext): Promise<Finding | NotHere> {
  try {
    return await row.run(context);
  } catch (error) {
    if (error instanceof NotHere) return error;
    throw error;
  }
}

/** Six digits: more is noise, and so is what arithmetic leaves of nothing. */
const rounded = (value: number): number => (Math.abs(value) < 1e-12 ? 0 : Number(value.toPrecision(6)));

function outcome(row: Row, finding: Finding | NotHere | undefined): ReproducedRow {
  const { id, use, claim, expected, tolerance } = row;
  const figure = { id, use, claim, expected, tolerance };
  if (!isCovered(row))
    return { ...figure, got: null, error: null, errorUnit: null, status: 'uncovered', reason: row.uncovered };
  if (finding instanceof NotHere)
    return { ...figure, got: null, error: null, errorUnit: null, status: 'skipped', reason: finding.message };
  if (!finding) throw new Error(`row ${id} was not run`);
  const { got, error, errorUnit, ok, values } = finding;
  const finite = error !== null && Number.isFinite(error);
  return {
    ...figure,
    got,
    error: finite ? rounded(error) : null,
    errorUnit: finite ? (errorUnit ?? 'share') : null,
    status: ok ? 'pass' : 'fail',
    reason: ok ? (row.method ?? null) : (row.cause ?? 'the cause is not known yet'),
    ...(values && {
      values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, rounded(value)])),
    }),
  };
}

/** Fitted figures are counted apart: they are no checks. */
export function summaryOf(rows: readonly ReproducedRow[]): ReproduceDocument['summary'] {
  const count = (use: ReproducedRow['use'] | undefined, status: ReproducedRow['status']) =>
    rows.filter((row) => (use === undefined || row.use === use) && row.status === status).length;
  return {
    checks: { pass: count('C', 'pass'), fail: count('C', 'fail') },
    exact: { pass: count('I', 'pass'), fail: count('I', 'fail') },
    fitted: { within: count('F', 'pass'), off: count('F', 'fail') },
    skipped: count(undefined, 'skipped'),
    uncovered: count(undefined, 'uncovered'),
  };
}

/** 0: every covered check holds. 1: one misses. What a profile was fitted to is no check. */
export const reproduceExitCode = ({ summary }: Pick<ReproduceDocument, 'summary'>): number =>
  summary.checks.fail + summary.exact.fail > 0 ? 1 : 0;
