// The table of published figures: complete, honest about what was fitted, and exact where it is arithmetic.

import { describe, expect, it } from 'vitest';
import { defaultTolerances } from '../../calibration/index.js';
import { openRuns, type Runs } from '../../experiments/pool.js';
import {
  chosenRows,
  type ReproduceRequest,
  reproduce,
  reproduceExitCode,
  summaryOf,
} from '../../experiments/reproduce.js';
import { type ReproducedRow, reproduceSchema } from '../../experiments/reproduce-document.js';
import { reproduceReport } from '../../experiments/reproduce-report.js';
import { isCovered, studies } from '../../experiments/studies/index.js';
import { firstReach, highestMean, jump, rSquared, spearman, steepest } from '../../experiments/studies/trend.js';
import { type HostProfile, hostCatalogue, withTechnology } from '../../models/index.js';

const numbered = (source: string, count: number) => Array.from({ length: count }, (_, i) => `${source}${i + 1}`);
/** Rows of the reference table by source; Q are its formulas, K its kernel ceilings. */
const REFERENCE = [
  ...numbered('P', 17),
  ...numbered('E', 20),
  ...numbered('L', 7),
  ...numbered('M', 15),
  ...numbered('A', 6),
  ...numbered('Q', 9),
  ...numbered('K', 11),
];
const UNCOVERED: readonly string[] = [];
const FITTED = 'P1 P2 P5 E1 E3 E8 E12 E16 E18 L1 L2 L3 L4 L5 L6 M6 M13 A1'.split(' ');

const unused: Runs = {
  asked: 0,
  finished: 0,
  run: () => Promise.reject(new Error('this row was not to simulate')),
  stop: async () => undefined,
};

const request = (only: readonly string[]): ReproduceRequest => ({
  only,
  seed: '1',
  tolerances: defaultTolerances,
  profile: (name, technology = 'lxc') => withTechnology(hostCatalogue[name] as HostProfile, technology),
});

const row = (differs: Partial<ReproducedRow>): ReproducedRow => ({
  id: 'P3',
  use: 'C',
  claim: 'a claim',
  expected: '60 %',
  got: '61 %',
  error: 1,
  errorUnit: 'points',
  tolerance: '10 points',
  status: 'pass',
  reason: null,
  ...differs,
});

describe('the rows', () => {
  it('are those of the reference table, each once, in its order', () => {
    expect(studies.map(({ id }) => id)).toEqual(REFERENCE);
  });

  it('say why they are uncovered where they are', () => {
    const uncovered = studies.filter((one) => !isCovered(one));
    expect(uncovered.map(({ id }) => id)).toEqual(REFERENCE.filter((id) => UNCOVERED.includes(id)));
    for (const one of uncovered) expect('uncovered' in one && one.uncovered).toMatch(/\w{3}/);
  });

  it('keep the use that the reference table gives them', () => {
    expect(studies.filter(({ use }) => use === 'F').map(({ id }) => id)).toEqual(
      REFERENCE.filter((id) => FITTED.includes(id)),
    );
  });

  it('can be chosen by id, in any case and order', () => {
    expect(chosenRows(['m13', ' p1']).map(({ id }) => id)).toEqual(['P1', 'M13']);
    expect(() => chosenRows(['P99'])).toThrow(/--only.*"P99"/);
  });
});

describe('rows that do not simulate', () => {
  const pure = [
    ...['Q1', 'Q2', 'Q3', 'E11', 'E12', 'E17', 'E18', 'E19', 'E20', 'A5', 'M1', 'M2', 'M3', 'M4', 'M8'],
    ...numbered('K', 11),
  ];

  it('hold', async () => {
    const document = await reproduce(request(pure), unused);
    expect(document.rows.filter(({ status }) => status !== 'pass')).toEqual([]);
    expect(reproduceExitCode(document)).toBe(0);
    expect(reproduceSchema.parse(JSON.parse(JSON.stringify(document)))).toBeTruthy();
  });

  it('find the queues of theory in pipes and cores', async () => {
    const { rows } = await reproduce(request(['Q5', 'Q6', 'Q7', 'Q8', 'Q9']), unused);
    for (const { status, error, tolerance } of rows) {
      expect(tolerance).toBe('2 %');
      expect(status).toBe('pass');
      expect(Math.abs(error as number)).toBeLessThan(0.02);
    }
  });
});

