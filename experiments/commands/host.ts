// `host`: the catalogue and the user's own profiles, with the source and uncertainty of every number.

import { Command } from 'commander';
import { createColors } from 'picocolors';
import { z } from 'zod';
import {
  type HostProfile,
  type HostProfileDocument,
  hostCatalogue,
  hostProfileSchema,
  resolveHost,
  type Technology,
} from '../../models/index.js';
import { deliver, type StandardFlags, setOption, verb } from '../flags.js';
import { loadHostProfile, ownProfiles } from '../hosts.js';
import type { Session } from '../session.js';
import { parseSetting, settingsOf } from '../settings.js';
import { table } from '../table.js';

interface ShowFlags extends StandardFlags {
  readonly tech?: Technology;
  readonly set: readonly string[];
}

interface ShownParameter {
  readonly value: string | number;
  readonly low?: string | number | undefined;
  readonly high?: string | number | undefined;
  readonly source: string;
  readonly note: string;
}

const isParameter = (value: unknown): value is ShownParameter =>
  typeof value === 'object' && value !== null && 'source' in value && 'value' in value;

/** The rows of a group and the groups below it: path, value, interval, source, note. */
function rowsOf(group: object, path = ''): string[][] {
  return Object.entries(group).flatMap(([name, value]: [string, unknown]) => {
    const here = path === '' ? name : `${path}.${name}`;
    if (isParameter(value)) {
      const interval = value.low === undefined && value.high === undefined ? '' : `${value.low}..${value.high}`;
      return [[here, String(value.value), interval, value.source, value.note]];
    }
    if (typeof value === 'object' && value !== null) return rowsOf(value, here);
    return [[here, String(value), '', '', '']];
  });
}

function listed(profile: HostProfile, from: string): string[] {
  const { name, title, platforms, defaultTechnology } = profile;
  const others = Object.keys(platforms).filter((technology) => technology !== defaultTechnology);
  return [name, [defaultTechnology, ...others].join(', '), from, title];
}

function list(session: Session): Command {
  return verb('list', 'the hosts that can be named', ['host list']).action((flags: StandardFlags) => {
    const own = ownProfiles(session.environment).filter(({ name }) => !Object.hasOwn(hostCatalogue, name));
    const mine = own.map(({ file }) => loadHostProfile(file, session.environment));
    const hosts = [
      ...Object.values(hostCatalogue).map((profile) => ({ profile, from: 'catalogue' })),
      ...mine.map((profile) => ({ profile, from: 'own' })),
    ];
    const document = hosts.map(({ profile, from }) => {
      const { name, title, platforms, defaultTechnology } = profile;
      return { name, title, from, technologies: Object.keys(platforms), defaultTechnology };
    });
    const { dim } = createColors(session.color);
    const head = ['name', 'technologies', 'from', 'what it is'].map((cell) => dim(cell));
    const text = table([head, ...hosts.map(({ profile, from }) => listed(profile, from))]);
    deliver(session, flags, { hosts: document }, text, 'hosts.json');
  });
}

function report(document: HostProfileDocument, technology: Technology, color: boolean): string {
  const { bold, dim } = createColors(color);
  const head = ['', 'value', '90 % interval', 'source', 'note'].map((cell) => dim(cell));
  const { name, title, hardware, platforms } = document;
  return [
    `${bold(name)}: ${title}\n`,
    `\nhardware\n${table([head, ...rowsOf(hardware)], '  ')}`,
    `\n${technology}\n${table([head, ...rowsOf(platforms[technology] ?? {})], '  ')}`,
    `\nIts technologies: ${Object.keys(platforms).join(', ')}. All of it: rangefit host show ${name} --json\n`,
  ].join('');
}

function show(session: Session): Command {
  return verb('show', 'every number of a host, with its source and uncertainty', [
    'host show pc3000',
    'host show pc3000 --tech jail',
    'host show pc3000 --json --out mine.json        a profile of your own to start from',
  ])
    .argument('<host>', 'a name or a file')
    .option('--tech <name>', 'container technology (default: the first of the host)')
    .addOption(setOption())
    .action((name: string, flags: ShowFlags) => {
      const settings = settingsOf(flags.set.map(parseSetting), 'host', []);
      const profile = loadHostProfile(name, session.environment, flags.tech, settings);
      const { technology } = resolveHost(profile, flags.tech, 'raised');
      const document = z.encode(hostProfileSchema, profile);
      deliver(session, flags, document, report(document, technology, session.color), `${profile.name}.json`);
    });
}

function validate(session: Session): Command {
  return verb('validate', 'checks a host profile; a mistake is told with file, line and column', [
    'host validate mine.json',
  ])
    .argument('<file>', 'a file, or a name')
    .action((name: string, flags: StandardFlags) => {
      const profile = loadHostProfile(name, session.environment);
      const technologies = Object.keys(profile.platforms);
      const text = `${name}: a valid profile of ${profile.name} (${technologies.join(', ')})\n`;
      deliver(session, flags, { valid: true, name: profile.name, technologies }, text, 'validation.json');
    });
}

export function hostVerb(session: Session): Command {
  return new Command('host')
    .description('the hosts there are, and where each of their numbers comes from')
    .addCommand(list(session))
    .addCommand(show(session))
    .addCommand(validate(session))
    .addHelpText('after', '\nExamples:\n  $ rangefit host list\n  $ rangefit host show pc3000');
}
