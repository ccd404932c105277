// Where an emulation keeps its state: the journal and the vnodes' files of each run, and the machine's one lock.

import { join } from 'node:path';
import type { RunId } from './names.js';
import { vnodeName } from './names.js';

export const STATE = '/var/lib/rangefit';
export const RUNS = join(STATE, 'runs');
export const LOCK_FOLDER = '/run/rangefit';
export const LOCK = join(LOCK_FOLDER, 'lock');

export const runFolder = (run: RunId): string => join(RUNS, run);
export const journalFile = (run: RunId): string => join(runFolder(run), 'journal.jsonl');
/** The range's network namespace, held by a bind mount here (not in /run/netns, which iproute2 would leave mounted). */
export const namespaceFile = (run: RunId): string => join(runFolder(run), 'namespace');
/** What LXC calls its path: one folder a container below it. */
export const containersFolder = (run: RunId): string => join(runFolder(run), 'vnodes');
export const sharedFolder = (run: RunId): string => join(runFolder(run), 'shared');

export interface VnodePlaces {
  readonly folder: string;
  readonly config: string;
  /** The vnode's own root; base directories are mounted over it. */
  readonly root: string;
  /** What its processes print. */
  readonly output: string;
}

export function vnodePlaces(run: RunId, container: string, vnode: string): VnodePlaces {
  const folder = join(containersFolder(run), container);
  return {
    folder,
    config: join(folder, 'config'),
    root: join(folder, 'root'),
    output: join(folder, `${vnodeName(vnode)}.out`),
  };
}
