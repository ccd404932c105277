// A vigil: judges look after look of a running range, and says once what is at risk and what is lost.

import type { Outlook } from '../../emu/index.js';
import { type CpuBounds, losses, type Reading, readings } from './gauge.js';

export interface Alarm {
  /** Seconds after the first look. */
  readonly at: number;
  readonly level: 'risk' | 'lost';
  /** What it is about: `cpu`, `memory`, `neighbour-table`, `backlog`. */
  readonly id: string;
  readonly words: string;
  /** What to do; empty: it is too late. */
  readonly remedy: string;
}

/** So far back a trend is looked for, and so far ahead it is drawn out. Seconds. */
const PAST = 8;
const AHEAD = 10;
/** A trend starts somewhere: below this part of the risk nothing is drawn out. */
const FROM = 0.6;
/** Where a trend ends when nobody knows from where on fidelity is lost. */
const FULL = 1;
/** Shares of CPU jump from look to look; this many together decide. */
const SMOOTHED = 2;
/** Containers that still come up take CPU that says nothing of the experiment. Seconds without a new one. */
const SETTLED = 3;

interface Point {
  readonly at: number;
  readonly share: number;
}

/** Least squares, per second. */
function slope(points: readonly Point[]): number {
  const n = points.length;
  const middle = points.reduce((sum, { at }) => sum + at, 0) / n;
  const level = points.reduce((sum, { share }) => sum + share, 0) / n;
  const spread = points.reduce((sum, { at }) => sum + (at - middle) * (at - middle), 0);
  return spread === 0 ? 0 : points.reduce((sum, { at, share }) => sum + (at - middle) * (share - level), 0) / spread;
}

/** Still: a step up is no trend. */
function rising(points: readonly Point[]): boolean {
  const [a, b, c] = points.slice(-3).map(({ share }) => share);
  return a !== undefined && b !== undefined && c !== undefined && a < b && b < c;
}

export class Vigil {
  readonly alarms: Alarm[] = [];
  /** Of the latest look. */
  private seen: readonly Reading[] = [];
  private first: Outlook | undefined;
  private last: Outlook | undefined;
  private grewAt = 0;
  private readonly past = new Map<string, Point[]>();

  constructor(private readonly cpu: CpuBounds) {}

  /** Seconds since the first look. */
  get seconds(): number {
    return this.first && this.last ? this.last.at - this.first.at : 0;
  }

  /** The latest look in one line; empty before there are two. */
  get status(): string {
    if (this.seen.length === 0) return '';
    const state = this.lost ? 'lost' : this.alarms.length > 0 ? 'at risk' : 'holds';
    return `${this.seconds.toFixed(0)} s, ${this.last?.containers} containers, fidelity ${state}: ${this.seen.map(({ words }) => words).join(', ')}`;
  }

  get lost(): boolean {
    return this.alarms.some(({ level }) => level === 'lost');
  }

  /** @returns alarms that are new. */
  look(now: Outlook): Alarm[] {
    const before = this.alarms.length;
    const { last } = this;
    this.first ??= now;
    this.last = now;
    if (!last) {
      this.grewAt = now.at;
      return [];
    }
    if (now.containers > last.containers) this.grewAt = now.at;
    for (const { id, words } of losses(last, now)) this.raise('lost', id, words, '');
    this.seen = readings(last, now, this.cpu);
    for (const reading of this.seen) this.judge(reading, now.at);
    return this.alarms.slice(before);
  }

  private judge(reading: Reading, at: number): void {
    if (reading.id === 'cpu' && at - this.grewAt < SETTLED) return;
    const past = [...(this.past.get(reading.id) ?? []), { at, share: reading.share }].filter(
      (point) => at - point.at <= PAST,
    );
    this.past.set(reading.id, past);
    const latest = past.slice(-SMOOTHED);
    if (reading.id === 'cpu' && latest.length < SMOOTHED) return;
    const share =
      reading.id === 'cpu' ? latest.reduce((sum, point) => sum + point.share, 0) / latest.length : reading.share;
    const { id, words, remedy, risk, lost } = reading;
    const steepness = rising(past) ? slope(past) : 0;
    const end = lost ?? FULL;
    const left = steepness > 0 ? (end - share) / steepness : Number.POSITIVE_INFINITY;
    const soon = share >= FROM * risk && left <= AHEAD ? `, full in about ${Math.max(1, Math.round(left))} s` : '';
    if (share >= risk || soon !== '') this.raise('risk', id, `${words}${share < end ? soon : ''}`, remedy);
    if (lost !== null && share >= lost) this.raise('lost', id, words, remedy);
  }

  private raise(level: Alarm['level'], id: string, words: string, remedy: string): void {
    if (this.alarms.some((alarm) => alarm.level === level && alarm.id === id)) return;
    this.alarms.push({ at: Number(this.seconds.toFixed(2)), level, id, words, remedy });
  }
}
