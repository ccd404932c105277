// The report of a calibrated host profile: what was measured beside what is predicted, and what the fit knows.

import type { TopLevelSpec } from 'vega-lite';
import { type HeldOutCheck, type HeldOutMetric, heldOutCheck, leafAt, metricRules } from '../../calibration/index.js';
import {
  type Calibration,
  type Comparison,
  type HostProfile,
  type HostProfileDocument,
  hostProfileSchema,
  InputError,
} from '../../models/index.js';
import { count, percent, plural, scaled } from '../wording.js';
import { COUNTS, legendOf } from './charts.js';
import type { ReportKind } from './kind.js';
import { colour } from './palette.js';
import { saturationSection } from './profile-saturation.js';
import type { Cell, NamedTable, Picture, Report } from './report.js';

/** Curves that can be told apart by colour. */
const MOST_CURVES = 5;
const HEIGHT = 320;
const ROW = 13;

const ofMetric = ({ comparisons }: Calibration, metric: string): Comparison[] =>
  comparisons.filter((one) => one.metric === metric);
const seen = ({ heldOut }: Comparison): string => (heldOut ? 'held out' : 'fitted');

/** CPU over the number of pairs, one curve a rate: lines are predicted, points measured. */
function cpuByPairs(calibration: Calibration): Picture | null {
  const all = ofMetric(calibration, 'cpu').filter(({ rung, up }) => rung === 'shaped pairs' && up !== null);
  const byRate = new Map<number, Comparison[]>();
  for (const one of all) byRate.set(one.up as number, [...(byRate.get(one.up as number) ?? []), one]);
  const rates = [...byRate]
    .filter(([, points]) => points.length > 1)
    .sort(([, a], [, b]) => b.length - a.length)
    .slice(0, MOST_CURVES)
    .map(([rate]) => rate)
    .sort((a, b) => a - b);
  if (rates.length === 0) return null;
  const rows = rates.flatMap((rate) =>
    (byRate.get(rate) as Comparison[])
      .map((one) => ({ name: scaled(rate, 'bit/s'), pairs: one.vnodes / 2, ...one }))
      .sort((a, b) => a.pairs - b.pairs),
  );
  const names = rates.map((rate) => scaled(rate, 'bit/s'));
  return {
    ...{ kind: 'picture', id: 'cpu-by-pairs', title: 'CPU over the number of pairs: measured and predicted' },
    text: `Points are measured, open ones held out of the fit; lines are what the fitted profile predicts, for pairs of ${names.join(', ')}.`,
    columns: ['rate', 'pairs', 'measured (%)', 'predicted (%)', 'fit'],
    rows: rows.map(({ name, pairs, measured, predicted, heldOut }) => [
      ...[name, pairs, measured, predicted, heldOut ? 'held out' : 'fitted'],
    ]),
    draw: (width) => {
      const color = { field: 'name', ...legendOf(names) };
      const x = { field: 'pairs', type: 'quantitative', title: 'pairs on the host', axis: COUNTS };
      const y = (field: string) => ({ field, type: 'quantitative', title: 'CPU taken, % of one core' });
      const points = (those: boolean) => ({
        data: { values: rows.filter(({ heldOut }) => heldOut === those) },
        mark: { type: 'point', size: 55, filled: !those, strokeWidth: 2, opacity: 1 },
        encoding: { x, y: y('measured'), color },
      });
      return {
        width,
        height: HEIGHT,
        layer: [
          {
            data: { values: rows },
            mark: { type: 'line', strokeWidth: 2 },
            encoding: { x, y: y('predicted'), color },
          },
          points(false),
          points(true),
        ],
      } as TopLevelSpec;
    },
  };
}

/** Each experiment's CPU, predicted less measured, with the 90 % interval of the prediction about nothing. */
function residuals(calibration: Calibration): Picture | null {
  const rows = ofMetric(calibration, 'cpu').map((one) => ({
    experiment: one.experiment,
    off: one.predicted - one.measured,
    reach: 1.645 * one.spread,
    fit: seen(one),
  }));
  if (rows.length === 0) return null;
  const outside = rows.filter(({ off, reach }) => Math.abs(off) > reach).length;
  return {
    ...{ kind: 'picture', id: 'residuals', title: 'CPU, predicted less measured, per experiment' },
    text: `${plural(rows.length, 'experiment')}; ${outside} lie outside the 90 % interval of their prediction, which the bars show.`,
    columns: ['experiment', 'predicted - measured (points)', '90 % reach (points)', 'fit'],
    rows: rows.map(({ experiment, off, reach, fit }) => [experiment, off, reach, fit]),
    draw: (width) => {
      const y = { field: 'experiment', type: 'nominal', sort: null, title: null };
      const values = rows.map((row) => ({ ...row, low: -row.reach, high: row.reach }));
      return {
        width: width - 100,
        height: ROW * rows.length,
        data: { values },
        layer: [
          {
            mark: { type: 'bar', height: 7, opacity: 0.3, color: colour('soft') },
            encoding: {
              y,
              x: { field: 'low', type: 'quantitative', title: 'points of CPU, 100 a core' },
              x2: { field: 'high' },
            },
          },
          {
            mark: { type: 'point', filled: true, size: 45, opacity: 1 },
            encoding: {
              y,
              x: { field: 'off', type: 'quantitative' },
              color: { field: 'fit', ...legendOf(['fitted', 'held out']) },
            },
          },
        ],
      } as TopLevelSpec;
    },
  };
}

