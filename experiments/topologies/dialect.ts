// What a graph's attributes mean for a network: our own words, ModelNet's, and the Topology Zoo's.

import type { PipeQuality, PlaceKind } from '../../models/index.js';
import { parseDuration, parseRate, parseRatio, parseSize } from '../../models/index.js';
import { quoted } from '../documents/index.js';
import { type RawEdge, type RawGraph, type RawPoint, type RawValue, refuse } from './raw-graph.js';

/** ModelNet counts queues in packets; a full Ethernet frame each. */
const FRAME = 1514;
/** Mean radius of the Earth (IUGG), km, and km that light covers in fibre in a second: two thirds of c. */
const EARTH = 6371;
const FIBRE = 200_000;
/** LinkSpeedUnits of the Topology Zoo. */
const ZOO_UNITS = new Map([
  ['K', 1e3],
  ['M', 1e6],
  ['G', 1e9],
  ['T', 1e12],
]);

type Attributes = ReadonlyMap<string, RawValue>;
type Reader = (text: string) => number | undefined;

const number: Reader = (text) => (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined);
const scaled =
  (scale: number): Reader =>
  (text) => {
    const value = number(text);
    return value === undefined ? undefined : Math.round(value * scale);
  };

/** The first of these attributes that is there, read; each with the range that its value must be in. */
function first(
  source: string,
  attributes: Attributes,
  readings: readonly (readonly [string, Reader, string])[],
  low: number,
  high: number,
): number | undefined {
  for (const [name, read, expected] of readings) {
    const value = attributes.get(name);
    if (value === undefined) continue;
    const found = read(value.text);
    if (found === undefined || !(found >= low && found <= high))
      refuse(source, value.line, `${name}: ${expected}`, quoted(value.text));
    return found;
  }
  return undefined;
}

const RATE = 'a rate such as 10Mbit/s, from 1kbit/s to 1Tbit/s';
const DELAY = 'a delay such as 5ms, at most an hour';
const LOSS = 'a loss such as 1%, below 100%';
const QUEUE = 'a queue such as 30kB, at least a frame (1514B)';

/** Rate of an edge, bits per second. */
function rateOf(source: string, attributes: Attributes): number | undefined {
  const kbps = scaled(1000);
  const found = first(
    source,
    attributes,
    [
      ['rate', parseRate, RATE],
      ['dbl_kbps', kbps, 'kbit/s from 1'],
      ['kbps', kbps, 'kbit/s from 1'],
      ['LinkSpeedRaw', scaled(1), 'bit/s from 1000'],
    ],
    1000,
    1e12,
  );
  const speed = attributes.get('LinkSpeed');
  const unit = attributes.get('LinkSpeedUnits');
  if (found !== undefined || !speed || !unit) return found;
  const value = number(speed.text);
  const scale = ZOO_UNITS.get(unit.text);
  // The Zoo has ranges and remarks here, which are no mistakes of the file.
  return value === undefined || scale === undefined || value * scale < 1000 ? undefined : Math.round(value * scale);
}

export interface LinkDefaults {
  readonly rate: number;
  readonly delay: number;
}

/** Quality of each way of an edge. Where the file says no delay, distance gives it, and without places `defaults`. */
export function qualityOf(
  { source }: RawGraph,
  edge: RawEdge,
  distance: number | undefined,
  defaults: LinkDefaults,
): PipeQuality {
  const { attributes } = edge;
  const ms = scaled(1e6);
  const milliseconds = 'milliseconds, at most 3600000';
  const delay = first(
    source,
    attributes,
    [
      ['delay', parseDuration, DELAY],
      ['dbl_delayms', ms, milliseconds],
      ['int_delayms', ms, milliseconds],
      ['delayms', ms, milliseconds],
    ],
    0,
    3.6e12,
  );
  const share = 'a share from 0, below 1';
  const loss = first(
    source,
    attributes,
    [
      ['loss', parseRatio, LOSS],
      ['dbl_plr', number, share],
      ['plr', number, share],
    ],
    0,
    1 - 1e-9,
  );
  const packets = scaled(FRAME);
  const queue = first(
    source,
    attributes,
    [
      ['queue', parseSize, QUEUE],
      ['int_qlen', packets, 'packets from 1'],
      ['qlen', packets, 'packets from 1'],
    ],
    FRAME,
    1e12,
  );
  // To the microsecond: finer than anybody knows the way of a cable.
  const far = distance === undefined ? undefined : Math.round((distance / FIBRE) * 1e6) * 1000;
  return {
    rate: rateOf(source, attributes) ?? defaults.rate,
    delay: delay ?? far ?? defaults.delay,
    loss: loss ?? 0,
    queue,
  };
}

const KINDS: ReadonlyMap<string, PlaceKind> = new Map([
  ['vnode', 'vnode'],
  ['virtnode', 'vnode'],
  ['client', 'vnode'],
  ['stub', 'stub'],
  ['router', 'router'],
  ['gateway', 'router'],
  ['transit', 'router'],
]);

/** What a point is: its `kind` or ModelNet's `role`; a router where neither is said. */
export function kindOf({ source }: RawGraph, { attributes }: RawPoint): PlaceKind {
  const value = attributes.get('kind') ?? attributes.get('role');
  if (value === undefined) return 'router';
  return (
    KINDS.get(value.text) ?? refuse(source, value.line, `one of ${[...KINDS.keys()].join(', ')}`, quoted(value.text))
  );
}

/** Longitude and latitude (the Zoo), or x and y. */
export function positionOf(
  { source }: RawGraph,
  { attributes }: RawPoint,
): { x: number; y: number; globe: boolean } | undefined {
  const coordinate = (names: readonly string[], most: number): number | undefined =>
    first(
      source,
      attributes,
      names.map((name) => [name, number, `a number from ${-most} to ${most}`] as const),
      -most,
      most,
    );
  const [longitude, latitude] = [coordinate(['Longitude'], 180), coordinate(['Latitude'], 90)];
  if (longitude !== undefined && latitude !== undefined) return { x: longitude, y: latitude, globe: true };
  const [x, y] = [coordinate(['x', 'graphics.x'], 1e9), coordinate(['y', 'graphics.y'], 1e9)];
  return x !== undefined && y !== undefined ? { x, y, globe: false } : undefined;
}

/** Great-circle distance in km, by the haversine formula; degrees of longitude and latitude. */
export function greatCircle(a: { x: number; y: number }, b: { x: number; y: number }): number {
  const radians = (degrees: number): number => (degrees * Math.PI) / 180;
  const half = (from: number, to: number): number => Math.sin(radians(to - from) / 2) ** 2;
  const chord = half(a.y, b.y) + Math.cos(radians(a.y)) * Math.cos(radians(b.y)) * half(a.x, b.x);
  return 2 * EARTH * Math.asin(Math.sqrt(Math.min(1, chord)));
}
