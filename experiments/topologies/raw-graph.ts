// A graph as its file says it, before anything is made of it: points, edges and their attributes, each with its line.

import { InputError } from '../../models/index.js';
import { quoted } from '../documents/index.js';

export interface RawValue {
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

export interface RawPoint {
  readonly id: string;
  readonly line: number;
  readonly attributes: ReadonlyMap<string, RawValue>;
}

export interface RawEdge {
  readonly source: string;
  readonly target: string;
  readonly line: number;
  /** Absent: as the graph. */
  readonly directed?: boolean;
  readonly attributes: ReadonlyMap<string, RawValue>;
}

export interface RawGraph {
  /** What messages call the file. */
  readonly source: string;
  readonly directed: boolean;
  readonly points: readonly RawPoint[];
  readonly edges: readonly RawEdge[];
}

/** @throws InputError always. */
export function refuse(source: string, line: number, expected: string, found: string): never {
  throw new InputError(`${source}:${line}`, expected, found);
}

/** @throws InputError when two points have one id, or an edge ends at none. */
export function checkEnds(graph: RawGraph): RawGraph {
  const { source, points, edges } = graph;
  const lines = new Map<string, number>();
  for (const { id, line } of points) {
    const before = lines.get(id);
    if (before !== undefined) refuse(source, line, `each id once (line ${before} has it too)`, quoted(id));
    lines.set(id, line);
  }
  for (const edge of edges)
    for (const end of [edge.source, edge.target])
      if (!lines.has(end)) refuse(source, edge.line, 'an edge between points of this file', quoted(end));
  return graph;
}
