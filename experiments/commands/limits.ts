// `limits`: the kernel's ceilings for a density, a host and a degree, without simulating.

import type { Command } from 'commander';
import { createColors } from 'picocolors';
import {
  type CeilingRow,
  clientProfile,
  InputError,
  kernelCeilings,
  resolveHost,
  type Technology,
  vnodeCount,
} from '../../models/index.js';
import { countFrom, deliver, limitsOption, READS_ONLY, type StandardFlags, setOption, verb } from '../flags.js';
import { loadHostProfile } from '../hosts.js';
import { loadScenario } from '../scenarios.js';
import type { Session } from '../session.js';
import { parseSetting, settingFor, settingsOf } from '../settings.js';
import { table } from '../table.js';
import { count } from '../wording.js';

interface LimitsFlags extends StandardFlags {
  readonly host: string;
  readonly scenario: string;
  readonly peers?: string;
  readonly perHost?: string;
  readonly degree?: string;
  readonly tech?: Technology;
  readonly limits?: string;
  readonly set: readonly string[];
}

const amount = (value: number | null): string => (value === null ? 'none' : count(value));

function rowsOf(flags: LimitsFlags, session: Session): { rows: CeilingRow[]; title: string } {
  const settings = flags.set.map(parseSetting);
  const scenario = loadScenario(flags.scenario, [
    ...settingsOf(settings, 'scenario', ['host']),
    ...settingFor('--limits', 'scenario', 'limits', flags.limits),
  ]);
  const profile = loadHostProfile(
    flags.host,
    session.environment,
    flags.tech,
    settingsOf(settings, 'host', ['scenario']),
  );
  const host = resolveHost(profile, flags.tech, scenario.limits);
  const { workload, network } = scenario;
  const rangeVnodes = flags.peers === undefined ? vnodeCount(workload) : countFrom('--peers', flags.peers);
  const vnodes = flags.perHost === undefined ? rangeVnodes : countFrom('--per-host', flags.perHost);
  if (vnodes > rangeVnodes && flags.peers !== undefined)
    throw new InputError('--per-host', `at most the ${rangeVnodes} of --peers`, String(vnodes));
  const swarm = workload.kind === 'swarm';
  // A peer's connections, and its tracker; a pair has each other, an idle vnode nobody.
  const others = swarm
    ? Math.min(clientProfile(workload.client).maxConnections, Math.max(rangeVnodes, vnodes) - 1) + 1
    : Number(workload.kind === 'pairs');
  const degree = flags.degree === undefined ? others : countFrom('--degree', flags.degree);
  const rows = kernelCeilings({
    vnodes,
    degree,
    host,
    limits: scenario.limits,
    extraContainers: swarm ? 1 : 0,
    oneBridge: network.attach === 'bridge',
    rangeVnodes: Math.max(rangeVnodes, vnodes),
    addresses: network.addresses,
  });
  const kernel = `${host.kernel.title}, ${scenario.limits} limits`;
  return { rows, title: `${amount(vnodes)} vnodes with ${amount(degree)} peers each on ${host.name} (${kernel})` };
}

function report(rows: readonly CeilingRow[], title: string, color: boolean): string {
  const colors = createColors(color);
  const head = ['', 'ceiling', 'in force', 'used', 'hit at', 'default'].map((cell) => colors.dim(cell));
  const lines = rows.map((row) => [
    row.ok ? colors.green('✓') : colors.red('✗'),
    row.title,
    amount(row.inForce),
    amount(row.demand),
    row.hitsAt === null ? 'never' : `${amount(row.hitsAt)} vnodes`,
    row.default,
  ]);
  const remedies = rows.map(({ ok, id, remedy }) => [ok ? '  ' : colors.red('✗ '), id, remedy]);
  return `${title}\n\n${table([head, ...lines], '  ')}\nWhat moves each:\n${table(remedies, '  ')}`;
}

export function limitsVerb(session: Session): Command {
  return verb(
    'limits',
    'the kernel ceilings that vnodes run into, and what moves each; nothing is simulated',
    [
      'limits --peers 100 --host pc3000',
      'limits --peers 33 --degree 32 --limits stock        a full mesh on an untouched kernel',
      'limits --peers 10000 --per-host 250 --host t7500 --json',
    ],
    { idle: READS_ONLY },
  )
    .option('--host <name>', 'host profile: a name or a file', 'pc3000')
    .option('--scenario <name>', 'what runs: a name or a file', 'swarm-100')
    .option('--peers <count>', 'vnodes of the whole range (default: as in the scenario)')
    .option('--per-host <count>', 'vnodes on one host (default: all)')
    .option('--degree <count>', 'peers that each vnode exchanges packets with (default: as the scenario has it)')
    .option('--tech <name>', 'container technology')
    .addOption(limitsOption())
    .addOption(setOption())
    .action((flags: LimitsFlags) => {
      const { rows, title } = rowsOf(flags, session);
      deliver(session, flags, { ceilings: rows }, report(rows, title, session.color), 'limits.json');
    });
}
