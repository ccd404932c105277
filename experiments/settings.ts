// Settings: `--set PATH=VALUE` changes one field of a document before it is checked.

import { parse } from 'yaml';
import type { z } from 'zod';
import { InputError } from '../models/index.js';
import {
  describeShape,
  escaped,
  fieldsOf,
  type Located,
  type Path,
  shapeAt,
  shapeOf,
  suggestion,
} from './documents/index.js';

const GROUPS = ['host', 'scenario', 'tolerance', 'range'] as const;
export type SettingGroup = (typeof GROUPS)[number];

export interface Setting {
  readonly group: SettingGroup;
  /** Below the group. */
  readonly path: readonly string[];
  readonly value: unknown;
  /** As messages name it: `--set scenario.link.up=1MB/s`. */
  readonly flag: string;
}

/** A number, a truth value, text such as `32KB/s`, or a list in brackets. */
function parseValue(text: string): unknown {
  try {
    const value: unknown = parse(text, { schema: 'core', maxAliasCount: 0, logLevel: 'error' });
    const plain = ['string', 'number', 'boolean'].includes(typeof value) || Array.isArray(value);
    return plain ? value : text;
  } catch {
    return text;
  }
}

/** @throws InputError unless it reads GROUP.FIELD…=VALUE. */
export function parseSetting(text: string): Setting {
  const flag = `--set ${escaped(text.slice(0, 80))}`;
  const [, left, right] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  if (left === undefined || right === undefined) throw new InputError(flag, 'PATH=VALUE', 'no "="');
  const [group = '', ...path] = left.trim().split('.');
  const known = GROUPS.find((name) => name === group);
  if (!known) {
    const paths = GROUPS.map((name) => `${name}.*`).join(', ');
    throw new InputError(flag, `a path under ${paths}`, `"${escaped(group)}"${suggestion(group, GROUPS)}`);
  }
  if (path.length === 0 || path.includes(''))
    throw new InputError(flag, `a path under ${known}.*`, `"${escaped(left)}"`);
  return { group: known, path, value: parseValue(right.trim()), flag };
}

/** The steps of `path` as the document has them: list indices as numbers. @throws InputError for an unknown field. */
function resolve(schema: z.ZodType, document: unknown, setting: Setting): Path {
  const root = shapeOf(schema);
  const path: (string | number)[] = [];
  for (const step of setting.path) {
    const around = shapeAt(root, path, document);
    const next = around?.type === 'array' && /^\d{1,4}$/.test(step) ? Number(step) : step;
    if (!shapeAt(root, [...path, next], document)) {
      const known = fieldsOf(around);
      const expected = known.length > 0 ? `one of ${known.join(', ')}` : `no field below ${path.join('.')}`;
      throw new InputError(setting.flag, expected, `"${escaped(step)}"${suggestion(step, known)}`);
    }
    path.push(next);
  }
  // A parameter of a profile is a value with its source: what is set is the value, and where it comes from is known.
  const parameter = shapeAt(root, path, document)?.properties;
  return parameter?.value && parameter.source ? [...path, 'value'] : path;
}

type Container = Record<string | number, unknown>;

function assign(document: unknown, path: Path, value: unknown): void {
  let here = document as Container;
  for (const step of path.slice(0, -1)) {
    if (typeof here[step] !== 'object' || here[step] === null) here[step] = {};
    here = here[step] as Container;
  }
  here[path.at(-1) as string | number] = value;
}

/**
 * The document with its settings applied. A later mistake in what was set is reported at the flag, not in the file.
 * @throws InputError for a path that the schema does not know.
 */
export function withSettings(located: Located, schema: z.ZodType, settings: readonly Setting[]): Located {
  if (settings.length === 0 || typeof located.value !== 'object' || located.value === null) return located;
  const value: unknown = structuredClone(located.value);
  const flags: { path: Path; flag: string }[] = [];
  for (const setting of settings) {
    const path = resolve(schema, value, setting);
    if (path.at(-1) === 'value' && path.length > setting.path.length)
      assign(value, path.slice(0, -1), { source: 'assumed', note: 'set on the command line' });
    else if (typeof setting.value !== 'object' && describeShape(shapeAt(shapeOf(schema), path, value)) === 'a mapping')
      throw new InputError(setting.flag, `a field below ${setting.path.join('.')}`, 'the whole of it');
    assign(value, path, setting.value);
    flags.push({ path, flag: setting.flag });
  }
  return {
    source: located.source,
    value,
    place(path, of) {
      const set = flags.findLast((one) => one.path.every((step, i) => step === path[i]));
      return set ? { source: set.flag, line: 0, column: 0 } : located.place(path, of);
    },
  };
}

/** A flag that is short for a setting; a whole number is one. None when the flag was not given. */
export function settingFor(flag: string, group: SettingGroup, path: string, value: string | undefined): Setting[] {
  if (value === undefined) return [];
  const plain = /^\d{1,9}$/.test(value) ? Number(value) : value;
  return [{ group, path: path.split('.'), value: plain, flag: `${flag} ${escaped(value.slice(0, 80))}` }];
}

/**
 * Those of one group.
 * @throws InputError for a setting of a group that the verb has no use for: neither this one nor `besides`.
 */
export function settingsOf(
  settings: readonly Setting[],
  group: SettingGroup,
  besides: readonly SettingGroup[],
): Setting[] {
  const useful = [group, ...besides];
  const stray = settings.find((setting) => !useful.includes(setting.group));
  if (stray)
    throw new InputError(
      stray.flag,
      `a path under ${useful.map((name) => `${name}.*`).join(' or ')}`,
      `${stray.group}.*`,
    );
  return settings.filter((setting) => setting.group === group);
}
