// `topology`: networks to run on, made, read, looked at.

import { Argument, Command, Option } from 'commander';
import {
  attachVnodes,
  formatDuration,
  formatRate,
  type Generator,
  generate,
  generatorKinds,
  generatorSchema,
  InputError,
  linkCount,
  parseDuration,
  parseRate,
  routersOf,
  type TargetNetwork,
  vnodesOf,
} from '../../models/index.js';
import { randomStream } from '../../sim/index.js';
import { check, escaped, fieldsOf, parseDocument, quoted, shapeOf } from '../documents/index.js';
import { countFrom, deliver, READS_ONLY, type StandardFlags, verb, writeOut } from '../flags.js';
import type { Session } from '../session.js';
import { settingFor, withSettings } from '../settings.js';
import { table } from '../table.js';
import { networkPicture, networkText, readNetwork } from '../topologies/index.js';
import { assignVerb } from './topology-assign.js';
import { bindVerb, checkVerb } from './topology-bind.js';
import { distillVerb } from './topology-distill.js';

interface AttachFlags extends StandardFlags {
  readonly attach?: string;
  readonly up: string;
  readonly down: string;
  readonly accessDelay: string;
}

const attachOptions = (command: Command): Command =>
  command
    .option('--attach <count>', 'vnodes to attach, in turn to its stubs or else to all its routers')
    .option('--up <rate>', 'of the link of each attached vnode', '10Mbit/s')
    .option('--down <rate>', 'of the link of each attached vnode', '10Mbit/s')
    .option('--access-delay <duration>', 'of the link of each attached vnode', '1ms');

function quantity(flag: string, text: string, parse: (text: string) => number | undefined, such: string): number {
  const value = parse(text);
  if (value === undefined) throw new InputError(flag, such, quoted(text));
  return value;
}

function attached(network: TargetNetwork, flags: AttachFlags): TargetNetwork {
  if (flags.attach === undefined) return network;
  const access = (flag: string, text: string) => ({
    rate: quantity(flag, text, parseRate, 'a rate such as 10Mbit/s'),
    delay: quantity('--access-delay', flags.accessDelay, parseDuration, 'a duration such as 1ms'),
    loss: 0,
    queue: undefined,
  });
  const count = countFrom('--attach', flags.attach, 100_000);
  return attachVnodes(network, count, access('--up', flags.up), access('--down', flags.down));
}

interface Description {
  readonly routers: number;
  readonly vnodes: number;
  readonly links: number;
  readonly pipes: number;
  readonly rates: { readonly low: number; readonly high: number };
  readonly delays: { readonly low: number; readonly high: number };
}

function describe(network: TargetNetwork): Description {
  const range = (values: readonly number[]) => ({
    low: values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
    high: values.reduce((a, b) => Math.max(a, b), 0),
  });
  return {
    routers: routersOf(network).length,
    vnodes: vnodesOf(network).length,
    links: linkCount(network),
    pipes: network.pipes.length,
    rates: range(network.pipes.map(({ rate }) => rate)),
    delays: range(network.pipes.map(({ delay }) => delay)),
  };
}

function descriptionText({ routers, vnodes, links, pipes, rates, delays }: Description): string {
  return table([
    ['routers', String(routers)],
    ['vnodes', String(vnodes)],
    ['links', `${links} (${pipes} pipes, one way each)`],
    ['rates', `${formatRate(rates.low)} to ${formatRate(rates.high)}`],
    ['delays', `${formatDuration(delays.low)} to ${formatDuration(delays.high)}`],
  ]);
}

/** To the file of `--out` in its own format, or to standard output as GML; with `--json` what it is. */
function give(session: Session, flags: StandardFlags, network: TargetNetwork): void {
  const text = networkText(flags.out ?? 'network.gml', network);
  if (flags.out !== undefined) writeOut(flags.out, 'network.gml', text);
  const { out: _, ...told } = flags;
  const description = describe(network);
  deliver(session, told, description, flags.out === undefined ? text : descriptionText(description), '');
}

const words = (field: string): string => field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const FIELDS = fieldsOf(shapeOf(generatorSchema)).filter((field) => field !== 'kind' && field !== 'closed');

/** The kinds of network that have this field, with its default where it has one. */
function kindsWith(field: string): string[] {
  const kinds = (shapeOf(generatorSchema).oneOf ?? []).flatMap(({ properties = {} }) => {
    const kind = properties.kind?.const;
    return Object.hasOwn(properties, field) ? [String(kind)] : [];
  });
  return kinds.length === generatorKinds.length ? ['every link between routers'] : kinds;
}

