// The shapes that pictures have: quantities over time, stacks, distributions, shares in use.

import type { TopLevelSpec } from 'vega-lite';
import { SATURATED } from '../saturation.js';
import { colour } from './palette.js';
import type { Cell, Picture } from './report.js';

export interface Curve {
  readonly name: string;
  readonly values: readonly number[];
}

interface Titled {
  readonly id: string;
  readonly title: string;
  readonly text: string;
}

const HEIGHT = 240;
const COLOURS = [colour('first'), colour('second'), colour('third'), colour('fourth'), colour('fifth')];
/** More points than a plot has pixels show nothing more. */
const MOST_POINTS = 400;
/** Rows of the table beside a picture of time. */
const MOST_ROWS = 60;

/** An axis of things that are counted whole. */
export const COUNTS = { tickMinStep: 1, format: ',d' } as const;

/** An axis of names that are `broken`. */
export const NAMES = { labelLimit: 300, labelExpr: "split(datum.label, '\\n')" } as const;

/** In lines of at most so many letters, where its words allow. */
export function broken(name: string, letters: number): string {
  const lines: string[] = [];
  for (const word of name.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && longer.length <= letters) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.join('\n');
}

/** Names in the legend in the order given, each with its colour. */
export const legendOf = (names: readonly string[]) =>
  names.length > 1
    ? { type: 'nominal' as const, scale: { domain: [...names], range: COLOURS.slice(0, names.length) }, title: null }
    : undefined;

/** Means of as many stretches as there is room for. */
function thinned(values: readonly number[], most: number): number[] {
  if (values.length <= most) return [...values];
  return Array.from({ length: most }, (_, i) => {
    const part = values.slice(Math.floor((i * values.length) / most), Math.floor(((i + 1) * values.length) / most));
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });
}

export interface OverTime extends Titled {
  readonly axis: string;
  /** They are of things that are counted whole. */
  readonly counts?: boolean;
  readonly curves: readonly Curve[];
  readonly intervalSeconds: number;
  readonly stacked?: boolean;
  /** A level that matters, such as what there is of it. */
  readonly level?: { readonly name: string; readonly value: number };
}

/** Quantities over time, side by side or stacked. Long runs are drawn, and told, by the means of equal stretches. */
export function overTime({
  id,
  title,
  text,
  axis,
  counts = false,
  curves,
  intervalSeconds,
  stacked = false,
  level,
}: OverTime): Picture {
  const length = curves[0]?.values.length ?? 0;
  const seconds = length * intervalSeconds;
  const at = (index: number, points: number) => Number((((index + 1) * seconds) / points).toPrecision(6));
  const told = Math.min(length, MOST_ROWS);
  const columns = curves.map(({ values }) => thinned(values, told));
  return {
    ...{ kind: 'picture', id, title, text, seconds },
    columns: ['s', ...curves.map(({ name }) => name)],
    rows: Array.from({ length: told }, (_, i) => [at(i, told), ...columns.map((column) => column[i] as Cell)]),
    draw: (width) => {
      const points = Math.min(length, MOST_POINTS);
      // A value stands for the stretch that ends with it, the first one's from the start on.
      const values = curves.flatMap(({ name, values: all }) => {
        const drawn = thinned(all, points);
        return [drawn[0], ...drawn].map((value, i) => ({ name, s: i === 0 ? 0 : at(i - 1, points), value }));
      });
      const names = curves.map(({ name }) => name);
      const color = legendOf(names);
      const layer: unknown[] = [
        {
          data: { values },
          mark: stacked
            ? { type: 'area', clip: true, interpolate: 'step-before', line: false }
            : { type: 'line', clip: true, strokeWidth: 1.8, interpolate: 'linear' },
          encoding: {
            x: { field: 's', type: 'quantitative', title: 'seconds', scale: { domain: [0, seconds], nice: false } },
            y: {
              ...{ field: 'value', type: 'quantitative', title: axis },
              ...(counts ? { axis: COUNTS } : {}),
              ...(stacked ? { stack: 'zero' } : {}),
            },
            color: color ? { field: 'name', ...color } : { value: COLOURS[0] },
            ...(stacked ? { order: { field: 'order' } } : {}),
          },
          transform: stacked ? [{ calculate: `indexof(${JSON.stringify(names)}, datum.name)`, as: 'order' }] : [],
        },
      ];
      if (level) layer.push(...levelLayers(level.name, level.value));
      return { width, height: HEIGHT, layer } as TopLevelSpec;
    },
  };
}

/** A dashed line across, with its name on it. */
export const levelLayers = (name: string, value: number): unknown[] => [
  {
    data: { values: [{ value }] },
    mark: { type: 'rule', strokeDash: [5, 4], color: colour('bad'), strokeWidth: 1.5 },
    encoding: { y: { field: 'value', type: 'quantitative' } },
  },
  {
    data: { values: [{ value, name }] },
    mark: { type: 'text', align: 'left', baseline: 'bottom', dx: 4, dy: -3, color: colour('bad') },
    encoding: { x: { value: 0 }, y: { field: 'value', type: 'quantitative' }, text: { field: 'name' } },
  },
];

