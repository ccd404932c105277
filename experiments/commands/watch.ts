// `watch`: whether a running range is still faithful, and what is about to break.

import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import { createColors } from 'picocolors';
import {
  CannotRun,
  type Containers,
  containersInCgroups,
  containersOfRun,
  knownRuns,
  outlook,
  runId,
} from '../../emu/index.js';
import { InputError, parseDuration } from '../../models/index.js';
import { check, readDocument } from '../documents/index.js';
import { ExitCode } from '../exit-codes.js';
import { deliver, type StandardFlags, verb } from '../flags.js';
import { type PlanDocument, planSchema } from '../planner/index.js';
import type { Session } from '../session.js';
import { type Alarm, type CpuBounds, cpuBoundsOf, usualCpuBounds, Vigil, watched } from '../watch/index.js';
import { plural, time } from '../wording.js';

interface WatchFlags extends StandardFlags {
  readonly cgroup: readonly string[];
  readonly plan?: string;
  readonly for?: string;
  readonly interval: string;
}

/** @throws InputError when it is not clear which range is meant. */
function containersFrom(run: string | undefined, { cgroup }: WatchFlags): Containers {
  if (process.platform !== 'linux') throw new CannotRun('ranges are watched on Linux');
  if (cgroup.length > 0) {
    if (run !== undefined) throw new InputError('--cgroup', 'no run beside it', run);
    const containers = containersInCgroups(cgroup);
    if (containers()?.length === 0)
      throw new InputError(
        '--cgroup',
        'a cgroup that exists, such as lxc.payload.*, docker/* or system.slice/docker-*.scope',
        cgroup.join(', '),
      );
    return containers;
  }
  const runs = knownRuns().filter(({ state }) => state !== 'dead');
  const names = runs.map((known) => known.run).join(', ') || 'none runs here';
  if (run === undefined) {
    const [only, another] = runs;
    if (!only || another) throw new InputError('run', `one that runs (${names}), or --cgroup`, 'none');
    return containersOfRun(only.run);
  }
  const id = runId(run);
  if (!runs.some((known) => known.run === id)) throw new InputError('run', `a run that is up (${names})`, run);
  return containersOfRun(id);
}

function boundsFrom(plan: string | undefined): CpuBounds {
  if (plan === undefined) return usualCpuBounds;
  const located = readDocument(plan);
  check(located, planSchema, 'plan');
  return cpuBoundsOf(located.value as PlanDocument);
}

function secondsFrom(flag: string, text: string, least: number): number {
  const value = parseDuration(text);
  if (value === undefined || value / 1e9 < least)
    throw new InputError(flag, `a duration of at least ${time(least)}, such as 2s`, JSON.stringify(text));
  return value / 1e9;
}

function alarmLine({ at, level, words, remedy }: Alarm, color: boolean): string {
  const colors = createColors(color);
  const mark = level === 'lost' ? colors.red('✗ lost') : colors.yellow('! risk');
  return `${`${at.toFixed(1)} s`.padStart(8)}  ${mark}  ${words}${remedy === '' ? '' : `: ${remedy}`}\n`;
}

/** The last line. */
function verdict(vigil: Vigil): string {
  const after = `after ${time(vigil.seconds)}`;
  if (vigil.lost) return `fidelity is lost ${after}\n`;
  const risks = plural(vigil.alarms.length, 'risk');
  return `fidelity holds ${after}${vigil.alarms.length > 0 ? `, with ${risks}` : ''}\n`;
}

async function watch(run: string | undefined, flags: WatchFlags, session: Session): Promise<void> {
  const containers = containersFrom(run, flags);
  const interval = secondsFrom('--interval', flags.interval, 0.1);
  const until = flags.for === undefined ? Number.POSITIVE_INFINITY : secondsFrom('--for', flags.for, 0.1);
  const vigil = new Vigil(boundsFrom(flags.plan));
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  let told = 0;
  try {
    for await (const alarms of watched(vigil, containers, outlook, { interval, until, signal: stop.signal, pause })) {
      if (!flags.json) for (const alarm of alarms) session.out(alarmLine(alarm, session.color));
      const line = vigil.status;
      // Every look on a terminal, otherwise a line every 10 s.
      if (flags.quiet || line === '') continue;
      if (process.stderr.isTTY) session.err(`\r\u001b[K${line}`);
      else if (vigil.seconds - told >= 10) {
        told = vigil.seconds;
        session.err(`${line}\n`);
      }
    }
  } finally {
    process.removeListener('SIGINT', interrupt).removeListener('SIGTERM', interrupt);
    if (process.stderr.isTTY && !flags.quiet) session.err('\r\u001b[K');
  }
  const seen = { holds: !vigil.lost, seconds: Number(vigil.seconds.toFixed(2)), alarms: vigil.alarms };
  deliver(session, flags, seen, verdict(vigil), 'watch.json');
  session.exitCode = stop.signal.aborted ? ExitCode.interrupted : vigil.lost ? ExitCode.miss : ExitCode.done;
}

export function watchVerb(session: Session): Command {
  return verb(
    'watch',
    'whether a running range is still faithful, and what is about to break',
    [
      'watch                                       the run that is up on this machine',
      'watch 3fa2c1 --plan plan.json               with what its plan says of CPU',
      "watch --cgroup 'lxc.payload.*' --for 10min  any containers, by their cgroups",
    ],
    { idle: ['seed', 'workers'] },
  )
    .argument('[run]', 'a run id, as `ls` shows (default: the only one)')
    .option(
      '--cgroup <path>',
      'containers by cgroup, below the root of the hierarchy; * in its last part; as often as wanted',
      (path: string, before: readonly string[]) => [...before, path],
      [],
    )
    .option('--plan <file>', 'a plan of this host: from which CPU on it expects fidelity to be lost')
    .option('--for <duration>', 'stop after so long (default: until the range ends)')
    .option('--interval <duration>', 'between two looks', '500ms')
    .action((run: string | undefined, flags: WatchFlags) => watch(run, flags, session));
}
