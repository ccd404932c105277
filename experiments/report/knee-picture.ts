// The knee: how faithful one host is over its density, with ideal, tolerance, interval, and what binds from where.

import type { TopLevelSpec } from 'vega-lite';
import { metricName, type PlanDocument, type SoFar, type TestedDensity } from '../planner/index.js';
import { COUNTS } from './charts.js';
import { colour } from './palette.js';
import type { Picture } from './report.js';

/** 90 % of a normal distribution. */
const NINETY = 1.645;
/** Margins beyond say no more than broken, or better than needed. */
const LOWEST = -2;
const HIGHEST = 1.25;
const HEIGHT = 300;

export interface KneeFacts {
  /** `peer` or `pair`, and how many vnodes each is. */
  readonly word: string;
  readonly each: number;
  readonly densities: readonly TestedDensity[];
  /** While the search goes on. */
  readonly soFar?: SoFar;
  /** Once it is known. */
  readonly answer?: PlanDocument['answer'];
}

const shown = (margin: number): number => Math.max(LOWEST, Math.min(HIGHEST, margin));

function sentence({ word, each, densities, soFar, answer }: KneeFacts): string {
  const whole = (vnodes: number) => Math.floor(vnodes / each);
  const tested = `${densities.length} ${densities.length === 1 ? 'density' : 'densities'} tested`;
  if (!answer) {
    const known = soFar
      ? ` So far it lies between ${whole(soFar.low)} and ${whole(soFar.high)} ${word}s, bound by ${soFar.binding.id}.`
      : '';
    return `${tested}; the knee is still being searched.${known}`;
  }
  const { knee, vnodesPerHost, binding, next } = answer;
  const behind = next.vnodesPerHost < 1e9 ? `, then ${next.id} at ${whole(next.vnodesPerHost)}` : '';
  return `One host is faithful up to ${whole(knee.value)} ${word}s (90 % interval ${whole(knee.low)} to ${whole(knee.high)}); planned are ${whole(vnodesPerHost.value)}. Bound by ${binding.id}${behind}. ${tested}.`;
}

/** Where each constraint binds: from its density to the next one's, or to the end of the picture. */
function bands(
  { each, soFar, answer }: KneeFacts,
  end: number,
): { from: number; to: number; id: string; level: number }[] {
  const known = answer ?? soFar;
  if (!known) return [];
  const limits = [known.binding, known.next].map(({ id, vnodesPerHost }) => ({ id, from: vnodesPerHost / each }));
  const said = answer ? '' : ' so far';
  return limits.flatMap(({ id, from }, i) => {
    const to = Math.min(end, limits[i + 1]?.from ?? end);
    return from < to ? [{ from, to, id: `${i === 0 ? 'bound by' : 'then'} ${id}${said}`, level: i + 1 }] : [];
  });
}

function spec(facts: KneeFacts, width: number): TopLevelSpec {
  const { word, each, densities, soFar, answer } = facts;
  const points = densities.map(({ vnodesPerHost, margin, error }) => ({
    x: vnodesPerHost / each,
    y: shown(margin),
    low: shown(margin - NINETY * error),
    high: shown(margin + NINETY * error),
    ok: margin >= 0,
  }));
  const most = Math.max(1, ...points.map(({ x }) => x));
  const highest = answer?.knee.high ?? soFar?.high ?? 0;
  const end = Math.max(most, Math.min(highest / each, 1.3 * most)) * 1.05;
  const x = {
    field: 'x',
    type: 'quantitative',
    title: `${word}s per host`,
    axis: COUNTS,
    scale: { domain: [0, end], nice: false },
  };
  const y = {
    field: 'y',
    type: 'quantitative',
    title: null,
    scale: { domain: [LOWEST, HIGHEST], nice: false },
    axis: {
      values: [1, 0, -1, -2],
      labelExpr: "{'1': 'ideal', '0': 'tolerance', '-1': '2 x off', '-2': '3 x off'}[datum.value]",
    },
  };
  const layer: unknown[] = [
    {
      data: { values: bands(facts, end) },
      mark: { type: 'rect', color: colour('bad') },
      encoding: {
        x: { field: 'from', type: 'quantitative' },
        x2: { field: 'to' },
        opacity: {
          field: 'level',
          type: 'quantitative',
          scale: { domain: [0, 2], range: [0, answer ? 0.2 : 0.1] },
          legend: null,
        },
      },
    },
    {
      data: { values: bands(facts, end).filter(({ from, to }) => to - from > 0.18 * end) },
      mark: { type: 'text', align: 'right', dx: -4, color: colour('bad'), baseline: 'top', dy: 4 },
      encoding: {
        x: { field: 'to', type: 'quantitative' },
        y: { value: 0 },
        text: { field: 'id' },
      },
    },
    {
      data: { values: [{ y: 0 }] },
      mark: { type: 'rule', strokeDash: [5, 4], color: colour('bad'), strokeWidth: 1.5 },
      encoding: { y },
    },
    {
      data: { values: [{ y: 1 }] },
      mark: { type: 'rule', color: colour('third'), strokeWidth: 1.5 },
      encoding: { y },
    },
    {
      data: { values: points },
      mark: { type: 'area', opacity: 0.18, color: colour('first') },
      encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' } },
    },
    {
      data: { values: points },
      mark: { type: 'line', strokeWidth: 2.5, color: colour('first') },
      encoding: { x, y },
    },
    {
      data: { values: points },
      mark: { type: 'point', filled: true, size: 55, opacity: 1 },
      encoding: {
        x,
        y,
        shape: { condition: { test: 'datum.ok', value: 'circle' }, value: 'cross' },
        color: { condition: { test: 'datum.ok', value: colour('first') }, value: colour('bad') },
      },
    },
  ];
  if (answer && answer.vnodesPerHost.value > 0) layer.push(...plannedLayers(facts, answer, end));
  if (!answer && soFar) layer.push(...soFarLayers(facts, soFar, end));
  return { width, height: HEIGHT, layer } as TopLevelSpec;
}

