// The report of a receipt: predicted beside measured, metric by metric, and our errors beside the baselines'.

import type { TopLevelSpec } from 'vega-lite';
import { metricRules } from '../../calibration/index.js';
import { type Resource, saturationWords } from '../saturation.js';
import { type Receipt, type ReceiptDensity, receiptSchema, shown } from '../verify/index.js';
import { percent, plural, signedPercent, time } from '../wording.js';
import { broken, COUNTS, legendOf, NAMES } from './charts.js';
import type { ReportKind } from './kind.js';
import { colour } from './palette.js';
import type { Block, Cell, NamedTable, Picture, Report, Section } from './report.js';
import { NOT_TOLD, resourceCells, resourceColumns } from './resources.js';

const HEIGHT = 260;
/** The metrics' names left of the plot: pixels, and letters in a line of them. */
const ROOM = 130;
const LETTERS = 20;

/** Every metric's error over what is allowed: between the lines is as predicted. */
function errors({ densities }: Receipt): Picture | null {
  const rows = densities.flatMap(({ vnodes, rows: all }) =>
    all.flatMap(({ metric, off, allowed, ok }) =>
      allowed === null ? [] : [{ metric: metricRules[metric].title, vnodes, share: off / allowed, ok }],
    ),
  );
  if (rows.length === 0) return null;
  const names = densities.map(({ vnodes }) => plural(vnodes, 'vnode'));
  return {
    ...{ kind: 'picture', id: 'errors', title: 'Predicted less measured, over what is allowed' },
    text: `${rows.filter(({ ok }) => ok).length} of ${rows.length} metrics lie between -1 and 1, which is as predicted.`,
    columns: ['metric', 'vnodes', 'error over what is allowed', 'as predicted'],
    rows: rows.map(({ metric, vnodes, share, ok }) => [metric, vnodes, share, ok]),
    draw: (width) =>
      ({
        width: width - ROOM + 10,
        height: HEIGHT,
        layer: [
          {
            data: { values: [{ at: -1 }, { at: 1 }] },
            mark: { type: 'rule', color: colour('soft'), strokeDash: [5, 4], strokeWidth: 1.5 },
            encoding: { x: { field: 'at', type: 'quantitative' } },
          },
          {
            data: {
              values: rows.map((row) => ({
                ...row,
                metric: broken(row.metric, LETTERS),
                density: plural(row.vnodes, 'vnode'),
              })),
            },
            mark: { type: 'point', filled: true, size: 70, opacity: 1 },
            encoding: {
              x: { field: 'share', type: 'quantitative', title: 'error over what is allowed' },
              y: { field: 'metric', type: 'nominal', sort: null, title: null, axis: NAMES },
              color: { field: 'density', ...legendOf(names) },
            },
          },
        ],
      }) as TopLevelSpec,
  };
}

const OURS: ReadonlySet<string> = new Set(['measured', 'predicted']);

/** CPU over the density: ours with its interval, the baselines', and what was measured. */
function cpu({ densities }: Receipt): Picture | null {
  const rows = densities.flatMap(({ vnodes, rows: all, baselines }) => {
    const row = all.find(({ metric }) => metric === 'cpu');
    if (!row) return [];
    const { value, low, high } = row.predicted;
    return [
      { vnodes, who: 'measured', cpu: row.measured, low: null, high: null },
      { vnodes, who: 'predicted', cpu: value, low, high },
      ...baselines.flatMap(({ name, cpu: theirs }) =>
        theirs === null ? [] : [{ vnodes, who: name, cpu: theirs, low: null, high: null }],
      ),
    ];
  });
  if (rows.length === 0) return null;
  const names = [...new Set(rows.map(({ who }) => who))];
  return {
    ...{ kind: 'picture', id: 'cpu', title: 'CPU over the density' },
    text: 'CPU as it was measured, as the simulator predicts it with its 90 % interval, and as the baselines say.',
    columns: ['vnodes', 'who', 'CPU (%)', 'low (%)', 'high (%)'],
    rows: rows.map(({ vnodes, who, cpu: value, low, high }) => [vnodes, who, value, low, high]),
    draw: (width) => {
      const x = {
        ...{ field: 'vnodes', type: 'quantitative', title: 'vnodes on the host' },
        ...{ scale: { zero: false }, axis: { ...COUNTS, values: densities.map(({ vnodes }) => vnodes) } },
      };
      const color = { field: 'who', ...legendOf(names) };
      return {
        width,
        height: HEIGHT,
        layer: [
          {
            data: { values: rows.filter(({ low }) => low !== null) },
            mark: { type: 'rule', strokeWidth: 2 },
            encoding: {
              x,
              y: { field: 'low', type: 'quantitative', title: 'CPU taken, % of one core' },
              y2: { field: 'high' },
              color,
            },
          },
          // Baselines lie below, and dashed: where all say the same, ours is still seen.
          ...[false, true].map((ours) => ({
            data: { values: rows.filter(({ who }) => OURS.has(who) === ours) },
            mark: {
              type: 'line',
              point: { size: ours ? 40 : 80 },
              strokeWidth: 2,
              ...(ours ? {} : { strokeDash: [4, 4] }),
            },
            encoding: { x, y: { field: 'cpu', type: 'quantitative' }, color },
          })),
        ],
      } as TopLevelSpec;
    },
  };
}

