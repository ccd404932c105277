// Sensitivity: which parameter moves the knee most, and from which value on another constraint binds.

import { mean } from '../../calibration/index.js';
import type { DesignPoint } from './design.js';
import type { Sensitivity, SettingValue, SweepPoint } from './sweep-document.js';

/** A sampled stretch is looked at in so many parts. */
const PARTS = 4;

interface Study {
  readonly paths: readonly string[];
  readonly grid: boolean;
  readonly design: readonly DesignPoint[];
  readonly points: readonly SweepPoint[];
}

/** By share, the largest first; equal ones in the order of the scans. */
export function sensitivities(study: Study): Sensitivity[] {
  const all = study.paths.map((path, axis) => ({ path, ...levelsOf(study, axis), switches: switchesOf(study, axis) }));
  return all.sort((a, b) => b.share - a.share);
}

interface Level {
  readonly value: SettingValue;
  readonly knees: number[];
  readonly bindings: Map<string, number>;
}

/** Points that have the same value, or the same part of a sampled stretch. */
function grouped({ grid, design, points }: Study, axis: number): Level[] {
  const distinct = new Set(points.map(({ values }) => values[axis]));
  const apart = grid || distinct.size <= PARTS;
  const groups = new Map<string, Level>();
  for (const [i, point] of points.entries()) {
    const value = point.values[axis] as SettingValue;
    const place = (design[i] as DesignPoint).places[axis] as number;
    const key = apart ? String(value) : String(Math.min(PARTS - 1, Math.floor(place * PARTS)));
    const level: Level = groups.get(key) ?? { value, knees: [], bindings: new Map() };
    groups.set(key, level);
    level.knees.push(point.answer.knee);
    const { id } = point.answer.binding;
    level.bindings.set(id, (level.bindings.get(id) ?? 0) + 1);
  }
  const order = apart ? [...groups] : [...groups].sort(([a], [b]) => Number(a) - Number(b));
  return order.map(([, level]) => level);
}

const squares = (values: readonly number[], middle: number): number =>
  values.reduce((sum, value) => sum + (value - middle) * (value - middle), 0);

function levelsOf(study: Study, axis: number): Pick<Sensitivity, 'share' | 'levels'> {
  const levels = grouped(study, axis);
  const knees = study.points.map(({ answer }) => answer.knee);
  const middle = mean(knees);
  const total = squares(knees, middle);
  const between = levels.reduce((sum, { knees: own }) => {
    const apart = mean(own) - middle;
    return sum + own.length * apart * apart;
  }, 0);
  return {
    share: total > 0 ? between / total : 0,
    levels: levels.map(({ value, knees: own, bindings }) => ({
      value,
      knee: mean(own),
      binding: [...bindings].reduce((a, b) => (b[1] > a[1] ? b : a))[0],
      points: own.length,
    })),
  };
}

/** Along each line of the grid: the same values of all others. */
function switchesOf({ grid, points }: Study, axis: number): Sensitivity['switches'] {
  if (!grid) return [];
  const lines = new Map<string, SweepPoint[]>();
  for (const point of points) {
    const key = JSON.stringify(point.values.filter((_, i) => i !== axis));
    lines.set(key, [...(lines.get(key) ?? []), point]);
  }
  const found = new Map<string, Sensitivity['switches'][number]>();
  for (const line of lines.values())
    for (const [i, point] of line.entries()) {
      const before = line[i - 1];
      if (!before || before.answer.binding.id === point.answer.binding.id) continue;
      const told = {
        from: before.values[axis] as SettingValue,
        to: point.values[axis] as SettingValue,
        before: before.answer.binding.id,
        after: point.answer.binding.id,
      };
      const key = JSON.stringify(told);
      found.set(key, { ...told, lines: (found.get(key)?.lines ?? 0) + 1, of: lines.size });
    }
  return [...found.values()];
}
