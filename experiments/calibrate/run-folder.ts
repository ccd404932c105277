// The run folder of a calibration: what was asked for, and every run as it was finished, so that a kill loses nothing.

import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { entrySchema, type RunEntry } from '../../calibration/index.js';
import { InputError } from '../../models/index.js';

const manifestSchema = z.strictObject({
  format: z.literal('rangefit/calibration-run'),
  formatVersion: z.literal(1),
  name: z.string(),
  quick: z.boolean(),
  startedAt: z.string(),
  versions: z.record(z.string(), z.string()),
});

export type Manifest = z.output<typeof manifestSchema>;

const MANIFEST = 'manifest.json';
const RECORDS = 'records.jsonl';

export interface RunFolder {
  readonly folder: string;
  readonly manifest: Manifest;
  /** Finished before. */
  readonly entries: readonly RunEntry[];
  add(entry: RunEntry): void;
  write(name: string, text: string): void;
}

function opened(folder: string, manifest: Manifest, entries: readonly RunEntry[]): RunFolder {
  return {
    folder,
    manifest,
    entries,
    add: (entry) => appendFileSync(join(folder, RECORDS), `${JSON.stringify(entry)}\n`),
    write: (name, text) => writeFileSync(join(folder, name), text),
  };
}

/** @throws InputError when there is a run in it already, or it cannot be written. */
export function createRunFolder(folder: string, manifest: Manifest): RunFolder {
  if (existsSync(join(folder, MANIFEST)))
    throw new InputError('--out', 'a folder without a run in it, or --resume with this one', folder);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
    writeFileSync(join(folder, RECORDS), '');
  } catch (error) {
    throw new InputError(
      '--out',
      'a folder that can be written',
      error instanceof Error ? error.message : String(error),
    );
  }
  return opened(folder, manifest, []);
}

/** A line that a kill cut short is dropped: that run is made again. */
function entriesOf(text: string): RunEntry[] {
  return text.split('\n').flatMap((line) => {
    try {
      const entry = entrySchema.safeParse(JSON.parse(line));
      return entry.success ? [entry.data as RunEntry] : [];
    } catch {
      return [];
    }
  });
}

/** @throws InputError when there is no calibration run in the folder. */
export function resumeRunFolder(folder: string): RunFolder {
  let text: string;
  try {
    text = readFileSync(join(folder, MANIFEST), 'utf8');
  } catch {
    throw new InputError('--resume', `a folder with the ${MANIFEST} of a calibration`, folder);
  }
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    found = undefined;
  }
  const manifest = manifestSchema.safeParse(found);
  if (!manifest.success) throw new InputError('--resume', `the ${MANIFEST} of a calibration`, 'something else');
  const records = join(folder, RECORDS);
  const entries = existsSync(records) ? entriesOf(readFileSync(records, 'utf8')) : [];
  // What a kill cut short must not run into the next line.
  writeFileSync(records, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  return opened(folder, manifest.data, entries);
}
