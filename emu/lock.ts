// One emulation at a time per machine: a lock file that names its holder, and is void once the holder is gone.

import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { CannotRun } from './cannot-run.js';
import { knownRuns } from './journal.js';
import type { RunId } from './names.js';
import { LOCK, LOCK_FOLDER } from './places.js';
import type { ProcessIdentity } from './process-identity.js';
import { identify, isAlive } from './process-identity.js';

interface Holder {
  readonly run: string;
  readonly process: ProcessIdentity;
}

function holder(file = LOCK): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

/** @throws CannotRun when another run holds the machine, or one is kept up. */
export function takeLock(run: RunId): () => void {
  linkLock(run);
  try {
    // With the lock in hand: a run may have become a kept one while its lock was waited for.
    const kept = knownRuns().find((known) => known.state === 'kept');
    if (kept) throw new CannotRun(`run ${kept.run} is kept up: \`rangefit clean ${kept.run}\` ends it`);
  } catch (error) {
    releaseLock();
    throw error;
  }
  return releaseLock;
}

function linkLock(run: RunId): void {
  mkdirSync(LOCK_FOLDER, { recursive: true, mode: 0o755 });
  const mine = `${LOCK}.${process.pid}`;
  const self = identify(process.pid) as ProcessIdentity;
  writeFileSync(mine, JSON.stringify({ run, process: self } satisfies Holder), { mode: 0o644 });
  try {
    for (let attempt = 0; attempt < 100; attempt++) {
      try {
        linkSync(mine, LOCK);
        return;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const other = holder();
      if (other && isAlive(other.process))
        throw new CannotRun(`another emulation holds this machine: run ${other.run}, process ${other.process.pid}`);
      // Moved aside under a name of our own first: two that find the same void lock cannot both remove a new one.
      const aside = `${mine}.void`;
      try {
        renameSync(LOCK, aside);
      } catch {
        continue;
      }
      const moved = holder(aside);
      if (moved && isAlive(moved.process)) linkSync(aside, LOCK);
      unlinkSync(aside);
    }
    throw new Error('the lock changes hands too fast');
  } finally {
    rmSync(mine, { force: true });
  }
}

function releaseLock(): void {
  if (holder()?.process.pid === process.pid) rmSync(LOCK, { force: true });
  removeFolder();
}

/** The run that holds the machine now, if its process is alive. */
export function holdingRun(): string | undefined {
  const other = holder();
  return other && isAlive(other.process) ? other.run : undefined;
}

/** Removes a lock whose holder is gone, and the folder when it is empty. */
export function removeVoidLock(): void {
  if (!existsSync(LOCK_FOLDER)) return;
  for (const name of readdirSync(LOCK_FOLDER)) {
    const file = join(LOCK_FOLDER, name);
    const other = holder(file);
    if (!other || !isAlive(other.process)) rmSync(file, { force: true });
  }
  removeFolder();
}

function removeFolder(): void {
  try {
    rmdirSync(LOCK_FOLDER);
  } catch {
    // Another run holds it, or it was never there.
  }
}
