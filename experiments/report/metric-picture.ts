// The metric that decides: what host and ideal twin gave at every tested density, and how far the host may be off.

import type { TopLevelSpec } from 'vega-lite';
import { metricName, type PlanDocument, things } from '../planner/index.js';
import { COUNTS, legendOf, levelLayers } from './charts.js';
import { colour } from './palette.js';
import type { Picture } from './report.js';

/** In what a quantity is drawn. */
const SCALES: Readonly<Record<string, readonly [number, string]>> = {
  'bit/s': [1e6, 'Mbit/s'],
  s: [1, 'seconds'],
  share: [100, '%'],
  count: [1, 'count'],
};

/** As far from the ideal as the tolerance goes; the deviation's other side is not drawn. */
function bound(metric: string, ideal: number, tolerance: number): number {
  if (metric === 'goodput') return ideal * tolerance;
  return metric.startsWith('completion') ? ideal * (1 + tolerance) : ideal + tolerance;
}

/** Null where nothing was tested, or nothing is to be seen: none was lost anywhere. */
export function metricPicture(document: PlanDocument): Picture | null {
  const { densities } = document.method;
  const { word, each } = things(document);
  const id = (densities.find(({ margin }) => margin < 0) ?? densities.at(-1))?.metric;
  const judged = document.fidelity.find(({ metric }) => metric === id);
  if (id === undefined || !judged) return null;
  const [scale, unit] = SCALES[judged.unit] ?? [1, judged.unit];
  const rows = densities.flatMap(({ vnodesPerHost, metrics }) =>
    metrics
      .filter(({ metric }) => metric === id)
      .map(({ measured, ideal }) => ({
        x: vnodesPerHost / each,
        host: (measured ?? 0) * scale,
        ideal: ideal * scale,
      })),
  );
  const allowed = bound(id, judged.ideal, judged.tolerance) * scale;
  if (judged.unit === 'count' && rows.every(({ host, ideal }) => host === 0 && ideal === 0)) return null;
  const last = rows.at(-1);
  return {
    kind: 'picture',
    id: 'metric',
    title: `What decides: ${metricName(id)}`,
    text: last
      ? `With ${last.x} ${word}s on a host it is ${Number(last.host.toPrecision(3))} ${unit}, on the ideal twin ${Number(last.ideal.toPrecision(3))}; the tolerance ends at ${Number(allowed.toPrecision(3))}.`
      : 'Nothing was tested.',
    columns: [`${word}s per host`, `host (${unit})`, `ideal twin (${unit})`],
    rows: rows.map(({ x, host, ideal }) => [x, host, ideal]),
    draw: (width) => {
      const values = rows.flatMap(({ x, host, ideal }) => [
        { x, name: 'host', value: host },
        { x, name: 'ideal twin', value: ideal },
      ]);
      const encoding = {
        x: { field: 'x', type: 'quantitative', title: `${word}s per host`, axis: COUNTS, scale: { zero: true } },
        y: { field: 'value', type: 'quantitative', title: unit },
        color: { field: 'name', ...legendOf(['host', 'ideal twin']) },
      };
      return {
        width,
        height: 240,
        layer: [
          { data: { values }, mark: { type: 'line', strokeWidth: 2, point: { size: 40 }, fill: null }, encoding },
          ...levelLayers('tolerance', allowed),
        ],
        config: { view: { stroke: null }, background: colour('paper') },
      } as TopLevelSpec;
    },
  };
}
