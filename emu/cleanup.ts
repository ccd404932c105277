// Taking a run down, alive or dead: from its journal, only what is its own, on past every failure, each reported.

import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { cgroupsNamed, readCgroupLayout, removeCgroup } from './cgroup.js';
import { type KnownRun, knownRuns, readJournal } from './journal.js';
import { holdingRun, removeVoidLock } from './lock.js';
import { cgroupPrefix, RUN_VARIABLE, type RunId } from './names.js';
import { journalFile, namespaceFile, RUNS, runFolder, STATE } from './places.js';
import { identify, isAlive } from './process-identity.js';
import type { Shell } from './shell.js';
import { restoreSetting } from './sysctl.js';

export interface Cleaned {
  readonly run: string;
  readonly state: KnownRun['state'];
  /** What would not go, and why. Empty: nothing of the run is left. */
  readonly failures: readonly string[];
}

/** Processes of a run: in its cgroups, in its network namespace, or started with its mark. Never the caller itself. */
export function processesOf(run: RunId): number[] {
  const layout = readCgroupLayout();
  const found = new Set<number>();
  for (const name of cgroupsNamed(layout, cgroupPrefix(run)))
    for (const hierarchy of layout.hierarchies)
      for (const pid of attempt(() => readFileSync(`${hierarchy}/${name}/cgroup.procs`, 'utf8').split('\n')) ?? [])
        if (pid !== '') found.add(Number(pid));
  const mark = `${RUN_VARIABLE}=${run}`;
  const namespace = mounts().includes(namespaceFile(run)) ? statSync(namespaceFile(run)).ino : undefined;
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || found.has(pid)) continue;
    const marked = attempt(() => readFileSync(`/proc/${pid}/environ`, 'latin1'))
      ?.split('\0')
      .includes(mark);
    const inside = namespace !== undefined && attempt(() => statSync(`/proc/${pid}/ns/net`).ino) === namespace;
    if (marked || inside) found.add(pid);
  }
  found.delete(process.pid);
  return [...found].filter((pid) => identify(pid) !== undefined);
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** Mount points as this process sees them. */
const mounts = (): string[] =>
  readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => (line.split(' ')[4] ?? '').replaceAll('\\040', ' '));

/** Kills until nobody is left: a process may start another between the look and the kill. */
async function killProcesses(run: RunId, failures: string[]): Promise<void> {
  for (let round = 0; round < 100; round++) {
    const processes = processesOf(run);
    if (processes.length === 0) return;
    for (const pid of processes) attempt(() => process.kill(pid, 'SIGKILL'));
    await pause(Math.min(10 + round * 10, 100));
  }
  failures.push(`processes ${processesOf(run).join(', ')} do not die`);
}

/** Removes all that the run created. Works whatever of it exists, and can be repeated. */
export async function takeDown(run: RunId, shell: Shell): Promise<string[]> {
  const failures: string[] = [];
  const guarded = async (what: string, act: () => void | Promise<void>) => {
    try {
      await act();
    } catch (error) {
      failures.push(`${what}: ${(error as Error).message}`);
    }
  };
  const journal = readJournal(run);
  await guarded('processes', () => killProcesses(run, failures));
  for (const entry of journal.filter((e) => e.kind === 'sysctl').reverse())
    await guarded(`sysctl ${entry.key}`, () => {
      const failure = restoreSetting(entry);
      if (failure) failures.push(failure);
    });
  const folder = runFolder(run);
  const shared = journal.filter((e) => e.kind === 'mount').map((e) => e.folder);
  for (const mounted of mounts()
    .filter((m) => m.startsWith(`${folder}/`) || shared.includes(m))
    .reverse())
    await guarded(`mount ${mounted}`, async () => {
      await shell.run({ program: 'umount', args: [mounted] });
    });
  await guarded('cgroups', () => removeCgroups(run, failures));
  await guarded('files', () => {
    const left = mounts().filter((m) => m.startsWith(`${folder}/`));
    if (left.length > 0) throw new Error(`not removed, for ${left.join(', ')} is still mounted there`);
    // The journal last: without it a kept run that is being removed looks dead to an emulation that starts meanwhile.
    const journalName = basename(journalFile(run));
    for (const name of existsSync(folder) ? readdirSync(folder) : [])
      if (name !== journalName) rmSync(join(folder, name), { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  });
  if (failures.length === 0) for (const empty of [RUNS, STATE]) attempt(() => rmdirSync(empty));
  return failures;
}

/** A dying process holds its cgroup for a moment longer. */
async function removeCgroups(run: RunId, failures: string[]): Promise<void> {
  const layout = readCgroupLayout();
  let stuck: string[] = [];
  for (let round = 0; round < 50; round++) {
    stuck = cgroupsNamed(layout, cgroupPrefix(run)).flatMap((name) => removeCgroup(layout, name));
    if (stuck.length === 0) return;
    await pause(100);
  }
  failures.push(...stuck.map((what) => `cgroup ${what}`));
}

/** Seconds that a live run gets to end by itself before it is killed. */
const GRACE = 20;

async function stopConductor(run: RunId): Promise<void> {
  const owner = readJournal(run).find((entry) => entry.kind === 'owner');
  if (!owner || !isAlive(owner.process)) return;
  attempt(() => process.kill(owner.process.pid, 'SIGINT'));
  for (let i = 0; i < GRACE * 10 && isAlive(owner.process); i++) await pause(100);
  if (isAlive(owner.process)) attempt(() => process.kill(owner.process.pid, 'SIGKILL'));
}

/**
 * Removes what dead runs left. `which`: a run's id stops that run first, live or kept; `all` stops every one.
 * Others' objects are never touched: nothing is found by a process's or a program's name.
 */
export async function clean(shell: Shell, which: RunId | 'dead' | 'all'): Promise<Cleaned[]> {
  const results: Cleaned[] = [];
  for (const { run, state } of knownRuns()) {
    if (which === 'dead' ? state !== 'dead' : which !== 'all' && which !== run) continue;
    // Between taking the lock and its first journal line a run looks dead.
    if (state === 'dead' && which === 'dead' && run === holdingRun()) continue;
    if (state === 'live') await stopConductor(run);
    results.push({ run, state, failures: existsSync(runFolder(run)) ? await takeDown(run, shell) : [] });
  }
  removeVoidLock();
  return results;
}
