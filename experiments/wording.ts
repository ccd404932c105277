// Quantities as people read them: 10,000 and 2.62 MB/s and 4.6 min, whatever the machine's locale.

/** 10000 as 10,000; rounded to a whole number. */
export const count = (value: number): string => String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');

/** `1 host`, `2 hosts`. */
export const plural = (value: number, one: string): string => `${count(value)} ${one}${value === 1 ? '' : 's'}`;

export const percent = (share: number, places = 1): string => `${(share * 100).toFixed(places)} %`;

export const signedPercent = (share: number): string => `${share < 0 ? '-' : '+'}${percent(Math.abs(share))}`;

/** An interval without its value. */
export const span = ({ low, high }: { readonly low: number; readonly high: number }): string =>
  `${count(low)}-${count(high)}`;

const SCALES = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const;

/** Three digits with a decimal prefix: `2.62 MB/s`. */
export function scaled(value: number, unit: string): string {
  const [scale, prefix] = SCALES.find(([limit]) => Math.abs(value) >= limit) ?? [1, ''];
  return `${Number((value / scale).toPrecision(3))} ${prefix}${unit}`;
}

/** Of seconds, in the unit that suits. */
export function time(seconds: number): string {
  const size = Math.abs(seconds);
  if (size >= 5400) return `${(seconds / 3600).toFixed(1)} h`;
  if (size >= 120) return `${(seconds / 60).toFixed(1)} min`;
  if (size >= 1) return `${seconds.toFixed(1)} s`;
  return `${(seconds * 1000).toFixed(2)} ms`;
}
