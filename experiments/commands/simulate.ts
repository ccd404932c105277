// `simulate`: one run of a scenario on a host at a density, as a record and a summary.

import type { Command } from 'commander';
import {
  addressRange,
  type Host,
  InputError,
  parseDuration,
  type RunRecord,
  resolveHost,
  type Scenario,
  type Technology,
} from '../../models/index.js';
import { type Binding, membersOf, simulate } from '../../sim/index.js';
import { hostOfEach, readBinding } from '../binding-document.js';
import { madeBy } from '../command-line.js';
import { countFrom, deliver, limitsOption, type StandardFlags, setOption, verb, workersFrom } from '../flags.js';
import { loadHostProfile } from '../hosts.js';
import { PcapTrace } from '../pcap.js';
import { LocalRuns, openRuns, type Runs } from '../pool.js';
import { openProgress } from '../progress.js';
import { runSummary } from '../run-summary.js';
import { loadScenario } from '../scenarios.js';
import type { Session } from '../session.js';
import { parseSetting, type Setting, settingFor, settingsOf } from '../settings.js';
import type { SimulationJob } from '../simulation-job.js';

interface SimulateFlags extends StandardFlags {
  readonly host: string;
  readonly tech?: Technology;
  readonly perHost?: string;
  readonly binding?: string;
  readonly exact?: boolean;
  readonly peers?: string;
  readonly pairs?: string;
  readonly limits?: string;
  readonly until?: string;
  readonly trace?: string;
  readonly set: readonly string[];
}

/** What `--peers` sets, where it is not peers; a web's replicas come on top of its clients. */
const SIZE_FIELDS: Readonly<Record<string, string>> = {
  ...{ idle: 'workload.vnodes', flood: 'workload.vnodes', ring: 'workload.vnodes' },
  ...{ latency: 'workload.floods', web: 'workload.clients' },
};

/** `--peers` counts vnodes in every workload; a pair is two. */
function sizeSettings(flags: SimulateFlags, { workload }: Scenario): Setting[] {
  const { kind } = workload;
  if (flags.pairs !== undefined && kind !== 'pairs') throw new InputError('--pairs', 'a scenario of pairs', kind);
  if (kind === 'pairs' && flags.peers !== undefined) {
    const peers = countFrom('--peers', flags.peers);
    if (peers % 2 === 1) throw new InputError('--peers', 'an even number: a pair is two vnodes', String(peers));
    if (flags.pairs !== undefined && 2 * countFrom('--pairs', flags.pairs) !== peers)
      throw new InputError('--peers', `two vnodes a pair, or no --pairs`, String(peers));
    return settingFor('--peers', 'scenario', 'workload.pairs', String(peers / 2));
  }
  if ((kind === 'busy' || kind === 'interference') && flags.peers !== undefined)
    throw new InputError('--peers', 'no size: its vnodes are given', kind);
  return [
    ...settingFor('--peers', 'scenario', SIZE_FIELDS[kind] ?? 'workload.peers', flags.peers),
    ...settingFor('--pairs', 'scenario', 'workload.pairs', flags.pairs),
  ];
}

/** ns. @throws InputError unless it is a duration above zero. */
function windowFrom(text: string): number {
  const window = parseDuration(text);
  if (!window)
    throw new InputError('--until', 'a duration with its unit, for example 50us or 10s', JSON.stringify(text));
  return window;
}

/** Where each vnode lives, by a file of `topology bind`; its kinds of host are profiles. @throws InputError. */
function bindingFrom(file: string, flags: SimulateFlags, scenario: Scenario, session: Session): Binding {
  if (flags.perHost !== undefined) throw new InputError('--per-host', 'no --binding beside it', flags.perHost);
  const document = readBinding(file, scenario);
  const kinds = [...new Set(document.hosts.map(({ kind }) => kind))];
  const hosts = new Map(
    kinds.map((kind) => [kind, resolveHost(loadHostProfile(kind, session.environment), undefined, scenario.limits)]),
  );
  return {
    hosts: document.hosts.map(({ kind }) => hosts.get(kind) as Host),
    hostNames: document.hosts.map(({ host }) => host),
    hostOf: hostOfEach(document, membersOf(scenario)),
  };
}

