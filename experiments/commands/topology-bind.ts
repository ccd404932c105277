// `topology bind` and `topology check`: which vnode runs on which host, as a file to be changed and checked.

import { type Command, Option } from 'commander';
import { stringify } from 'yaml';
import { type BindingGoal, InputError, resized, type Scenario } from '../../models/index.js';
import {
  type BindingDocument,
  type BindingFacts,
  bindingFacts,
  bindScenario,
  readBinding,
} from '../binding-document.js';
import { quoted } from '../documents/index.js';
import { countFrom, deliver, READS_ONLY, type StandardFlags, setOption, verb, writeOut } from '../flags.js';
import { parseFleet } from '../planner/index.js';
import { loadScenario } from '../scenarios.js';
import type { Session } from '../session.js';
import { parseSetting, settingsOf } from '../settings.js';
import { table } from '../table.js';

interface BindFlags extends StandardFlags {
  readonly fleet: string;
  readonly colocation: string;
  readonly minimise: BindingGoal;
  readonly peers?: string;
  readonly set: readonly string[];
}

type CheckFlags = Pick<BindFlags, 'peers' | 'set'> & StandardFlags;

function scenarioFrom(name: string, flags: Pick<BindFlags, 'peers' | 'set'>): Scenario {
  const scenario = loadScenario(name, settingsOf(flags.set.map(parseSetting), 'scenario', []));
  return flags.peers === undefined ? scenario : resized(scenario, countFrom('--peers', flags.peers));
}

/** `100`, or `pc3000=20,t7500=60`: the most vnodes on each kind of host. @throws InputError. */
function roomFrom(text: string, kinds: readonly string[]): (kind: string) => number {
  if (/^\d+$/.test(text)) {
    const room = countFrom('--colocation', text);
    return () => room;
  }
  const rooms = new Map(
    text.split(',').map((part) => {
      const [, kind, digits] = /^\s*([^=]+)=(\d+)\s*$/.exec(part) ?? [];
      if (kind === undefined || digits === undefined)
        throw new InputError('--colocation', 'a number, or HOST=NUMBER for each kind of host', quoted(part));
      return [kind, countFrom('--colocation', digits)] as const;
    }),
  );
  const without = kinds.find((kind) => !rooms.has(kind));
  if (without !== undefined) throw new InputError('--colocation', `a number for ${without}`, quoted(text));
  return (kind) => rooms.get(kind) as number;
}

function factsText({ hosts, vnodes, fullest, crossHost }: BindingFacts): string {
  return table([
    ['hosts', String(hosts)],
    ['vnodes', String(vnodes)],
    ['on the fullest host', String(fullest)],
    ['traffic between hosts', `${(100 * crossHost).toFixed(1)} %`],
  ]);
}

function give(session: Session, flags: StandardFlags, binding: BindingDocument, facts: BindingFacts): void {
  if (flags.out !== undefined) {
    const json = flags.out.toLowerCase().endsWith('.json');
    writeOut(flags.out, 'binding.yaml', json ? `${JSON.stringify(binding, null, 2)}\n` : stringify(binding));
  }
  const { out, ...told } = flags;
  deliver(session, told, binding, out === undefined ? stringify(binding) : factsText(facts), '');
}

export function bindVerb(session: Session): Command {
  return verb(
    'bind',
    'which vnode runs on which host; to standard output or to --out, to be changed by hand',
    [
      'topology bind ring-of-routers --fleet pc3000:20 --colocation 20 --out binding.yaml',
      'topology bind swarm-100 --peers 10000 --fleet pc3000:60,t7500:40 --colocation pc3000=60,t7500=160',
    ],
    { idle: READS_ONLY },
  )
    .argument('<scenario>', 'a name or a file')
    .requiredOption('--fleet <counts>', 'the hosts that are there, for example pc3000:40,t7500:20')
    .requiredOption('--colocation <counts>', 'the most vnodes on one host, or for each kind: pc3000=20,t7500=60')
    .addOption(
      new Option('--minimise <goal>', 'hosts in use, or traffic between hosts')
        .choices(['hosts', 'traffic'])
        .default('hosts'),
    )
    .option('--peers <count>', 'vnodes (default: as in the scenario)')
    .addOption(setOption())
    .action((name: string, flags: BindFlags) => {
      const scenario = scenarioFrom(name, flags);
      const fleet = parseFleet(flags.fleet);
      const room = roomFrom(
        flags.colocation,
        fleet.map(({ host }) => host),
      );
      const hosts = fleet.flatMap(({ host, count }) =>
        Array.from({ length: count }, (_, i) => ({ name: `${host}-${i + 1}`, kind: host, room: room(host) })),
      );
      const binding = bindScenario(scenario, hosts, flags.minimise);
      give(session, flags, binding, bindingFacts(binding, scenario));
    });
}

export function checkVerb(session: Session): Command {
  return verb(
    'check',
    'a binding that was changed: every vnode on one host, no host too full',
    ['topology check binding.yaml ring-of-routers'],
    { idle: READS_ONLY },
  )
    .argument('<binding>', 'a file of `topology bind`')
    .argument('<scenario>', 'a name or a file')
    .option('--peers <count>', 'vnodes (default: as in the scenario)')
    .addOption(setOption())
    .action((file: string, name: string, flags: CheckFlags) => {
      const scenario = scenarioFrom(name, flags);
      const facts = bindingFacts(readBinding(file, scenario), scenario);
      deliver(session, flags, facts, factsText(facts), 'binding-facts.json');
    });
}
