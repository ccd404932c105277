// The shape a schema asks for at a path: to say what was expected there and which names are known.

import { z } from 'zod';
import type { Path } from './located.js';

/** What we use of a JSON schema, which zod derives from ours for the input side. */
export interface Shape {
  readonly type?: string;
  readonly description?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly additionalProperties?: boolean | Shape;
  readonly propertyNames?: Shape;
  readonly required?: readonly string[];
  readonly items?: Shape;
  readonly anyOf?: readonly Shape[];
  readonly oneOf?: readonly Shape[];
}

const shapes = new WeakMap<z.ZodType, Shape>();

export function shapeOf(schema: z.ZodType): Shape {
  const known = shapes.get(schema) ?? (z.toJSONSchema(schema, { io: 'input' }) as Shape);
  shapes.set(schema, known);
  return known;
}

/** Of several alternatives the one whose constants the value has, such as a workload's `kind`. */
function chosen(shape: Shape, value: unknown): Shape {
  const alternatives = shape.oneOf ?? shape.anyOf;
  if (!alternatives || typeof value !== 'object' || value === null) return shape;
  const fits = ({ properties = {} }: Shape): boolean =>
    Object.entries(properties).some(
      ([name, field]) => field.const !== undefined && field.const === (value as Record<string, unknown>)[name],
    );
  return alternatives.find(fits) ?? shape;
}

const own = <T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined =>
  record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;

/** The shape at `path`; `value` is the document, which decides between alternatives. Undefined: no such field. */
export function shapeAt(root: Shape, path: Path, value: unknown): Shape | undefined {
  let shape: Shape | undefined = root;
  let here = value;
  for (const step of path) {
    shape = chosen(shape, here);
    if (typeof step === 'number') shape = shape.items;
    else {
      const named: boolean = shape.propertyNames?.enum?.includes(step) ?? true;
      const other: boolean | Shape | undefined = named ? shape.additionalProperties : false;
      shape = own(shape.properties, step) ?? (typeof other === 'object' ? other : undefined);
    }
    if (!shape) return undefined;
    here = typeof here === 'object' && here !== null ? (here as Record<string | number, unknown>)[step] : undefined;
  }
  return chosen(shape, here);
}

/** Names of the fields that a mapping of this shape may have. */
export function fieldsOf(shape: Shape | undefined): string[] {
  if (!shape) return [];
  if (shape.propertyNames?.enum) return shape.propertyNames.enum.map(String);
  const alternatives = shape.oneOf ?? shape.anyOf ?? [];
  return [...new Set([...Object.keys(shape.properties ?? {}), ...alternatives.flatMap(fieldsOf)])];
}

const list = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words[words.length - 1]}`;

function range(what: string, least: number | undefined, most: number | undefined): string {
  const low =
    least !== undefined && Number.isSafeInteger(least) && least > -Number.MAX_SAFE_INTEGER ? least : undefined;
  const high = most !== undefined && most < Number.MAX_SAFE_INTEGER ? most : undefined;
  if (low !== undefined && high !== undefined) return `${what} from ${low} to ${high}`;
  if (low !== undefined) return `${what} of at least ${low}`;
  return high === undefined ? what : `${what} of at most ${high}`;
}

/** A few words for what the shape takes. */
export function describeShape(shape: Shape | undefined): string {
  if (!shape) return 'no such field';
  if (shape.description !== undefined) return shape.description;
  if (shape.const !== undefined) return String(shape.const);
  if (shape.enum) return list(shape.enum.map(String));
  const alternatives = shape.oneOf ?? shape.anyOf;
  if (alternatives) return list([...new Set(alternatives.map(describeShape))]);
  switch (shape.type) {
    case 'integer':
      return range('a whole number', shape.minimum, shape.maximum);
    case 'number':
      return range('a number', shape.minimum, shape.maximum);
    case 'boolean':
      return 'true or false';
    case 'string':
      if (shape.pattern !== undefined) return `text that matches ${shape.pattern}`;
      return shape.maxLength === undefined ? 'text' : `text of at most ${shape.maxLength} characters`;
    case 'array':
      return range('a list', shape.minItems, shape.maxItems) + (shape.minItems === undefined ? '' : ' items');
    default:
      return 'a mapping';
  }
}
