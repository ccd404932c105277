// `topology distill`: what each distillation of a scenario's network costs, how far off it is, and which to take.

import type { Command } from 'commander';
import { createColors } from 'picocolors';
import { InputError, resolveHost } from '../../models/index.js';
import { attended } from '../attended-runs.js';
import { chooseDistillation, type DistillationChoice, type DistillationRow } from '../distillation-choice.js';
import { deliver, type StandardFlags, setOption, verb } from '../flags.js';
import { loadHostProfile } from '../hosts.js';
import { tolerancesFrom } from '../plan-request.js';
import { loadScenario } from '../scenarios.js';
import type { Session } from '../session.js';
import { parseSetting, settingsOf } from '../settings.js';
import { table } from '../table.js';

interface DistillFlags extends StandardFlags {
  readonly host: string;
  readonly set: readonly string[];
}

const rounded = (value: number): string => String(Number(value.toPrecision(3)));

function rowText(row: DistillationRow, chosen: DistillationRow): string[] {
  const { name, pipes, links, pipesPerPacket, memory, inaccuracy, worst, ok } = row;
  return [
    row === chosen ? '>' : '',
    name,
    String(pipes),
    String(links),
    `${rounded(pipesPerPacket.mean)} (at most ${pipesPerPacket.most})`,
    `${rounded(memory / 1e6)} MB`,
    worst === null ? 'none' : `${rounded(inaccuracy)} (${worst})`,
    ok ? '✓' : '✗',
  ];
}

function report({ rows, chosen, vnodes }: DistillationChoice, color: boolean): string {
  const { dim } = createColors(color);
  const head = ['', 'distillation', 'pipes', 'links', 'pipes a packet', 'in flight', 'inaccuracy', ''];
  return [
    table([head.map((cell) => dim(cell)), ...rows.map((row) => rowText(row, chosen))]),
    `\nThe cheapest within the tolerances: ${chosen.name}. Inaccuracy is the distance from the whole network in the worst\n`,
    `metric, in tolerances; traffic of ${vnodes} vnodes simulated on ideal hosts over each.\n`,
  ].join('');
}

export function distillVerb(session: Session): Command {
  return verb('distill', "what each distillation of a scenario's network costs, and how far off it is", [
    'topology distill mine.yaml',
    'topology distill mine.yaml --set scenario.network.topology.file=abilene.gml --set tolerance.goodput=90%',
  ])
    .argument('<scenario>', 'a scenario with a network: a name or a file')
    .option('--host <name>', 'whose kernel the vnodes have', 'pc3000')
    .addOption(setOption())
    .action(async (name: string, flags: DistillFlags) => {
      const settings = flags.set.map(parseSetting);
      const scenario = loadScenario(name, settingsOf(settings, 'scenario', ['tolerance']));
      if (!scenario.network.topology) throw new InputError(name, 'a scenario with network.topology', 'none');
      const host = resolveHost(loadHostProfile(flags.host, session.environment), undefined, scenario.limits);
      const tolerances = tolerancesFrom(settings);
      const choice = await attended(session, flags, 'distillations', (runs) =>
        chooseDistillation(scenario, host, flags.seed, tolerances, runs),
      );
      deliver(session, flags, choice, report(choice, session.color), 'distillations.json');
    });
}
