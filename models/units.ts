// Quantities as people write them (`32KB/s`, `100Mbit/s`, `50us`, `2GiB`, `10%`) and as the models compute
// with them: bits per second, bytes, integer nanoseconds, fractions of one. Strict: a unit is required,
// `b` (bit) is not `B` (byte), `k` (1000) is not `Ki` (1024), and anything else is refused.

import { z } from 'zod';

const SCALES: Record<string, number> = {
  '': 1,
  k: 1e3,
  K: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};
const TIMES: Record<string, number> = { ns: 1, us: 1e3, ms: 1e6, s: 1e9, min: 60e9, h: 3600e9 };
const NUMBER = String.raw`(\d+(?:\.\d+)?(?:e[+-]?\d+)?)`;
const SIZE = new RegExp(`^${NUMBER} ?(Ki|Mi|Gi|Ti|[kKMGT]?)B$`);
const RATE = new RegExp(`^${NUMBER} ?(Ki|Mi|Gi|Ti|[kKMGT]?)(B|b|bit)/s$`);
const DURATION = new RegExp(`^${NUMBER} ?(ns|us|ms|s|min|h)$`);
const RATIO = new RegExp(`^${NUMBER} ?%$`);

/** Text to whole bits per second; undefined when it is not a rate. */
export function parseRate(text: string): number | undefined {
  const match = RATE.exec(text);
  if (!match) return undefined;
  return Math.round(Number(match[1]) * (SCALES[match[2] ?? ''] ?? Number.NaN) * (match[3] === 'B' ? 8 : 1));
}

/** Text to bytes; undefined when it is not a size. */
export function parseSize(text: string): number | undefined {
  const match = SIZE.exec(text);
  return match ? Math.round(Number(match[1]) * (SCALES[match[2] ?? ''] ?? Number.NaN)) : undefined;
}

/** Text to integer nanoseconds; undefined when it is not a duration. */
export function parseDuration(text: string): number | undefined {
  const match = DURATION.exec(text);
  return match ? Math.round(Number(match[1]) * (TIMES[match[2] ?? ''] ?? Number.NaN)) : undefined;
}

/** Text such as `10%` to a fraction of one; undefined when it is not a percentage. */
export function parseRatio(text: string): number | undefined {
  const match = RATIO.exec(text);
  return match ? Number(match[1]) / 100 : undefined;
}

/** The largest unit that keeps the number exact and at least one, so that text and number are a round trip. */
function format(value: number, units: readonly (readonly [string, number])[]): string {
  for (const [unit, scale] of units) {
    const scaled = value / scale;
    if (scaled >= 1 && Number(scaled.toPrecision(15)) === scaled && String(scaled).length <= 9)
      return `${scaled}${unit}`;
  }
  const [unit, scale] = units[units.length - 1] ?? ['', 1];
  return `${value / scale}${unit}`;
}

const DECIMAL: readonly (readonly [string, number])[] = [
  ['G', 1e9],
  ['M', 1e6],
  ['k', 1e3],
  ['', 1],
];

export const formatRate = (bitsPerSecond: number): string =>
  format(
    bitsPerSecond,
    DECIMAL.map(([prefix, scale]) => [`${prefix}bit/s`, scale] as const),
  );

const BINARY: typeof DECIMAL = [
  ['Gi', 2 ** 30],
  ['Mi', 2 ** 20],
  ['Ki', 2 ** 10],
  ['', 1],
];

/** In the units in which it was most likely written: the shorter text, 146GB rather than 142578125KiB. */
export function formatSize(bytes: number): string {
  const inUnits = (units: typeof DECIMAL) =>
    format(
      bytes,
      units.map(([prefix, scale]) => [`${prefix}B`, scale] as const),
    );
  const [binary, decimal] = [inUnits(BINARY), inUnits(DECIMAL)];
  return bytes % 1024 === 0 && binary.length <= decimal.length ? binary : decimal;
}

export const formatDuration = (nanoseconds: number): string =>
  format(nanoseconds, [
    ['h', 3600e9],
    ['min', 60e9],
    ['s', 1e9],
    ['ms', 1e6],
    ['us', 1e3],
    ['ns', 1],
  ]);

export const formatRatio = (fraction: number): string => `${Number((fraction * 100).toPrecision(12))}%`;

function codec(
  what: string,
  example: string,
  parse: (text: string) => number | undefined,
  show: (value: number) => string,
) {
  return z.codec(z.string().meta({ description: `${what}, for example ${example}` }), z.number(), {
    decode(text, context) {
      const value = parse(text);
      if (value !== undefined && Number.isFinite(value) && value <= Number.MAX_SAFE_INTEGER) return value;
      context.issues.push({ code: 'custom', message: `${what} such as ${example}`, input: text });
      return z.NEVER;
    },
    encode: show,
  });
}

/** Bits per second. */
export const rate = codec('a rate with its unit', '32KB/s or 100Mbit/s', parseRate, formatRate);
/** Bytes. */
export const size = codec('a size with its unit', '20MB or 256KiB', parseSize, formatSize);
/** Integer nanoseconds. */
export const duration = codec('a duration with its unit', '50us or 10s', parseDuration, formatDuration);
/** A fraction of one. */
export const ratio = codec('a percentage', '10%', parseRatio, formatRatio);