/** @throws InputError for a field that this kind of network does not have, or a value that it cannot have. */
function generatorFrom(kind: string, flags: Readonly<Record<string, unknown>>): Generator {
  const empty = parseDocument('topology.json', JSON.stringify({ kind }));
  const settings = FIELDS.flatMap((field) => {
    const value = flags[field];
    if (typeof value !== 'string') return [];
    const [setting] = settingFor(`--${words(field)}`, 'scenario', field, value);
    return setting ? [/^0?\.\d+$/.test(value) ? { ...setting, value: Number(value) } : setting] : [];
  });
  if (flags.open === true) settings.push({ group: 'scenario', path: ['closed'], value: false, flag: '--open' });
  return check(withSettings(empty, generatorSchema, settings), generatorSchema, 'scenario');
}

function create(session: Session): Command {
  const command = verb(
    'create',
    'a network by its kind; its file to standard output, or to --out',
    [
      'topology create ring --routers 20 --rate 20Mbit/s --attach 400 --up 2Mbit/s --down 2Mbit/s --out ring.gml',
      'topology create transit-stub --transits 4 --stubs 3 --routers 8 --seed 7 --out internet.graphml',
    ],
    { idle: ['workers', 'quiet'] },
  ).addArgument(new Argument('<kind>', 'what it looks like').choices([...generatorKinds]));
  for (const field of FIELDS) command.option(`--${words(field)} <value>`, `of ${kindsWith(field).join(', ')}`);
  command.addOption(new Option('--open', 'a ring that is not closed'));
  return attachOptions(command).action((kind: string, flags: AttachFlags & Record<string, unknown>) => {
    const network = generate(generatorFrom(kind, flags), randomStream(flags.seed, 'topology'));
    give(session, flags, attached(network, flags));
  });
}

function convert(session: Session): Command {
  return attachOptions(
    verb(
      'convert',
      'a file in another format: the ending of --out says which',
      ['topology convert abilene.gml --attach 1000 --out abilene.graphml'],
      { idle: READS_ONLY },
    ).argument('<file>', 'GML, GraphML, GEXF, or an experiment of Emulab (.ns)'),
  ).action((file: string, flags: AttachFlags) => give(session, flags, attached(readNetwork(file), flags)));
}

function look(session: Session): Command {
  return verb('describe', 'routers, vnodes, links, rates and delays of a network', ['topology describe abilene.gml'], {
    idle: READS_ONLY,
  })
    .argument('<file>', 'GML, GraphML, GEXF, or an experiment of Emulab (.ns)')
    .action((file: string, flags: StandardFlags) => {
      const description = describe(readNetwork(file));
      deliver(session, flags, description, descriptionText(description), 'description.json');
    });
}

function draw(session: Session): Command {
  return verb(
    'draw',
    'a picture (SVG), to standard output or to --out',
    ['topology draw abilene.gml --out abilene.svg'],
    { idle: READS_ONLY },
  )
    .argument('<file>', 'GML, GraphML, GEXF, or an experiment of Emulab (.ns)')
    .action((file: string, flags: StandardFlags) => {
      const picture = networkPicture(readNetwork(file), file);
      if (flags.out === undefined) session.out(flags.json ? `${JSON.stringify({ svg: picture })}\n` : picture);
      else writeOut(flags.out, 'network.svg', picture);
    });
}

function validate(session: Session): Command {
  return verb('validate', 'checks a network; a mistake is told with file and line', ['topology validate abilene.gml'], {
    idle: READS_ONLY,
  })
    .argument('<file>', 'GML, GraphML, GEXF, or an experiment of Emulab (.ns)')
    .action((file: string, flags: StandardFlags) => {
      const { routers, vnodes, links } = describe(readNetwork(file));
      const text = `${escaped(file)}: a valid network (${routers} routers, ${vnodes} vnodes, ${links} links)\n`;
      deliver(session, flags, { valid: true, routers, vnodes, links }, text, 'validation.json');
    });
}

export function topologyVerb(session: Session): Command {
  return new Command('topology')
    .description('networks to run on: make, convert, describe, draw, validate; distill, assign, bind')
    .addCommand(create(session))
    .addCommand(convert(session))
    .addCommand(look(session))
    .addCommand(draw(session))
    .addCommand(validate(session))
    .addCommand(distillVerb(session))
    .addCommand(assignVerb(session))
    .addCommand(bindVerb(session))
    .addCommand(checkVerb(session))
    .addHelpText(
      'after',
      '\nExamples:\n  $ rangefit topology create ring --out ring.gml\n  $ rangefit topology draw ring.gml --out ring.svg',
    );
}
