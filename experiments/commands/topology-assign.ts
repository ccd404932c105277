// `topology assign`: what crosses between emulation cores under each way to share a network's links out among them.

import type { Command } from 'commander';
import { InputError, resolveHost } from '../../models/index.js';
import { attended } from '../attended-runs.js';
import { type Crossings, compareAssignments } from '../core-assignment.js';
import { countFrom, deliver, type StandardFlags, setOption, verb } from '../flags.js';
import { loadHostProfile } from '../hosts.js';
import { loadScenario } from '../scenarios.js';
import type { Session } from '../session.js';
import { parseSetting, settingsOf } from '../settings.js';
import { table } from '../table.js';

interface AssignFlags extends StandardFlags {
  readonly cores: string;
  readonly tries: string;
  readonly set: readonly string[];
}

function report(tried: readonly Crossings[], cores: number): string {
  const rows = (['k-clusters', 'random', 'optimum'] as const).flatMap((method) => {
    const own = tried.filter((one) => one.method === method).sort((a, b) => a.crossings - b.crossings);
    const [best, worst] = [own[0], own.at(-1)];
    if (!best || !worst) return [[method, 'too many links, or no time']];
    const mean = own.reduce((sum, { crossings, moved }) => sum + crossings / moved, 0) / own.length;
    const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
    return [
      [
        method,
        percent(mean),
        own.length > 1 ? `${percent(best.crossings / best.moved)} to ${percent(worst.crossings / worst.moved)}` : '',
      ],
    ];
  });
  return `Of the packets moved, handed from core to core, on ${cores} cores:\n\n${table([['', 'mean', 'over the seeds'], ...rows], '  ')}`;
}

export function assignVerb(session: Session): Command {
  return verb(
    'assign',
    "how to share a network's links out among emulation cores: what crosses between them, simulated",
    [
      'topology assign ring-of-routers --cores 4',
      'topology assign small.yaml --cores 2 --json       with the core of each link',
    ],
  )
    .argument('<scenario>', 'a scenario of pairs with a network: a name or a file')
    .option('--cores <count>', 'emulation cores', '2')
    .option('--tries <count>', 'seeds of k-clusters and random assignments', '10')
    .addOption(setOption())
    .action(async (name: string, flags: AssignFlags) => {
      const scenario = loadScenario(name, settingsOf(flags.set.map(parseSetting), 'scenario', []));
      const { network, workload } = scenario;
      if (!network.topology) throw new InputError(name, 'a scenario with network.topology', 'none');
      if (workload.kind !== 'pairs')
        throw new InputError(name, 'pairs, of which it is known who talks to whom', workload.kind);
      const cores = countFrom('--cores', flags.cores, 64);
      const tries = countFrom('--tries', flags.tries, 100);
      const host = resolveHost(loadHostProfile('pc3000', session.environment), undefined, scenario.limits);
      const seeds = Array.from({ length: tries }, (_, i) => `${flags.seed}/${i + 1}`);
      const tried = await attended(session, flags, 'assignments', (runs) =>
        compareAssignments(scenario, host, cores, seeds, runs),
      );
      deliver(session, flags, { cores, assignments: tried }, report(tried, cores), 'assignments.json');
    });
}
