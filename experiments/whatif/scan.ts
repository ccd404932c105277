// Scans: `--scan PATH=a..b:step` or `PATH=a,b,c`, the values that one parameter takes in a study.

import {
  formatDuration,
  formatRate,
  formatRatio,
  formatSize,
  InputError,
  parseDuration,
  parseRate,
  parseRatio,
  parseSize,
} from '../../models/index.js';
import { escaped } from '../documents/index.js';
import { parseSetting, type Setting } from '../settings.js';

/** From one value to another; without a step any value between. Numbers are in `unit`. */
export interface Stretch {
  readonly low: number;
  readonly high: number;
  readonly step: number | undefined;
  text(value: number): string;
}

export interface Scan {
  /** As in `--set`, for example `host.memory`. */
  readonly path: string;
  /** In the order given; undefined: a stretch without a step. */
  readonly values: readonly string[] | undefined;
  readonly stretch: Stretch | undefined;
}

const MOST_VALUES = 10_000;
const RANGE = /^\s*([^.:,]*(?:\.\d[^.:,]*)?)\.\.([^:,]*?)(?::([^:,]*))?\s*$/;
const UNITS = [
  [parseSize, formatSize],
  [parseRate, formatRate],
  [parseDuration, formatDuration],
  [parseRatio, formatRatio],
] as const;

/** Twelve digits: steps of 0.1 add up to what people write. */
const tidy = (value: number): number => Number(value.toPrecision(12));

/** A number and the rest of its text, such as `2` and `GiB`. */
function numberAndUnit(text: string): { value: number; unit: string } | undefined {
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)\s*([a-zA-Z%/]*)$/.exec(text.trim()) ?? [];
  return digits === undefined ? undefined : { value: Number(digits), unit };
}

/** All in one unit: that of the text where they share it, otherwise the base unit of their kind. */
function inOneUnit(texts: readonly string[]): { values: number[]; text(value: number): string } | undefined {
  const plain = texts.map(numberAndUnit);
  const unit = plain[0]?.unit;
  if (plain.every((one) => one !== undefined && one.unit === unit))
    return { values: plain.map((one) => (one as { value: number }).value), text: (value) => `${tidy(value)}${unit}` };
  for (const [parse, format] of UNITS) {
    const values = texts.map((text) => parse(text.trim()));
    if (values.every((value) => value !== undefined)) return { values: values as number[], text: format };
  }
  return undefined;
}

function stretchOf(flag: string, texts: readonly string[]): Stretch {
  const told = inOneUnit(texts);
  if (!told) throw new InputError(flag, 'numbers of the same kind, for example 2GiB..8GiB:1GiB', texts.join(', '));
  const [low = 0, high = 0, step] = told.values;
  if (low > high) throw new InputError(flag, 'the smaller value first', texts.join('..'));
  if (step !== undefined && !(step > 0)) throw new InputError(flag, 'a step above zero', String(texts[2]));
  return { low, high, step, text: told.text };
}

function stepped(flag: string, { low, high, step, text }: Stretch): string[] | undefined {
  if (low === high) return [text(low)];
  if (step === undefined) return undefined;
  const count = Math.floor(tidy((high - low) / step)) + 1;
  if (count > MOST_VALUES) throw new InputError(flag, `at most ${MOST_VALUES} values`, String(count));
  return Array.from({ length: count }, (_, i) => text(low + i * step));
}

/** @throws InputError unless it reads PATH=a,b,c or PATH=a..b:step. */
export function parseScan(text: string): Scan {
  const flag = `--scan ${escaped(text.slice(0, 80))}`;
  const at = text.indexOf('=');
  if (at < 0) throw new InputError(flag, 'PATH=a..b:step or PATH=a,b,c', 'no "="');
  const path = text.slice(0, at).trim();
  const right = text.slice(at + 1);
  const range = RANGE.exec(right);
  const stretch = range
    ? stretchOf(
        flag,
        range.slice(1).filter((part) => part !== undefined),
      )
    : undefined;
  const listed = right.split(',').map((value) => value.trim());
  const values = stretch ? stepped(flag, stretch) : listed;
  if (values?.includes('')) throw new InputError(flag, 'a value', 'nothing');
  const twice = values?.find((value, i) => values.indexOf(value) !== i);
  if (twice !== undefined) throw new InputError(flag, 'each value once', `"${escaped(twice)}" twice`);
  // Refuses a path that no setting has.
  settingOf({ path }, values?.[0] ?? '1');
  return { path, values, stretch };
}

/** The path of a scan of the host itself: its values are names of profiles. */
export const HOST_ITSELF = 'host';

/** The setting that gives the parameter this value. */
export function settingOf({ path }: Pick<Scan, 'path'>, value: string): Setting {
  const flag = `--scan ${escaped(`${path}=${value}`.slice(0, 80))}`;
  if (path === HOST_ITSELF) return { group: 'host', path: [], value, flag };
  try {
    return { ...parseSetting(`${path}=${value}`), flag };
  } catch (error) {
    if (error instanceof InputError) throw new InputError(flag, error.expected, error.found);
    throw error;
  }
}
