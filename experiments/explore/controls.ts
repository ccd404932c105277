// The controls: every parameter of the scenario, of the host and of the tolerances, read off their schemas.

import type { z } from 'zod';
import { toleranceSchema } from '../../calibration/index.js';
import { hostProfileSchema, scenarioSchema, type Technology } from '../../models/index.js';
import { describeShape, fieldsOf, shapeAt, shapeOf } from '../documents/index.js';
import { loadHostProfile } from '../hosts.js';
import type { Environment } from '../places.js';
import { loadPlanned } from '../scenarios.js';

export interface Control {
  /** As `--set` names it: `scenario.link.up`. */
  readonly path: string;
  /** Without settings. */
  readonly value: string;
  /** What may be chosen; absent: free text. */
  readonly options?: readonly string[];
  /** What it takes, or where its value comes from. */
  readonly hint: string;
}

export interface ControlGroup {
  readonly title: string;
  readonly controls: readonly Control[];
}

/** Says what the file is, or has a control of its own. */
const APART: ReadonlySet<string> = new Set([
  ...['format', 'formatVersion', 'name', 'description', 'limits', 'workload.kind'],
  ...['workload.peers', 'workload.pairs', 'workload.vnodes'],
]);

type Path = readonly string[];

const fieldAt = (document: unknown, path: Path): unknown =>
  path.reduce<unknown>((here, step) => (here as Record<string, unknown> | undefined)?.[step], document);

/** Every scalar of a schema's document, in its order, those that the document leaves out included. */
function scalars(schema: z.ZodType, document: unknown, group: string): Control[] {
  const root = shapeOf(schema);
  const below = (path: Path): Control[] => {
    const shape = shapeAt(root, path, document);
    if (!shape || APART.has(path.join('.')) || shape.type === 'array') return [];
    const value = fieldAt(document, path);
    const mapping = typeof value === 'object' && value !== null;
    if (mapping || path.length === 0) {
      const fields = shape.properties ? Object.keys(shape.properties) : fieldsOf(shape);
      return fields.flatMap((field) => below([...path, field]));
    }
    // An optional part that is absent has no scalar to show, and no sensible one alone.
    if (shape.properties) return [];
    const options = shape.enum?.map(String) ?? (shape.type === 'boolean' ? ['true', 'false'] : undefined);
    return [
      {
        path: [group, ...path].join('.'),
        value: value === undefined ? '' : String(value),
        ...(options ? { options } : {}),
        hint: describeShape(shape),
      },
    ];
  };
  return below([]);
}

interface Sourced {
  readonly value: string | number;
  readonly low?: string | number;
  readonly high?: string | number;
  readonly source: string;
}

const isSourced = (value: unknown): value is Sourced =>
  typeof value === 'object' && value !== null && 'value' in value && 'source' in value;

/** Every parameter of a profile, each a value with its source. */
function parameters(document: unknown, path: Path = []): Control[] {
  if (isSourced(document)) {
    const { value, low, high, source } = document;
    const between = low !== undefined && high !== undefined ? `, ${low} to ${high}` : '';
    return [{ path: path.join('.'), value: String(value), hint: `${source}${between}` }];
  }
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return [];
  return Object.entries(document).flatMap(([name, inner]) => parameters(inner, [...path, name]));
}

export interface Chosen {
  readonly scenario: string;
  /** The first, where several are compared. */
  readonly host: string;
  readonly technology?: Technology | undefined;
}

/** @throws InputError for a name that is none. */
export function controlsFor({ scenario, host, technology }: Chosen, environment: Environment): ControlGroup[] {
  const runs = scenarioSchema.encode(loadPlanned(scenario).scenario);
  const profile = hostProfileSchema.encode(loadHostProfile(host, environment, technology));
  const chosen = technology ?? profile.defaultTechnology;
  const platform = profile.platforms[chosen];
  return [
    { title: 'What runs', controls: scalars(scenarioSchema, runs, 'scenario') },
    {
      title: `The host: ${host}`,
      controls: [...parameters(profile.hardware, ['host', 'hardware']), ...parameters(platform, ['host'])],
    },
    {
      title: 'How faithful it must be',
      controls: scalars(toleranceSchema, toleranceSchema.encode(toleranceSchema.parse({})), 'tolerance'),
    },
  ];
}
