// Checks a located document against its schema. The first mistake, by place, becomes the one line the user reads.

import type { z } from 'zod';
import { InputError } from '../../models/index.js';
import { found, quoted } from './found.js';
import { type Located, type Path, type Place, written } from './located.js';
import { suggestion } from './nearest.js';
import { describeShape, fieldsOf, type Shape, shapeAt, shapeOf } from './shape.js';

export type Kind =
  | 'scenario'
  | 'profile'
  | 'record'
  | 'plan'
  | 'receipt'
  | 'observations'
  | 'sweep'
  | 'bench'
  | 'reproduce'
  | 'manifest'
  | 'binding'
  | 'case';

/** Of more mistakes than these only the number is told; they come in the order of the document, nearly. */
const LOOKED_AT = 50;

/** The only version of each format so far. */
const VERSION = 1;

interface Mistake {
  readonly place: Place;
  readonly path: Path;
  readonly expected: string;
  readonly found: string;
}

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (here, step) =>
      typeof here === 'object' && here !== null && Object.hasOwn(here, step)
        ? (here as Record<string | number, unknown>)[step]
        : undefined,
    value,
  );

function unknownKeys(located: Located, root: Shape, parent: Path, keys: readonly string[]): Mistake[] {
  const known = fieldsOf(shapeAt(root, parent, located.value));
  return keys.slice(0, LOOKED_AT).map((key) => {
    const path = [...parent, key];
    const hint = suggestion(key, known);
    return {
      place: located.place(path, 'key'),
      path: parent,
      expected: known.length > 0 ? `one of ${known.join(', ')}` : 'no key',
      found: `the unknown key ${quoted(key)}${hint}`,
    };
  });
}

/** The mistakes of one zod issue; expectations are read off the schema, so that they do not depend on zod's wording. */
function mistakes(located: Located, root: Shape, issue: z.core.$ZodIssue): Mistake[] {
  const path = issue.path.filter((step) => typeof step !== 'symbol');
  if (issue.code === 'unrecognized_keys') return unknownKeys(located, root, path, issue.keys);
  if (issue.code === 'invalid_key') return unknownKeys(located, root, path.slice(0, -1), path.slice(-1).map(String));
  const value = valueAt(located.value, path);
  // The alternatives' own description: the value that chooses between them is what is wrong here.
  const kinds = issue.code === 'invalid_union' && 'options' in issue ? (issue.options as string[]) : undefined;
  const shape = shapeAt(root, path, located.value);
  const expected = kinds?.join(', ') ?? (issue.code === 'custom' ? issue.message : describeShape(shape));
  const hint = typeof value === 'string' ? suggestion(value, kinds ?? (shape?.enum ?? []).map(String)) : '';
  const missing = value === undefined && path.length > 0 && issue.code !== 'custom';
  return [
    {
      place: located.place(path, 'value'),
      path: missing ? path.slice(0, -1) : path,
      expected: missing ? `${path.at(-1)}: ${expected}` : expected,
      found: `${found(value)}${hint}`,
    },
  ];
}

function refuse({ place, path, expected, found: what }: Mistake, others = 0): never {
  const more = others > 0 ? ` (and ${others} more ${others === 1 ? 'mistake' : 'mistakes'})` : '';
  const where = place.line > 0 && path.length > 0 ? `${written(place)}: ${path.join('.')}` : written(place);
  throw new InputError(where, expected, what + more);
}

/** Format and version first: a document of another kind has no mistakes, it is the wrong one. */
function checkHead(located: Located, kind: Kind, required: boolean): void {
  const { value } = located;
  const wrong = (path: Path, expected: string) =>
    refuse({ place: located.place(path, 'value'), path, expected, found: found(valueAt(value, path)) });
  if (typeof value !== 'object' || value === null || Array.isArray(value)) wrong([], `a ${kind}: a mapping`);
  const format = valueAt(value, ['format']);
  if (format !== `rangefit/${kind}` && (format !== undefined || required)) wrong(['format'], `rangefit/${kind}`);
  const version = valueAt(value, ['formatVersion']);
  if (version !== VERSION && (version !== undefined || required))
    wrong(['formatVersion'], `formatVersion ${VERSION}, the only one so far`);
}

/** A rule across fields may fail only because one of them is wrong: then it is nothing that the user left out. */
function withoutConsequences(located: Located, issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue[] {
  const absent = ({ path }: z.core.$ZodIssue) =>
    valueAt(
      located.value,
      path.filter((step) => typeof step !== 'symbol'),
    ) === undefined;
  const plain = issues.filter((issue) => issue.code !== 'custom' || !absent(issue));
  return plain.length > 0 ? plain : [...issues];
}

/**
 * The document's value as the schema gives it. Scenarios and profiles, which people write, may leave out format and
 * version.
 * @throws InputError with source, line and column of the first mistake.
 */
export function check<T extends z.ZodType>(located: Located, schema: T, kind: Kind): z.output<T> {
  checkHead(located, kind, kind !== 'scenario' && kind !== 'profile');
  const result = schema.safeParse(located.value);
  if (result.success) return result.data;
  const root = shapeOf(schema);
  const issues = withoutConsequences(located, result.error.issues);
  const looked = issues.slice(0, LOOKED_AT).flatMap((issue) => mistakes(located, root, issue));
  const [first] = looked.sort((a, b) => a.place.line - b.place.line || a.place.column - b.place.column);
  if (!first) throw new Error('a schema refused a document without a reason');
  const count = (issue: z.core.$ZodIssue) => (issue.code === 'unrecognized_keys' ? issue.keys.length : 1);
  return refuse(first, issues.reduce((sum, issue) => sum + count(issue), 0) - 1);
}
