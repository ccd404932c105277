// What one parameter of a study does: the knee of every point over its values, by what binds there, and their mean.

import type { TopLevelSpec } from 'vega-lite';
import { levelWords, type SweepDocument, sweepMeasure, sweepThings, turnWords } from '../whatif/index.js';
import { percent } from '../wording.js';
import { COUNTS, legendOf } from './charts.js';
import { colour } from './palette.js';
import type { Picture } from './report.js';

type Sensitivity = SweepDocument['sensitivity'][number];
type Value = Sensitivity['levels'][number]['from'];

/** Constraints that have a colour of their own; rarer ones share one. */
const NAMED = 4;
const RARER = 'others';
const HEIGHT = 240;
/** So many values each get a tick of their own. */
const MOST_TICKS = 8;

/** Numbers of one unit stand on an axis where they belong; anything else stands side by side, in the order given. */
function axisOf(values: readonly Value[]): { unit: string; place(value: Value): number } | null {
  const parts = values.map((value) => /^(-?\d+(?:\.\d+)?)([a-zA-Z%/]*)$/.exec(String(value)));
  const unit = parts[0]?.[2];
  if (unit === undefined || parts.some((part) => part?.[2] !== unit)) return null;
  return { unit, place: (value) => Number.parseFloat(String(value)) };
}

function bindingNames({ points }: SweepDocument): { names: string[]; nameOf(id: string): string } {
  const times = new Map<string, number>();
  for (const { answer } of points) times.set(answer.binding.id, (times.get(answer.binding.id) ?? 0) + 1);
  const often = [...times].sort((a, b) => b[1] - a[1]).map(([id]) => id);
  const own = often.slice(0, often.length > NAMED + 1 ? NAMED : NAMED + 1);
  return {
    names: own.length < often.length ? [...own, RARER] : own,
    nameOf: (id) => (own.includes(id) ? id : RARER),
  };
}

function sentence(one: Sensitivity, points: number, word: string, each: number, measure: string): string {
  const { path, share, levels, switches } = one;
  const knees = levels.map(({ knee }) => knee / each);
  const [least, most] = [Math.min(...knees), Math.max(...knees)];
  const at = (knee: number) => levelWords(levels[knees.indexOf(knee)] as (typeof levels)[number]);
  const moves =
    least === most
      ? `The mean ${measure} is ${Math.round(least)} ${word}s whatever ${path} is.`
      : `${percent(share, 0)} of what varies. The mean ${measure} goes from ${Math.round(least)} ${word}s (${at(least)}) to ${Math.round(most)} (${at(most)}).`;
  const changes = switches.map(({ from, to, before, after }) => `${after} instead of ${before} from ${from} to ${to}`);
  const told = changes.length > 0 ? [`What binds changes: ${changes.join('; ')}`] : turnWords(one, points);
  return [moves, ...told.map((words) => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`)].join(' ');
}

export function settingsPicture(document: SweepDocument, one: Sensitivity, place: number): Picture {
  const { word, each } = sweepThings(document);
  const measure = sweepMeasure(document);
  const index = document.parameters.findIndex(({ path }) => path === one.path);
  const seen = document.points.map(({ values, answer }) => ({
    value: values[index] as Value,
    knee: answer.knee / each,
    id: answer.binding.id,
  }));
  const order = (document.parameters[index]?.values ?? []).map(String);
  const axis = axisOf(seen.map(({ value }) => value));
  const at = (value: Value) => (axis ? axis.place(value) : String(value));
  // A part of a stretch is drawn at its middle.
  const middle = ({ from, to }: Sensitivity['levels'][number]) =>
    axis ? (axis.place(from) + axis.place(to)) / 2 : String(from);
  return {
    kind: 'picture',
    id: `parameter-${place + 1}`,
    title: one.path,
    text: sentence(one, document.points.length, word, each, measure),
    columns: [one.path, `mean ${measure} (${word}s per host)`, 'binds most often', 'points'],
    rows: one.levels.map((level) => {
      const { from, to, knee, binding, points } = level;
      return [from === to ? from : levelWords(level), knee / each, binding, points];
    }),
    draw: (width) => {
      const { names, nameOf } = bindingNames(document);
      const color = legendOf(names);
      const apart = one.levels.every(({ from, to }) => from === to);
      const places = axis && apart ? [...new Set(one.levels.map(({ from }) => axis.place(from)))] : [];
      const x = axis
        ? {
            field: 'at',
            type: 'quantitative',
            title: axis.unit === '' ? one.path : `${one.path} (${axis.unit})`,
            scale: { zero: false, nice: false, padding: 12 },
            ...(apart && places.length <= MOST_TICKS ? { axis: { values: places } } : {}),
          }
        : { field: 'at', type: 'ordinal', title: one.path, sort: order, axis: { labelAngle: 0 } };
      const y = { field: 'knee', type: 'quantitative', title: `${measure} (${word}s per host)`, axis: COUNTS };
      return {
        width,
        height: HEIGHT,
        layer: [
          {
            data: { values: one.levels.map((level) => ({ at: middle(level), knee: level.knee / each })) },
            mark: { type: 'line', strokeWidth: 2, color: colour('soft') },
            encoding: { x, y },
          },
          {
            data: { values: seen.map(({ value, knee, id }) => ({ at: at(value), knee, name: nameOf(id) })) },
            mark: { type: 'point', filled: true, size: 50, opacity: 0.75 },
            encoding: { x, y, color: color ? { field: 'name', ...color } : { value: colour('first') } },
          },
        ],
      } as TopLevelSpec;
    },
  };
}
