// Parts of a study, for machines that share nothing but a file system: each answers some of the points.

import { InputError } from '../../models/index.js';
import type { DesignPoint } from './design.js';

/** The third of sixteen, for example. */
export interface Part {
  /** From 1. */
  readonly part: number;
  readonly parts: number;
}

/** Slurm allows arrays of 1,000 unless its administrator says otherwise (slurm.conf, MaxArraySize 1001). */
export const MOST_PARTS = 1000;

/** @throws InputError unless it reads K/N. */
export function partFrom(text: string): Part {
  const [, part = 0, parts = 0] = (/^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? []).map(Number);
  if (part < 1 || part > parts || parts > MOST_PARTS)
    throw new InputError('--part', `K/N, the K-th of N parts, at most ${MOST_PARTS}`, JSON.stringify(text));
  return { part, parts };
}

/**
 * The points of a part, in the order of the design: its own share, and those that these begin from. Points that begin
 * from each other are kept together, so that little is answered in two parts.
 */
export function pointsOf(design: readonly DesignPoint[], { part, parts }: Part): DesignPoint[] {
  const after = new Map<number | null, number[]>();
  for (const { index, before } of design) after.set(before, [...(after.get(before) ?? []), index]);
  // Depth first, without recursion: a chain may be as long as the study.
  const order: number[] = [];
  const open = [...(after.get(null) ?? [])].reverse();
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    order.push(index);
    open.push(...[...(after.get(index) ?? [])].reverse());
  }
  const cut = (count: number) => Math.floor((count * order.length) / parts);
  const chosen = new Set(order.slice(cut(part - 1), cut(part)));
  for (const index of chosen) {
    const before = design[index]?.before ?? null;
    // A set that grows is walked to its end.
    if (before !== null) chosen.add(before);
  }
  return design.filter(({ index }) => chosen.has(index));
}
