// `host`: the catalogue and the user's own profiles, with the source and uncertainty of every number.

import { Command } from 'commander';
import { createColors } from 'picocolors';
import { z } from 'zod';
import { heldOutCheck } from '../../calibration/index.js';
import {
  type HostProfile,
  type HostProfileDocument,
  hostCatalogue,
  hostProfileSchema,
  resolveHost,
  type Technology,
} from '../../models/index.js';
import { attended } from '../attended-runs.js';
import {
  calibrationReport,
  checkOwnName,
  fitObservations,
  heldOutTable,
  loadObservations,
  saveProfile,
} from '../calibrate/index.js';
import { commandLineOf } from '../command-line.js';
import { ExitCode } from '../exit-codes.js';
import { deliver, READS_ONLY, type StandardFlags, setOption, verb } from '../flags.js';
import { loadHostProfile, ownProfiles } from '../hosts.js';
import type { Session } from '../session.js';
import { parseSetting, settingsOf } from '../settings.js';
import { table } from '../table.js';
import { hostImport } from './host-import.js';
import { hostInterference } from './host-interference.js';

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
  return verb('list', 'the hosts that can be named', ['host list'], { idle: READS_ONLY }).action(
    (flags: StandardFlags) => {
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
    },
  );
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
  return verb(
    'show',
    'every number of a host, with its source and uncertainty',
    [
      'host show pc3000',
      'host show pc3000 --tech jail',
      'host show pc3000 --json --out mine.json        a profile of your own to start from',
    ],
    { idle: READS_ONLY },
  )
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
  return verb(
    'validate',
    'checks a host profile; a calibrated one also against the observations that were held out of its fit',
    ['host validate mine.json', 'host validate here'],
    { idle: READS_ONLY },
  )
    .argument('<file>', 'a file, or a name')
    .action((name: string, flags: StandardFlags) => {
      const profile = loadHostProfile(name, session.environment);
      const technologies = Object.keys(profile.platforms);
      const heldOut = profile.calibration ? heldOutCheck(profile.calibration) : null;
      const valid = `${name}: a valid profile of ${profile.name} (${technologies.join(', ')})\n`;
      const text = heldOut ? `${valid}held out of its fit\n${heldOutTable(heldOut, session.color)}` : valid;
      deliver(session, flags, { valid: true, name: profile.name, technologies, heldOut }, text, 'validation.json');
      if (heldOut && heldOut.count > 0 && !heldOut.ok) session.exitCode = ExitCode.miss;
    });
}

function fitAgain(session: Session): Command {
  return verb('fit', 'fits a profile to observations again, without measuring', [
    'host fit here                                  the observations of `calibrate --name here`',
    'host fit mine/observations.json',
  ])
    .argument('<observations>', 'the name of a calibration, or a file')
    .action(async (name: string, flags: StandardFlags, command: Command) => {
      const observations = loadObservations(name, session.environment);
      checkOwnName(observations.name);
      const profile = await attended(session, flags, 'the fit', (runs, phase) =>
        fitObservations(observations, runs, { seed: flags.seed, command: commandLineOf(command) }, phase),
      );
      const file = saveProfile(session.environment, profile);
      if (!flags.quiet) session.err(`profile: ${file}\n`);
      const document = z.encode(hostProfileSchema, profile);
      deliver(session, flags, document, calibrationReport(profile, session.color), `${profile.name}.json`);
    });
}

export function hostVerb(session: Session): Command {
  return new Command('host')
    .description('the hosts there are, and where each of their numbers comes from')
    .addCommand(list(session))
    .addCommand(show(session))
    .addCommand(validate(session))
    .addCommand(fitAgain(session))
    .addCommand(hostImport(session))
    .addCommand(hostInterference(session))
    .addHelpText('after', '\nExamples:\n  $ rangefit host list\n  $ rangefit host show pc3000');
}