export interface Stacks extends Titled {
  readonly axis: string;
  /** What stands under each bar, and what that is. */
  readonly across: string;
  readonly labels: readonly (string | number)[];
  readonly curves: readonly Curve[];
  readonly level?: { readonly name: string; readonly value: number };
}

/** Bars of several parts, one for each label. */
export function stacks({ id, title, text, axis, across, labels, curves, level }: Stacks): Picture {
  const names = curves.map(({ name }) => name);
  return {
    ...{ kind: 'picture', id, title, text },
    columns: [across, ...names],
    rows: labels.map((label, i) => [label, ...curves.map(({ values }) => values[i] as Cell)]),
    draw: (width) => {
      const values = curves.flatMap(({ name, values: all }, order) =>
        all.map((value, i) => ({ name, order, label: String(labels[i]), value })),
      );
      const color = legendOf(names);
      const bars = {
        data: { values },
        mark: { type: 'bar', width: { band: Math.min(0.75, 0.08 * labels.length + 0.1) } },
        encoding: {
          x: { field: 'label', type: 'ordinal', title: across, sort: null, axis: { labelAngle: 0 } },
          y: { field: 'value', type: 'quantitative', title: axis },
          color: color ? { field: 'name', ...color } : { value: COLOURS[0] },
          order: { field: 'order' },
        },
      };
      return {
        width,
        height: HEIGHT,
        layer: [bars, ...(level ? levelLayers(level.name, level.value) : [])],
      } as TopLevelSpec;
    },
  };
}

/** Points of a distribution that are drawn, and that its table tells. */
const SHARES = Array.from({ length: 101 }, (_, i) => i / 100);
const TOLD_SHARES = Array.from({ length: 21 }, (_, i) => i / 20);

export interface Distribution extends Titled {
  /** With its unit. */
  readonly axis: string;
  /** Of each: the value that this share of the vnodes does not exceed. */
  readonly curves: readonly { readonly name: string; quantile(share: number): number }[];
}

/** Cumulative distributions: how many are at or below a value. Looks the same for one value and for ten thousand. */
export function distribution({ id, title, text, axis, curves }: Distribution): Picture {
  const names = curves.map(({ name }) => name);
  return {
    ...{ kind: 'picture', id, title, text },
    columns: ['share of vnodes (%)', ...names.map((name) => `${name} (${axis})`)],
    rows: TOLD_SHARES.map((share) => [100 * share, ...curves.map((curve) => curve.quantile(share))]),
    draw: (width) => {
      const values = curves.flatMap((curve) =>
        SHARES.map((share) => ({ name: curve.name, share, value: curve.quantile(share) })),
      );
      const color = legendOf(names);
      return {
        width,
        height: HEIGHT,
        data: { values },
        mark: { type: 'line', strokeWidth: 2 },
        encoding: {
          x: { field: 'value', type: 'quantitative', title: axis, scale: { zero: false, nice: true } },
          y: { field: 'share', type: 'quantitative', title: 'share of vnodes', axis: { format: '.0%' } },
          color: color ? { field: 'name', ...color } : { value: COLOURS[0] },
          order: { field: 'share' },
        },
      } as TopLevelSpec;
    },
  };
}

export interface Share {
  readonly name: string;
  /** 1 is full. */
  readonly share: number;
  readonly used: string;
  readonly of: string;
}

/** How much is used of what there is; nothing where there is no limit. */
export const shareOf = (name: string, used: number, of: number, text: (value: number) => string): Share[] =>
  of > 0 && Number.isFinite(of) ? [{ name, share: used / of, used: text(used), of: text(of) }] : [];

export const saturated = (shares: readonly Share[]): string[] =>
  shares.filter(({ share }) => share >= SATURATED).map(({ name }) => name);

/** The picture shows the fullest; the table has all. */
const MOST_BARS = 9;

/** How full each thing is, fullest first, and what therefore holds up the rest. */
export function sharesInUse({ id, title, text, shares }: Titled & { readonly shares: readonly Share[] }): Picture {
  const sorted = [...shares].sort((a, b) => b.share - a.share);
  return {
    ...{ kind: 'picture', id, title, text },
    columns: ['what', 'in use (%)', 'used', 'of', 'saturated'],
    rows: sorted.map(({ name, share, used, of }) => [name, 100 * share, used, of, share >= SATURATED]),
    draw: (width) => ({
      // Names stand to the left of the bars and need their room.
      width: Math.max(120, width - 130),
      height: { step: 24 },
      data: {
        values: sorted
          .slice(0, MOST_BARS)
          .map(({ name, share }) => ({ name, share: Math.min(1, share), full: share >= SATURATED })),
      },
      encoding: {
        y: { field: 'name', type: 'ordinal', sort: null, title: null, axis: { labelLimit: 250 } },
        x: {
          field: 'share',
          type: 'quantitative',
          title: 'in use',
          scale: { domain: [0, 1] },
          axis: { format: '.0%' },
        },
      },
      layer: [
        {
          mark: { type: 'bar', height: { band: 0.6 } },
          encoding: {
            color: {
              condition: { test: 'datum.full', value: colour('bad') },
              value: colour('first'),
            },
          },
        },
      ],
    }),
  };
}