/** Between which densities the knee lies, until there is an interval: hollow, where that one is filled. */
function soFarLayers({ each }: KneeFacts, { low, high }: SoFar, end: number): unknown[] {
  const [from, to] = [low / each, Math.min(end, high / each)];
  const left = to < end / 2;
  const name = `between ${Math.floor(low / each)} and ${Math.floor(high / each)} so far`;
  return [
    {
      data: { values: [{ from, to }] },
      mark: { type: 'bar', fill: null, stroke: colour('ink'), strokeDash: [3, 3], height: 9, clip: true },
      encoding: {
        x: { field: 'from', type: 'quantitative' },
        x2: { field: 'to' },
        y: { value: HEIGHT - 6 },
      },
    },
    {
      data: { values: [{ at: left ? from : to, name }] },
      mark: { type: 'text', align: left ? 'left' : 'right', dx: left ? 5 : -5 },
      encoding: { x: { field: 'at', type: 'quantitative' }, y: { value: HEIGHT - 24 }, text: { field: 'name' } },
    },
  ];
}

/** The interval lies along the bottom, like an error bar of the planned density. */
function plannedLayers({ each }: KneeFacts, { vnodesPerHost }: PlanDocument['answer'], end: number): unknown[] {
  const { value, low, high } = vnodesPerHost;
  const planned = { value: value / each, low: low / each, high: high / each };
  // Left of a line so near the axis there is no room.
  const right = planned.value < 0.25 * end;
  return [
    {
      data: { values: [planned] },
      mark: { type: 'rule', color: colour('ink'), strokeWidth: 1.5 },
      encoding: { x: { field: 'value', type: 'quantitative' } },
    },
    {
      data: { values: [planned] },
      mark: { type: 'bar', color: colour('ink'), opacity: 0.35, height: 9, clip: true },
      encoding: {
        x: { field: 'low', type: 'quantitative' },
        x2: { field: 'high' },
        y: { value: HEIGHT - 6 },
      },
    },
    {
      data: { values: [{ ...planned, name: `planned: ${Math.floor(planned.value)}` }] },
      mark: { type: 'text', align: right ? 'left' : 'right', dx: right ? 5 : -5, fontWeight: 600 },
      encoding: { x: { field: 'value', type: 'quantitative' }, y: { value: HEIGHT - 24 }, text: { field: 'name' } },
    },
  ];
}

/** Drawn as far as it is known: also while simulations are still coming in. */
export function kneePicture(facts: KneeFacts): Picture {
  const { word, each, densities } = facts;
  return {
    kind: 'picture',
    id: 'knee',
    title: `How faithful a host is, by ${word}s on it`,
    text: sentence(facts),
    columns: [`${word}s per host`, 'margin (1: ideal, 0: on the tolerance)', 'standard error', 'decided by', 'seeds'],
    rows: densities.map(({ vnodesPerHost, margin, error, metric, seeds }) => [
      vnodesPerHost / each,
      margin,
      error,
      metricName(metric),
      seeds,
    ]),
    draw: (width) => spec(facts, width),
  };
}
