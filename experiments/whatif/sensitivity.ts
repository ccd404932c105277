// Sensitivity: which parameter moves the knee most, and from which value on another constraint binds.

import { mean } from '../../calibration/index.js';
import type { DesignPoint } from './design.js';
import { lessChance, shareOfGroups, shareOfParabola } from './explained-share.js';
import type { Sensitivity, SettingValue, SweepPoint } from './sweep-document.js';
import { estimatedTurns } from './turning-point.js';

/** A sampled stretch is looked at in so many parts, or in fewer, that hold about two points. */
const PARTS = 4;
/** Points of the smallest sample: two in each of two parts. */
export const FEWEST_SAMPLED = 4;

interface Study {
  readonly paths: readonly string[];
  readonly grid: boolean;
  readonly design: readonly DesignPoint[];
  readonly points: readonly SweepPoint[];
}

/** A point, and where it stands on the scan that is looked at. */
interface Placed {
  readonly point: SweepPoint;
  readonly place: number;
  readonly value: SettingValue;
}

/** By share, the largest first; equal ones in the order of the scans. */
export function sensitivities(study: Study): Sensitivity[] {
  const all = study.paths.map((path, axis): Sensitivity => {
    const placed = along(study, axis);
    // Of a single parameter a sample is a line as well.
    const inLines = study.grid || study.paths.length === 1;
    return {
      ...{ path, ...levelsOf(study, placed) },
      switches: inLines ? switchesOf(placed, axis) : [],
      estimate: inLines
        ? null
        : estimatedTurns(placed.map(({ place, value, point }) => ({ place, value, id: point.answer.binding.id }))),
    };
  });
  return all.sort((a, b) => b.share - a.share);
}

/** All points, as they stand on one scan; those at one place in the order of the study. */
function along({ design, points }: Study, axis: number): Placed[] {
  const placed = points.map((point, i) => ({
    point,
    place: (design[i] as DesignPoint).places[axis] as number,
    value: point.values[axis] as SettingValue,
  }));
  return placed.sort((a, b) => a.place - b.place);
}

/** Points that have the same value, or the same part of a sampled stretch. */
function grouped(grid: boolean, placed: readonly Placed[]): Placed[][] {
  const distinct = new Set(placed.map(({ value }) => value));
  const apart = grid || distinct.size <= PARTS;
  const parts = Math.min(PARTS, Math.max(1, Math.floor(placed.length / 2)));
  const groups = new Map<string, Placed[]>();
  for (const one of placed) {
    const key = apart ? String(one.value) : String(Math.min(parts - 1, Math.floor(one.place * parts)));
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()];
}

function levelsOf(study: Study, placed: readonly Placed[]): Pick<Sensitivity, 'share' | 'levels'> {
  const groups = grouped(study.grid, placed);
  return {
    share: shareOf(study, placed, groups),
    levels: groups.map((group) => ({
      from: (group[0] as Placed).value,
      to: (group.at(-1) as Placed).value,
      knee: mean(kneesOf(group)),
      binding: oftenest(group.map(({ point }) => point.answer.binding.id)),
      points: group.length,
    })),
  };
}

const kneesOf = (placed: readonly Placed[]): number[] => placed.map(({ point }) => point.answer.knee);

function shareOf({ grid, paths }: Study, placed: readonly Placed[], groups: readonly (readonly Placed[])[]): number {
  const byGroups = shareOfGroups(groups.map(kneesOf));
  if (grid) return byGroups;
  const knees = kneesOf(placed);
  // What varies with a single parameter varies because of it.
  if (paths.length === 1) return knees.some((knee) => knee !== knees[0]) ? 1 : 0;
  const apart = groups.every((group) => group.every(({ value }) => value === group[0]?.value));
  if (apart) return lessChance(byGroups, knees.length, groups.length);
  const { share, terms } = shareOfParabola(
    placed.map(({ place }) => place),
    knees,
  );
  return lessChance(share, knees.length, terms);
}

function oftenest(ids: readonly string[]): string {
  const times = new Map<string, number>();
  for (const id of ids) times.set(id, (times.get(id) ?? 0) + 1);
  return [...times].reduce((a, b) => (b[1] > a[1] ? b : a))[0];
}

/** Along each line: the same values of all other parameters. */
function switchesOf(placed: readonly Placed[], axis: number): Sensitivity['switches'] {
  const lines = new Map<string, Placed[]>();
  for (const one of placed) {
    const key = JSON.stringify(one.point.values.filter((_, i) => i !== axis));
    lines.set(key, [...(lines.get(key) ?? []), one]);
  }
  const found = new Map<string, Sensitivity['switches'][number]>();
  for (const line of lines.values())
    for (const [i, { point, value }] of line.entries()) {
      const before = line[i - 1];
      if (!before || before.point.answer.binding.id === point.answer.binding.id) continue;
      const told = {
        from: before.value,
        to: value,
        before: before.point.answer.binding.id,
        after: point.answer.binding.id,
      };
      const key = JSON.stringify(told);
      found.set(key, { ...told, lines: (found.get(key)?.lines ?? 0) + 1, of: lines.size });
    }
  return [...found.values()];
}
