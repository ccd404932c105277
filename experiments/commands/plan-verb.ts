// The flags of `plan`.

import type { Command } from 'commander';
import { TECHNOLOGIES } from '../../models/index.js';
import { commandLineOf } from '../command-line.js';
import { executorOption, limitsOption, setOption, verb } from '../flags.js';
import type { Session } from '../session.js';
import { type PlanOptions, runPlan } from './plan.js';

export function planVerb(session: Session): Command {
  return verb('plan', 'how many hosts a range needs, and how many vnodes fit on one, from simulated runs', [
    'plan --peers 10000 --host pc3000',
    'plan --peers 10000 --host pc3000,t7500          compare two hosts',
    'plan --peers 500 --fleet pc3000:40,t7500:20     does it fit on what is there?',
    'plan --scenario pairs-100mbit --pairs 60 --host pc3000 --tech jail',
    'plan --peers 10000 --scenario idle --host pc3000 --compare-tech',
    'plan --peers 10000 --host pc3000 --set tolerance.goodput=90% --json',
    'plan --peers 1000 --host pc3000 --exact         check the composed answer',
  ])
    .option('--peers <count>', 'vnodes of the whole range (default: as in the scenario)')
    .option('--pairs <count>', 'the same in pairs, for a scenario of pairs')
    .option('--scenario <name>', 'what runs: a name or a file (default: swarm-100)')
    .option('--host <names>', 'host profiles, separated by commas: names or files')
    .option('--fleet <counts>', 'pack onto what is there, for example pc3000:40,t7500:20')
    .option('--tech <name>', `container technology: ${TECHNOLOGIES.join(', ')} (default: the first of the host)`)
    .option('--compare-tech', 'one table of all technologies: what binds each, and why they differ')
    .addOption(limitsOption())
    .addOption(setOption())
    .option('--whole', 'simulate downloads to their end instead of a window')
    .option('--exact', 'simulate every host of the range and the network between them; slow')
    .addOption(executorOption())
    .option('--strict', 'exit with 3 when the answer is extrapolated')
    .action(async (options: PlanOptions, command: Command) => {
      session.exitCode = await runPlan({ ...options, command: commandLineOf(command) }, session);
    });
}
