// `emulate`: a scenario in real containers; the run record to a file or standard output, progress on standard error.

import type { Command } from 'commander';
import { describeEmulation, type EmulationProgress, emulate, hostShell, probeCapabilities } from '../../emu/index.js';
import {
  formatRate,
  InputError,
  type LatencyRecord,
  type LatencySummary,
  type RunRecord,
  type Scenario,
} from '../../models/index.js';
import { scenarioTarget } from '../../sim/index.js';
import { madeBy } from '../command-line.js';
import { ExitCode } from '../exit-codes.js';
import { countFrom, deliver, limitsOption, type StandardFlags, setOption, verb } from '../flags.js';
import { packageVersion } from '../package-root.js';
import { runSummary } from '../run-summary.js';
import { loadScenario } from '../scenarios.js';
import type { Session } from '../session.js';
import { parseSetting, type Setting, settingFor, settingsOf } from '../settings.js';
import { openStepReport } from '../step-report.js';

interface EmulateFlags extends StandardFlags {
  readonly set: readonly string[];
  readonly perHost?: string;
  readonly peers?: string;
  readonly pairs?: string;
  readonly limits?: string;
  readonly keep?: boolean;
  readonly dryRun?: boolean;
  readonly soak?: boolean;
}

/** Vnodes that the flags ask for; undefined: the scenario's own size. */
function sizeFrom(flags: EmulateFlags, { workload }: Scenario): number | undefined {
  if (flags.pairs !== undefined && workload.kind !== 'pairs')
    throw new InputError('--pairs', 'a scenario of pairs', workload.kind);
  if (flags.pairs !== undefined) return 2 * countFrom('--pairs', flags.pairs);
  if (flags.peers !== undefined) return countFrom('--peers', flags.peers);
  return flags.perHost === undefined ? undefined : countFrom('--per-host', flags.perHost);
}

/** The scenario as the flags make it. @throws InputError */
function scenarioFrom(name: string, flags: EmulateFlags): Scenario {
  const given = [
    ...settingsOf(flags.set.map(parseSetting), 'scenario', []),
    ...settingFor('--limits', 'scenario', 'limits', flags.limits),
  ];
  const own = loadScenario(name, given);
  const size = sizeFrom(flags, own);
  return size === undefined ? own : loadScenario(name, [...given, ...sizeSetting(size, own)]);
}

/** Sets the size and nothing else, as `simulate` does: the same flags give both worlds the same scenario. */
function sizeSetting(vnodes: number, { workload }: Scenario): Setting[] {
  const set = (field: string, value: number) => settingFor('--peers', 'scenario', `workload.${field}`, String(value));
  switch (workload.kind) {
    case 'swarm':
      return set('peers', vnodes);
    case 'idle':
      return set('vnodes', vnodes);
    case 'pairs':
      if (vnodes % 2 === 1) throw new InputError('--peers', 'an even number: a pair is two vnodes', String(vnodes));
      return set('pairs', vnodes / 2);
    case 'latency':
      return set('floods', Math.max(1, Math.ceil(vnodes / 2) - 1));
    case 'flood':
    case 'ring':
      return set('vnodes', vnodes);
    case 'web':
      return set('clients', Math.max(1, vnodes - workload.replicas));
    case 'busy':
    case 'interference':
      throw new InputError('--peers', 'no size: its vnodes are given', workload.kind);
  }
}

/** One line of progress. */
function progressLine({
  phase,
  run,
  vnodesUp,
  vnodes,
  seconds,
  completed,
  all,
  rate,
  cpuPercent,
}: EmulationProgress): string {
  if (phase === 'deploy') return `run ${run}: ${vnodesUp} of ${vnodes} vnodes up`;
  if (phase === 'teardown') return `run ${run}: taking down`;
  const done = all > 0 ? `, ${completed} of ${all} peers done` : '';
  const shown = formatRate(Number(Math.max(0, rate).toPrecision(3)));
  return `run ${run}: ${seconds.toFixed(0)} s${done}, ${shown}, CPU ${cpuPercent.toFixed(0)}%`;
}

