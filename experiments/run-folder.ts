// A run folder: what a long verb was asked (manifest.json) and what it has finished so far (records.jsonl).

import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { CannotRun, holdFile, releaseFile } from '../emu/index.js';
import { InputError } from '../models/index.js';
import { check, escaped, readDocument } from './documents/index.js';
import { packageVersion } from './package-root.js';
import { RecordLog } from './record-log.js';

const MANIFEST = 'manifest.json';
const RECORDS = 'records.jsonl';
const LOCK = 'lock';
/** A manifest holds whole profiles and scenarios; a plan's worth of them. */
const LARGEST_MANIFEST = 64 * 2 ** 20;

const manifestSchema = z.strictObject({
  format: z.literal('rangefit/manifest'),
  formatVersion: z.literal(1),
  /** The verb that writes here, and the version of rangefit: another would not give the same. */
  verb: z.string(),
  version: z.string(),
  /** What it was asked, as plain data. */
  input: z.unknown(),
});

/** Where a verb keeps what it was asked and what it has finished. One process writes at a time. */
export interface RunFolder<Input, Entry> {
  readonly path: string;
  readonly input: Input;
  /** What was finished, before and since, read from disk one by one in the order it was added. */
  entries(): Generator<Entry>;
  /** On disk when it returns: no kill takes it back. */
  add(entry: Entry): void;
  /** Writes one more file of the folder, whole or not at all. */
  write(name: string, text: string): void;
  close(): void;
}

/** What a verb writes: the schemas of its input and of one entry, both plain data. */
export interface RunFolderKind<Input, Entry> {
  readonly verb: string;
  readonly input: z.ZodType<Input>;
  readonly entry: z.ZodType<Entry>;
}

/** `rangefit-runs/NAME`, or the first of NAME-2, NAME-3, ... that is not there. */
function freePath(name: string): string {
  for (let count = 1; ; count++) {
    const path = join('rangefit-runs', count === 1 ? name : `${name}-${count}`);
    if (!existsSync(path)) return path;
  }
}

/** Whether a run was begun there. */
export const holdsRun = (path: string): boolean => existsSync(join(path, MANIFEST));

/**
 * `out`: the folder, made when it is not there; absent: a new one under `rangefit-runs`, called after the run.
 * @throws InputError when the folder holds a run already, or cannot be made; CannotRun when another process has it.
 */
export function createRunFolder<Input, Entry>(
  kind: RunFolderKind<Input, Entry>,
  input: Input,
  { out, name }: { readonly out?: string | undefined; readonly name: string },
): RunFolder<Input, Entry> {
  const path = out ?? freePath(name);
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw new InputError('--out', 'a folder that can be made', error instanceof Error ? error.message : String(error));
  }
  if (holdsRun(path))
    throw new InputError('--out', `a folder without a run, or --resume ${escaped(path)}`, `a run in ${escaped(path)}`);
  return opened(kind, path, () => {
    const manifest = {
      format: 'rangefit/manifest',
      formatVersion: 1,
      verb: kind.verb,
      version: packageVersion(),
      input,
    } satisfies z.input<typeof manifestSchema>;
    const text = `${JSON.stringify(manifest, null, 2)}\n`;
    writeWhole(path, MANIFEST, text);
    return JSON.parse(text).input as Input;
  });
}

/** What the run in this folder was asked. @throws InputError unless one of this verb and this version is there. */
export function askedOf<Input, Entry>(kind: RunFolderKind<Input, Entry>, path: string): Input {
  const file = join(path, MANIFEST);
  const located = readDocument(file, file, LARGEST_MANIFEST);
  const { verb, version, input } = check(located, manifestSchema, 'manifest');
  const refuse = (expected: string, found: string) => new InputError('--resume', expected, found);
  if (verb !== kind.verb) throw refuse(`a run of ${kind.verb}`, `one of ${escaped(verb)}`);
  if (version !== packageVersion())
    throw refuse(`a run of rangefit ${packageVersion()}, which would give the same`, `one of ${escaped(version)}`);
  const asked = kind.input.safeParse(input);
  if (!asked.success)
    throw new InputError(escaped(file), `what ${kind.verb} was asked`, asked.error.issues[0]?.message ?? 'nothing');
  return asked.data;
}

/** @throws InputError unless a run of this verb and this version is there; CannotRun when another process has it. */
export function resumeRunFolder<Input, Entry>(
  kind: RunFolderKind<Input, Entry>,
  path: string,
): RunFolder<Input, Entry> {
  const asked = askedOf(kind, path);
  return opened(kind, path, () => asked);
}

/** Takes the folder, then reads or writes its input. */
function opened<Input, Entry>(
  kind: RunFolderKind<Input, Entry>,
  path: string,
  inputOf: () => Input,
): RunFolder<Input, Entry> {
  const lock = join(path, LOCK);
  holdFile(lock, {}, (other) => new CannotRun(`${path} is in use by process ${other.process.pid}`));
  let log: RecordLog | undefined;
  try {
    const input = inputOf();
    log = new RecordLog(join(path, RECORDS));
    const records = log;
    return {
      path,
      input,
      entries: () => entriesOf(kind, path, records),
      add: (entry) => records.add(entry),
      write: (name, text) => writeWhole(path, name, text),
      close() {
        records.close();
        releaseFile(lock);
      },
    };
  } catch (error) {
    log?.close();
    releaseFile(lock);
    throw error;
  }
}

function* entriesOf<Input, Entry>(
  { verb, entry }: RunFolderKind<Input, Entry>,
  path: string,
  records: RecordLog,
): Generator<Entry> {
  let line = 0;
  for (const value of records.values()) {
    line++;
    const read = entry.safeParse(value);
    if (!read.success)
      throw new InputError(
        `${escaped(join(path, RECORDS))}:${line}`,
        `a record of ${verb}`,
        read.error.issues[0]?.message ?? 'something else',
      );
    yield read.data;
  }
}

/** What the run in this folder has finished so far. Takes nothing: its process, here or elsewhere, may be writing. */
export function* readEntries<Input, Entry>(kind: RunFolderKind<Input, Entry>, path: string): Generator<Entry> {
  if (!existsSync(join(path, RECORDS))) return;
  const records = new RecordLog(join(path, RECORDS), true);
  try {
    yield* entriesOf(kind, path, records);
  } finally {
    records.close();
  }
}

/** Through a file beside it, so that a kill leaves the old one or the new one. */
function writeWhole(folder: string, name: string, text: string): void {
  const path = join(folder, name);
  const beside = `${path}.new`;
  const file = openSync(beside, 'w');
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(beside, path);
}