function densityTable({ vnodes, step, rows }: ReceiptDensity): NamedTable {
  return {
    ...{ kind: 'table', id: `at-${vnodes}`, title: `${plural(vnodes, 'vnode')} (${step})` },
    columns: ['metric', 'predicted', 'low', 'high', 'measured', 'off', 'allowed', 'inside 90 %', 'as predicted'],
    rows: rows.map(({ metric, unit, predicted, measured, off, relative, allowed, inside, ok }): Cell[] => [
      metricRules[metric].title,
      shown(predicted.value, unit),
      shown(predicted.low, unit),
      shown(predicted.high, unit),
      shown(measured, unit),
      relative ? signedPercent(off) : `${off < 0 ? '-' : '+'}${shown(Math.abs(off), unit)}`,
      allowed === null ? null : relative ? percent(allowed) : shown(allowed, unit),
      inside,
      allowed === null ? null : ok,
    ]),
  };
}

/** Of each density what saturated, predicted and measured, and every resource beside the other. */
function saturationSection({ densities }: Receipt): Section {
  const told = densities.flatMap(({ vnodes, resources }) => (resources ? [{ vnodes, ...resources }] : []));
  const blocks: Block[] = [];
  if (told.length > 0)
    blocks.push({
      kind: 'facts',
      facts: told.map(({ vnodes, predicted, measured }) => [
        plural(vnodes, 'vnode'),
        `Predicted: ${saturationWords(predicted)} Measured: ${saturationWords(measured)}`,
      ]),
    });
  for (const { vnodes, predicted, measured } of told)
    blocks.push({
      ...{
        kind: 'table',
        id: `resources-${vnodes}`,
        title: `Everything that can run out, at ${plural(vnodes, 'vnode')}`,
      },
      columns: [
        ...['what', 'predicted', 'measured', 'used, predicted', 'used, measured'],
        ...['of, predicted', 'of, measured', 'lost, predicted', 'lost, measured'],
      ],
      rows: [...new Set([...predicted, ...measured].map(({ name }) => name))].map((name) => [
        name,
        ...besides([predicted, measured].map((side) => side.find((one) => one.name === name))),
      ]),
    });
  blocks.push({ kind: 'paragraph', text: told.length > 0 ? NOT_TOLD : UNTOLD_RESOURCES });
  return { title: 'What saturates, and what does not', blocks };
}

const UNTOLD_RESOURCES =
  'This receipt does not say what ran out: it is from before that was kept. CPU, memory and neighbour entries are among the metrics.';

/** Each quantity of both sides, side by side. */
function besides(sides: readonly (Resource | undefined)[]): Cell[] {
  const cells = sides.map((one): Cell[] => (one ? resourceCells(one) : [null, 'not told', null, null, null, null]));
  const places = ['state', 'used', 'of', 'lost for want of it'].map((column) => resourceColumns.indexOf(column));
  return places.flatMap((place) => cells.map((side) => side[place] as Cell));
}

const comparisonTable = ({ comparisons }: Receipt): NamedTable => ({
  ...{ kind: 'table', id: 'baselines', title: 'Errors, ours and as the question is answered today' },
  columns: ['error of', 'unit', 'who', 'how', 'error', 'repeat error'],
  rows: comparisons.flatMap(({ what, unit, ours, repeat, baselines }): Cell[][] => [
    [what, unit, 'rangefit', 'simulation of the mechanisms', ours, repeat],
    ...baselines.map(({ name, how, error }): Cell[] => [what, unit, name, how, error, repeat]),
  ]),
});

function report(document: unknown): Report {
  const receipt = receiptSchema.parse(document);
  const { densities, knee, ok, question, machine, kernel, measuredAt, seconds, version } = receipt;
  const judged = densities.flatMap(({ rows }) => rows.filter(({ allowed }) => allowed !== null));
  const right = judged.filter((row) => row.ok).length;
  const kneeSaid = knee
    ? ` The knee was predicted at ${knee.predicted.value} vnodes (${knee.predicted.low} to ${knee.predicted.high}) and measured at ${knee.measured}.`
    : '';
  return {
    of: 'receipt',
    title: `Receipt: ${question}`,
    answer: `${right} of ${judged.length} metrics are as predicted at ${densities.map(({ vnodes }) => vnodes).join(', ')} vnodes.${kneeSaid}`,
    good: ok,
    warnings: receipt.warnings,
    sections: [
      { title: 'Predicted and measured', blocks: [cpu(receipt), errors(receipt)].filter((block) => block !== null) },
      saturationSection(receipt),
      { title: 'Metric by metric', blocks: densities.map(densityTable) },
      { title: 'Against the baselines', blocks: [comparisonTable(receipt)] },
      {
        title: 'Where it was measured',
        blocks: [
          {
            kind: 'facts',
            facts: [
              ['machine', `${machine}, Linux ${kernel}`],
              ['measured', measuredAt],
              ['took', time(seconds)],
              ['runs thrown away', String(densities.reduce((sum, { discarded }) => sum + discarded.length, 0))],
              ['rangefit', version],
            ],
          },
        ],
      },
    ],
    command: receipt.command ?? null,
  };
}

export const receiptKind: ReportKind = { kind: 'receipt', schema: receiptSchema, report };
