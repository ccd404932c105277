// Run folders of studies: a new one, one to go on with, and those of its parts below it.

import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  askedOf,
  createRunFolder,
  holdsRun,
  type RunFolder,
  type RunFolderKind,
  readEntries,
  resumeRunFolder,
} from './run-folder.js';
import { type Part, type StudyEntry, studyEntry } from './whatif/index.js';
import { type WhatifAsked, whatifAskedSchema } from './whatif-request.js';

export type StudyFolder = RunFolder<WhatifAsked, StudyEntry>;

const kind: RunFolderKind<WhatifAsked, StudyEntry> = {
  verb: 'whatif',
  input: whatifAskedSchema,
  entry: studyEntry,
};

const PARTS = 'parts';

/** @throws InputError when there is a run already. */
export function createStudyFolder(asked: WhatifAsked, out: string | undefined): StudyFolder {
  const { scenario = 'swarm-100' } = asked.flags;
  const name = scenario
    .replace(/^.*\//, '')
    .replace(/\.\w+$/, '')
    .replace(/[^\w-]+/g, '-');
  return createRunFolder(kind, asked, { out, name: `whatif-${name}` });
}

/** With what its parts have finished. @throws InputError, CannotRun. */
export function resumeStudyFolder(path: string): StudyFolder {
  const own = resumeRunFolder(kind, path);
  return {
    ...own,
    *entries() {
      yield* own.entries();
      const parts = join(path, PARTS);
      // The same whatever the file system lists first.
      const names = existsSync(parts) ? readdirSync(parts).sort() : [];
      for (const name of names) yield* readEntries(kind, join(parts, name));
    },
  };
}

/** Of a study that answers its points in parts: its folder takes logs of Slurm before there are parts. */
export function expectParts({ path }: StudyFolder): void {
  mkdirSync(join(path, PARTS), { recursive: true });
}

/** The folder of one part, below that of its study; what is there already, here or in the study, is known. */
export function openPartFolder(path: string, { part, parts }: Part): StudyFolder {
  const asked = askedOf(kind, path);
  const below = join(path, PARTS, `${part}-of-${parts}`);
  const own = holdsRun(below) ? resumeRunFolder(kind, below) : createRunFolder(kind, asked, { out: below, name: '' });
  return {
    ...own,
    *entries() {
      yield* readEntries(kind, path);
      yield* own.entries();
    },
  };
}