/** Round trips in microseconds, median and p95: as ping tells them, and without the containers' own share. */
function latencySummary({ phases, perturbation }: LatencyRecord): string[] {
  const shown = ({ p50, p95 }: LatencySummary) => `${(p50 * 1e6).toFixed(0)} us (p95 ${(p95 * 1e6).toFixed(0)} us)`;
  const lines = phases.map(({ flood, raw, probed }) => {
    const when = `round trip ${flood ? 'under flood' : 'at rest'}${probed ? ', probed' : ''}: ${shown(raw)}`;
    if (!probed) return when;
    const { egress, remote, ingress, corrected, coverage } = probed;
    return `${when}; corrected ${shown(corrected)}, egress ${shown(egress)}, remote ${shown(remote)}, ingress ${shown(ingress)}, ${(coverage * 100).toFixed(0)}% of the requests`;
  });
  const added = (seconds: number) => `${(seconds * 1e6).toFixed(0)} us`;
  return [...lines, `the probes add ${added(perturbation.rest)} at rest, ${added(perturbation.flood)} under flood`];
}

/** What only a real run has to say, after the summary of every record. */
function measuredSummary({ hosts, vnodes, disturbed, latency }: RunRecord): string {
  const [host] = hosts;
  const setup = host?.measured?.setup;
  const victims = vnodes.filter(({ neighboursRefused }) => (neighboursRefused ?? 0) > 0).map(({ vnode }) => vnode);
  const lost = vnodes.filter(({ alive }) => !alive).map(({ vnode }) => vnode);
  const names = (list: readonly string[]) =>
    `${list.slice(0, 8).join(', ')}${list.length > 8 ? `, and ${list.length - 8} more` : ''}`;
  const lines = [
    setup
      ? `${vnodes.length} containers up in ${setup.seconds.toFixed(1)} s, taken down in ${setup.teardownSeconds.toFixed(1)} s`
      : '',
    victims.length > 0 ? `refused neighbour entries: ${names(victims)}` : '',
    lost.length > 0 ? `lost vnodes: ${names(lost)}` : '',
    ...(latency ? latencySummary(latency) : []),
    ...disturbed.map((why) => `disturbed: ${why}`),
  ];
  return lines
    .filter((line) => line !== '')
    .map((line) => `${line}\n`)
    .join('');
}

/** Runs it, or with `--dry-run` tells what would be run. undefined: nothing was run. @throws CannotRun, InputError */
async function run(
  scenario: Scenario,
  flags: EmulateFlags,
  session: Session,
  signal: AbortSignal,
): Promise<RunRecord | undefined> {
  const capabilities = await probeCapabilities(hostShell());
  const network = scenario.network.topology && scenarioTarget(scenario);
  if (flags.dryRun) {
    await describeEmulation(scenario, capabilities, (line) => session.out(`${line}\n`), network);
    return undefined;
  }
  const report = openStepReport(flags.quiet ?? false);
  try {
    return await emulate(scenario, capabilities, flags.seed, {
      version: packageVersion(),
      ...(network && { network }),
      keep: flags.keep ?? false,
      soak: flags.soak ?? false,
      signal,
      onProgress: (progress) => report.show(progressLine(progress)),
      onMessage: (line) => session.err(`${line}\n`),
    });
  } finally {
    report.end();
  }
}

export function emulateVerb(session: Session): Command {
  return verb(
    'emulate',
    'one run of a scenario for real: containers, clients, the kernel, measured',
    [
      'emulate pairs-100mbit --pairs 4 --out run.json',
      'emulate swarm-100 --peers 20 --set scenario.workload.client=aria2',
      'emulate idle --peers 100 --keep',
      'emulate swarm-100 --dry-run',
    ],
    { idle: ['workers'] },
  )
    .argument('<scenario>', 'a name or a file')
    .option('--peers <count>', 'vnodes (default: as in the scenario)')
    .option('--pairs <count>', 'pairs, for a scenario of pairs')
    .option('--per-host <count>', 'the same as --peers: this machine is the only host')
    .addOption(limitsOption())
    .addOption(setOption())
    .option('--keep', 'leave the range up; `clean` takes it down')
    .option('--soak', 'measure the capacity left over with SCHED_IDLE soakers (bpftrace)')
    .option('--dry-run', 'print what would be done, as commands')
    .action(async (name: string, flags: EmulateFlags, command: Command) => {
      const scenario = scenarioFrom(name, flags);
      const stop = new AbortController();
      const interrupt = () => stop.abort(new Error('interrupted'));
      process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
      try {
        const measured = await run(scenario, flags, session, stop.signal);
        if (measured) {
          const record = madeBy(command, measured);
          deliver(session, flags, record, runSummary(record, session.color) + measuredSummary(record), 'record.json');
        }
      } catch (error) {
        if (stop.signal.aborted) {
          session.err('interrupted: the range is taken down\n');
          session.exitCode = ExitCode.interrupted;
        } else throw error;
      } finally {
        process.removeListener('SIGINT', interrupt).removeListener('SIGTERM', interrupt);
      }
    });
}