describe('a row that simulates', () => {
  it('gives the same document on every run, and shares runs with other rows', async () => {
    const runs = openRuns(0);
    const first = await reproduce(request(['M15']), runs);
    const asked = runs.asked;
    expect(asked).toBeGreaterThan(0);
    const again = await reproduce(request(['M15']), openRuns(0));
    expect(JSON.stringify(again)).toBe(JSON.stringify(first));
  });
});

describe('bookkeeping', () => {
  const rows = [
    row({}),
    row({ id: 'P4', status: 'fail', reason: 'a cause' }),
    row({ id: 'P1', use: 'F', status: 'pass' }),
    row({ id: 'P2', use: 'F', status: 'fail', reason: 'another cause' }),
    row({ id: 'P9', use: 'I', status: 'pass' }),
    row({ id: 'L1', use: 'F', status: 'uncovered', got: null, error: null, errorUnit: null, reason: 'a reason' }),
  ];
  const document = {
    format: 'rangefit/reproduce' as const,
    formatVersion: 1 as const,
    seed: '1',
    settings: [],
    tolerances: {},
    summary: summaryOf(rows),
    rows,
  };

  it('never counts what was fitted as a check', () => {
    expect(document.summary).toEqual({
      checks: { pass: 1, fail: 1 },
      exact: { pass: 1, fail: 0 },
      fitted: { within: 1, off: 1 },
      skipped: 0,
      uncovered: 1,
    });
  });

  it('ends with 1 when a check misses, and not when a fitted figure is off', () => {
    expect(reproduceExitCode(document)).toBe(1);
    const fitted = rows.filter(({ id }) => id !== 'P4');
    expect(reproduceExitCode({ summary: summaryOf(fitted) })).toBe(0);
    expect(reproduceExitCode({ summary: summaryOf([row({ use: 'I', status: 'fail' })]) })).toBe(1);
  });

  it('puts no check mark on what was fitted, and gives the cause of every miss', () => {
    const text = reproduceReport(document, false);
    const marks = text.split('\n').filter((line) => line.includes('✓'));
    expect(marks).toHaveLength(1);
    expect(marks[0]).toContain('P3');
    expect(text).toMatch(/fitted, off/);
    expect(text).toMatch(/P4: a cause/);
    expect(text).toMatch(/L1: a reason/);
    expect(text).toContain('1 of 2 checks hold');
  });
});

describe('trends', () => {
  it('R2 of a line is 1, of a known sample what the textbooks say', () => {
    expect(rSquared([1, 2, 3, 4], [3, 5, 7, 9])).toBeCloseTo(1, 12);
    expect(rSquared([1, 2, 3, 4], [5, 5, 5, 5])).toBe(1);
    // Anscombe's quartet, first set.
    const x = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5];
    const y = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68];
    expect(rSquared(x, y)).toBeCloseTo(0.6665, 4);
  });

  it('rank correlation counts order only, with ties', () => {
    expect(spearman([1, 2, 3, 4, 5], [1, 10, 100, 1000, 10_000])).toBeCloseTo(1, 12);
    expect(spearman([1, 2, 3], [3, 2, 1])).toBeCloseTo(-1, 12);
    expect(spearman([1, 2, 3], [5, 5, 5])).toBe(0);
    // IQ and hours of television: the usual textbook example, -29/165.
    const iq = [106, 100, 86, 101, 99, 103, 97, 113, 112, 110];
    const hours = [7, 27, 2, 50, 28, 29, 20, 12, 6, 17];
    expect(spearman(iq, hours)).toBeCloseTo(-29 / 165, 10);
    expect(spearman([1, 2, 2, 3], [1, 2, 3, 4])).toBeCloseTo(0.9487, 4);
  });

  it('finds where a curve first reaches a level', () => {
    expect(firstReach([10, 20, 30], [40, 80, 160], 120)).toBe(25);
    expect(firstReach([10, 20], [130, 140], 120)).toBe(10);
    expect(firstReach([10, 20], [1, 2], 120)).toBeUndefined();
  });

  it('compares the largest step with those before it', () => {
    expect(jump([10, 20, 30, 60])).toBe(3);
    expect(jump([0, 50, 60, 65])).toBe(0);
  });

  it('finds the steepest stretch of a count', () => {
    expect(steepest([1, 2, 10, 11, 12], 2)).toBe(9);
    expect(steepest([5, 6], 10)).toBe(6);
    expect(highestMean([1, 9, 5, 1], 2)).toBe(7);
    expect(highestMean([4, 6], 10)).toBe(5);
  });
});