const numbers = (value: number): number => Number(value.toPrecision(4));

function heldOutTable(metrics: readonly HeldOutMetric[]): NamedTable {
  return {
    ...{ kind: 'table', id: 'held-out', title: 'Errors on what was held out' },
    columns: ['metric', 'observations', 'median error', 'allowed', 'worst', 'inside 90 % (%)'],
    rows: metrics.map(({ metric, count: of, median, allowed, worst, relative, covered }): Cell[] => {
      const shown = (value: number) => (relative ? percent(value) : `${numbers(value)} ${metricRules[metric].unit}`);
      return [
        metricRules[metric].title,
        of,
        shown(median),
        allowed === null ? null : shown(allowed),
        shown(worst),
        100 * covered,
      ];
    }),
  };
}

const comparisonTable = ({ comparisons }: Calibration): NamedTable => ({
  ...{ kind: 'table', id: 'comparisons', title: 'Every observation' },
  columns: ['experiment', 'rung', 'fit', 'metric', 'unit', 'measured', 'predicted', 'spread'],
  rows: comparisons.map((one) => [
    ...[one.experiment, one.rung, seen(one), one.metric, one.unit],
    ...[one.measured, one.predicted, one.spread],
  ]),
});

function parameterTable(profile: HostProfile, { parameters }: Calibration): NamedTable {
  const document: HostProfileDocument = hostProfileSchema.encode(profile);
  const platform = document.platforms[profile.defaultTechnology];
  return {
    ...{ kind: 'table', id: 'costs', title: 'The fitted costs' },
    columns: ['cost', 'value', 'low', 'high', 'error left (%)', 'the observations'],
    rows: parameters.map(({ name, left, verdict }): Cell[] => {
      const { value, low, high } = leafAt(platform, name) as { value: Cell; low?: Cell; high?: Cell };
      return [name, value, low ?? null, high ?? null, numbers(100 * left), verdict];
    }),
  };
}

const heldOutWords = ({ count: held, covered }: HeldOutCheck): string =>
  held > 0
    ? `of ${plural(held, 'observation')} held out ${percent(covered, 0)} lie inside their 90 % intervals.`
    : 'nothing was held out.';

function report(document: unknown): Report {
  const profile = hostProfileSchema.parse(document);
  const { calibration, name, title } = profile;
  if (!calibration) throw new InputError(name, 'a profile that `calibrate` wrote', 'one without a calibration');
  const check = heldOutCheck(calibration);
  const { counts, together, machine, kernel, measuredAt, fit } = calibration;
  const determined = calibration.parameters.filter(({ verdict }) => verdict === 'determined').length;
  const pictures = [cpuByPairs(calibration), residuals(calibration)].filter((picture) => picture !== null);
  return {
    of: 'profile',
    title: `${name}: ${title}`,
    answer: `${determined} of ${calibration.parameters.length} costs are determined by ${plural(counts.fitted, 'observation')}; ${heldOutWords(check)}`,
    good: check.count > 0 ? check.ok : null,
    warnings: together.map((group) => `known only in combination: ${group.join(', ')}`),
    sections: [
      { title: 'Measured and predicted', blocks: pictures },
      saturationSection(profile, calibration),
      { title: 'Held out', blocks: [heldOutTable(check.metrics)] },
      { title: 'Costs', blocks: [parameterTable(profile, calibration)] },
      {
        title: 'What it rests on',
        blocks: [
          {
            kind: 'facts',
            facts: [
              ['machine', `${machine}, Linux ${kernel}`],
              ['measured', measuredAt],
              ['experiments', `${count(counts.experiments)}, ${plural(counts.discarded, 'run')} thrown away`],
              ['residuals', `${numbers(fit.scatter)} standard errors`],
              ['ended by', `${fit.stopped}, after ${plural(fit.iterations, 'step')}`],
            ],
          },
          comparisonTable(calibration),
        ],
      },
    ],
    command: calibration.command ?? null,
  };
}

export const profileKind: ReportKind = { kind: 'profile', schema: hostProfileSchema, report };
