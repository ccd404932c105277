// The document of a case: what was found, and the lines of its picture.

import { z } from 'zod';
import type { Case, CaseFinding } from './case.js';

export const caseSchema = z.strictObject({
  format: z.literal('rangefit/case'),
  formatVersion: z.literal(1),
  id: z.string(),
  title: z.string(),
  claim: z.string(),
  source: z.string(),
  method: z.string(),
  seed: z.string(),
  /** The command line that gives this document; absent when a program asked for it. */
  command: z.string().exactOptional(),
  answer: z.string(),
  /** What the source says is to be seen. */
  ok: z.boolean(),
  x: z.string(),
  y: z.string(),
  lines: z.array(z.strictObject({ name: z.string(), points: z.array(z.tuple([z.number(), z.number()])) })),
});

export type CaseDocument = z.input<typeof caseSchema>;

/** Six digits: more is noise. */
const rounded = (value: number): number => Number(value.toPrecision(6));

export function caseDocument(
  { id, title, claim, source, method }: Case,
  { answer, ok, x, y, lines }: CaseFinding,
  seed: string,
): CaseDocument {
  return {
    ...{ format: 'rangefit/case', formatVersion: 1, id, title, claim, source, method, seed, answer, ok, x, y },
    lines: lines.map(({ name, points }) => ({
      name,
      points: points.map(([a, b]): [number, number] => [rounded(a), rounded(b)]),
    })),
  };
}
