// `scenario`: the scenarios that can be named, and whether a file is one.

import { Command } from 'commander';
import { createColors } from 'picocolors';
import { stringify } from 'yaml';
import { z } from 'zod';
import { scenarioSchema, vnodeCount } from '../../models/index.js';
import { deliver, READS_ONLY, type StandardFlags, setOption, verb } from '../flags.js';
import { loadScenario, scenarioNames } from '../scenarios.js';
import type { Session } from '../session.js';
import { parseSetting, settingsOf } from '../settings.js';
import { table } from '../table.js';

interface ShowFlags extends StandardFlags {
  readonly set: readonly string[];
}

function list(session: Session): Command {
  return verb('list', 'the scenarios that can be named', ['scenario list'], { idle: READS_ONLY }).action(
    (flags: StandardFlags) => {
      const scenarios = scenarioNames().map((name) => loadScenario(name));
      const document = scenarios.map(({ name, description, workload }) => ({
        name,
        description,
        workload: workload.kind,
        vnodes: vnodeCount(workload),
      }));
      const { dim } = createColors(session.color);
      const head = ['name', 'workload', 'vnodes', 'what it is'].map((cell) => dim(cell));
      const rows = document.map((s) => [s.name, s.workload, String(s.vnodes), s.description]);
      deliver(session, flags, { scenarios: document }, table([head, ...rows]), 'scenarios.json');
    },
  );
}

function show(session: Session): Command {
  return verb(
    'show',
    'a scenario with all its defaults written out',
    ['scenario show swarm-100', 'scenario show swarm-100 --set scenario.link.up=64KB/s --json --out mine.json'],
    { idle: READS_ONLY },
  )
    .argument('<scenario>', 'a name or a file')
    .addOption(setOption())
    .action((name: string, flags: ShowFlags) => {
      const scenario = loadScenario(name, settingsOf(flags.set.map(parseSetting), 'scenario', []));
      const document = z.encode(scenarioSchema, scenario);
      deliver(session, flags, document, stringify(document), `${scenario.name}.json`);
    });
}

function validate(session: Session): Command {
  return verb(
    'validate',
    'checks a scenario; a mistake is told with file, line and column',
    ['scenario validate mine.yaml'],
    { idle: READS_ONLY },
  )
    .argument('<file>', 'a file, or a name')
    .action((name: string, flags: StandardFlags) => {
      const scenario = loadScenario(name);
      const vnodes = vnodeCount(scenario.workload);
      const text = `${name}: a valid scenario, ${scenario.name} (${scenario.workload.kind}, ${vnodes} vnodes)\n`;
      deliver(session, flags, { valid: true, name: scenario.name, vnodes }, text, 'validation.json');
    });
}

export function scenarioVerb(session: Session): Command {
  return new Command('scenario')
    .description('the scenarios there are, and what is wrong with a file')
    .addCommand(list(session))
    .addCommand(show(session))
    .addCommand(validate(session))
    .addHelpText('after', '\nExamples:\n  $ rangefit scenario list\n  $ rangefit scenario validate mine.yaml');
}