/** @throws InputError for everything that is wrong with the flags or with what they name. */
function jobFrom(name: string, flags: SimulateFlags, session: Session): SimulationJob {
  if (flags.exact && flags.perHost === undefined && flags.binding === undefined)
    throw new InputError('--exact', '--per-host or --binding beside it: the hosts of the range', 'neither');
  const settings = flags.set.map(parseSetting);
  const given = [
    ...settingsOf(settings, 'scenario', ['host']),
    ...settingFor('--limits', 'scenario', 'limits', flags.limits),
  ];
  const own = loadScenario(name, given);
  const size = sizeSettings(flags, own);
  const scenario = size.length > 0 ? loadScenario(name, [...given, ...size]) : own;
  const profile = loadHostProfile(
    flags.host,
    session.environment,
    flags.tech,
    settingsOf(settings, 'host', ['scenario']),
  );
  return {
    scenario,
    host: resolveHost(profile, flags.tech, scenario.limits),
    seed: flags.seed,
    options: {
      ...(flags.perHost === undefined ? {} : { perHost: countFrom('--per-host', flags.perHost) }),
      ...(flags.binding === undefined ? {} : { binding: bindingFrom(flags.binding, flags, scenario, session) }),
      ...(flags.until === undefined ? {} : { window: windowFrom(flags.until) }),
    },
  };
}

/** A traced run stays in this thread: its packets come one by one. */
function traced(path: string): Runs {
  return new LocalRuns(({ scenario, host, seed, options }) => {
    const range = addressRange(scenario.network.addresses);
    if (!range) throw new Error('a scenario without addresses');
    const trace = new PcapTrace(path, range, scenario.network.mtu);
    try {
      return simulate(scenario, host, seed, { ...options, trace });
    } finally {
      trace.close();
    }
  });
}

async function run(job: SimulationJob, flags: SimulateFlags, session: Session): Promise<RunRecord> {
  // One run takes one thread; it leaves this one free to hear Ctrl-C.
  const workers = Math.min(1, workersFrom(flags.workers) ?? 1);
  const runs = flags.trace === undefined ? openRuns(workers) : traced(flags.trace);
  const progress = openProgress(runs, { quiet: flags.quiet ?? false });
  const interrupt = () => {
    session.err('interrupted: the run was not finished\n');
    void runs.stop();
  };
  process.once('SIGINT', interrupt);
  try {
    progress.phase(job.scenario.name);
    return await runs.run(job);
  } finally {
    process.removeListener('SIGINT', interrupt);
    progress.end();
    await runs.stop();
  }
}

export function simulateVerb(session: Session): Command {
  return verb('simulate', 'one run of a scenario on a host: what happens, packet by packet', [
    'simulate swarm-100 --host t7500',
    'simulate swarm-100 --host pc3000 --peers 40 --per-host 20 --out run.json',
    'simulate swarm-100 --host pc3000 --peers 1000 --per-host 100 --exact',
    'simulate pairs-100mbit --host pc3000 --pairs 12 --set scenario.link.burst=100kB',
    'simulate pairs-100mbit --host t7500 --pairs 1 --until 100ms --trace pairs.pcap',
  ])
    .argument('<scenario>', 'a name or a file')
    .requiredOption('--host <name>', 'host profile: a name or a file')
    .option('--tech <name>', 'container technology (default: the first of the host)')
    .option('--per-host <count>', 'vnodes on each host (default: all on one)')
    .option('--binding <file>', 'where each vnode lives, as `topology bind` wrote it; the TCP is that of --host')
    .option('--exact', 'every peer, packet and host of a range, as --per-host or --binding lays it out')
    .option('--peers <count>', 'vnodes (default: as in the scenario)')
    .option('--pairs <count>', 'pairs, for a scenario of pairs')
    .addOption(limitsOption())
    .addOption(setOption())
    .option('--until <duration>', 'stop at this virtual time, for example 30s')
    .option('--trace <file>', 'write every packet to a pcap file')
    .action(async (name: string, flags: SimulateFlags, command: Command) => {
      const record = madeBy(command, await run(jobFrom(name, flags, session), flags, session));
      deliver(session, flags, record, runSummary(record, session.color), 'record.json');
    });
}
