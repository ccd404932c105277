// One emulation at a time per machine: a lock file that names its holder, and is void once the holder is gone.

import { existsSync, mkdirSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CannotRun } from './cannot-run.js';
import { type Holder, holderOf, holdFile, releaseFile } from './file-lock.js';
import { knownRuns } from './journal.js';
import type { RunId } from './names.js';
import { LOCK, LOCK_FOLDER } from './places.js';
import { isAlive } from './process-identity.js';

interface RunHolder extends Holder {
  readonly run: string;
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
  holdFile(
    LOCK,
    { run },
    (other) => new CannotRun(`another emulation holds this machine: run ${other.run}, process ${other.process.pid}`),
  );
}

function releaseLock(): void {
  releaseFile(LOCK);
  removeFolder();
}

/** The run that holds the machine now, if its process is alive. */
export function holdingRun(): string | undefined {
  const other = holderOf<RunHolder>(LOCK);
  return other && isAlive(other.process) ? other.run : undefined;
}

/** Removes a lock whose holder is gone, and the folder when it is empty. */
export function removeVoidLock(): void {
  if (!existsSync(LOCK_FOLDER)) return;
  for (const name of readdirSync(LOCK_FOLDER)) {
    const file = join(LOCK_FOLDER, name);
    const other = holderOf(file);
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
