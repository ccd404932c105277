// The journal of a run: what it is about to create, on disk before it exists, so that clean-up works after a kill.

import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import type { RunId } from './names.js';
import { runId } from './names.js';
import { journalFile, RUNS, runFolder } from './places.js';
import type { ProcessIdentity } from './process-identity.js';
import { isAlive } from './process-identity.js';

export type Entry =
  /** The process that conducts the run. */
  | { readonly kind: 'owner'; readonly process: ProcessIdentity; readonly scenario: string; readonly at: string }
  | { readonly kind: 'namespace'; readonly file: string }
  | { readonly kind: 'container'; readonly vnode: string; readonly address: string }
  | { readonly kind: 'sysctl'; readonly key: string; readonly before: string; readonly set: string }
  | { readonly kind: 'mount'; readonly folder: string }
  /** From here on the range stays up, and whether the process that began it lives no longer matters. */
  | { readonly kind: 'kept' };

export interface Journal {
  readonly run: RunId;
  /** On disk when it returns. */
  note(entry: Entry): void;
}

export function openJournal(run: RunId): Journal {
  mkdirSync(runFolder(run), { recursive: true, mode: 0o700 });
  return {
    run,
    note(entry) {
      const file = openSync(journalFile(run), 'a', 0o600);
      try {
        writeSync(file, `${JSON.stringify(entry)}\n`);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
    },
  };
}

/** What the journal holds; a line cut short by a kill is left out, as what it announced was never begun. */
export function readJournal(run: RunId): Entry[] {
  if (!existsSync(journalFile(run))) return [];
  const entries: Entry[] = [];
  for (const line of readFileSync(journalFile(run), 'utf8').split('\n')) {
    try {
      if (line !== '') entries.push(JSON.parse(line) as Entry);
    } catch {
      break;
    }
  }
  return entries;
}

/** `live`: it is being conducted. `kept`: its conduct is over, and it was asked to stay. `dead`: only remains. */
export type RunState = 'live' | 'kept' | 'dead';

export interface KnownRun {
  readonly run: RunId;
  readonly state: RunState;
  readonly scenario: string;
  readonly since: string;
  readonly vnodes: readonly { readonly vnode: string; readonly address: string }[];
}

export function knownRuns(): KnownRun[] {
  if (!existsSync(RUNS)) return [];
  const runs: KnownRun[] = [];
  for (const name of readdirSync(RUNS).sort()) {
    if (!/^[0-9a-f]{6}$/.test(name)) continue;
    const run = runId(name);
    const entries = readJournal(run);
    const owner = entries.find((entry) => entry.kind === 'owner');
    const conducted = owner !== undefined && isAlive(owner.process);
    const kept = entries.some((entry) => entry.kind === 'kept');
    runs.push({
      run,
      // The owner may live on, having more to do than this one run.
      state: kept ? 'kept' : conducted ? 'live' : 'dead',
      scenario: owner?.scenario ?? '',
      since: owner?.at ?? '',
      vnodes: entries.filter((entry) => entry.kind === 'container'),
    });
  }
  return runs;
}
