// A file that names the process holding something, and is void once that process is gone.

import { linkSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { identify, isAlive, type ProcessIdentity } from './process-identity.js';

export interface Holder {
  readonly process: ProcessIdentity;
}

/** Who holds the file, dead or alive; undefined: nobody, or nothing that can be read. */
export function holderOf<T extends Holder>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch {
    return undefined;
  }
}

/**
 * Puts this process into the file, beside what `told` says of it. A void file is replaced. Where processes cannot be
 * told apart (no /proc) any other holder counts as gone.
 * @throws what `busy` makes of a holder that is alive.
 */
export function holdFile<T extends object>(file: string, told: T, busy: (other: T & Holder) => Error): void {
  const mine = `${file}.${process.pid}`;
  const self = identify(process.pid) ?? { pid: process.pid, started: '' };
  writeFileSync(mine, JSON.stringify({ ...told, process: self } satisfies Holder), { mode: 0o644 });
  try {
    for (let attempt = 0; attempt < 100; attempt++) {
      try {
        linkSync(mine, file);
        return;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const other = holderOf<T & Holder>(file);
      if (other && isAlive(other.process)) throw busy(other);
      // Moved aside under a name of our own first: two that find the same void file cannot both remove a new one.
      const aside = `${mine}.void`;
      try {
        renameSync(file, aside);
      } catch {
        continue;
      }
      const moved = holderOf(aside);
      if (moved && isAlive(moved.process)) linkSync(aside, file);
      unlinkSync(aside);
    }
    throw new Error(`${file} changes hands too fast`);
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Gives the file up, if this process holds it. */
export function releaseFile(file: string): void {
  if (holderOf(file)?.process.pid === process.pid) rmSync(file, { force: true });
}
