// The flags that every verb has, and what they mean for what it gives.

import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Command, Option } from 'commander';
import { InputError } from '../models/index.js';
import type { Session } from './session.js';

export interface StandardFlags {
  readonly json?: boolean;
  /** A file, or a directory that is there, for the document. */
  readonly out?: string;
  readonly seed: string;
  readonly workers?: string;
  readonly quiet?: boolean;
}

const MOST_WORKERS = 256;

type StandardFlag = keyof StandardFlags;

/** Where help lists the flags that every verb takes, for scripts, and that change nothing in this one. */
const IDLE = 'Accepted as by every verb, without effect here:';

/** Flags of verbs that neither draw numbers nor simulate nor show progress. */
export const READS_ONLY: readonly StandardFlag[] = ['seed', 'workers', 'quiet'];

/**
 * A verb with the flags of all verbs; `examples` end its help, each a command line without `rangefit`.
 * @param idle those that have no effect.
 */
export function verb(
  name: string,
  description: string,
  examples: readonly string[],
  { idle = [] }: { readonly idle?: readonly StandardFlag[] } = {},
): Command {
  const flags: Readonly<Record<StandardFlag, Option>> = {
    json: new Option('--json', 'print the document and nothing else'),
    out: new Option('--out <path>', 'write the document to a file'),
    seed: new Option('--seed <text>', 'names all random streams').default('1'),
    workers: new Option('--workers <count>', 'threads to simulate on; 0: none beside this one (default: one a core)'),
    quiet: new Option('--quiet', 'no progress and no messages but errors'),
  };
  const command = new Command(name).description(description);
  for (const flag of Object.keys(flags) as StandardFlag[])
    command.addOption(idle.includes(flag) ? flags[flag].helpGroup(IDLE) : flags[flag]);
  const lines = examples.map((example) => `  $ rangefit ${example}`);
  return command.addHelpText('after', `\nExamples:\n${lines.join('\n')}`);
}

/** `--set`, as often as wanted. */
export const setOption = (): Option =>
  new Option('--set <path=value>', 'change a field, for example scenario.link.up=64KB/s or host.cores=1')
    .argParser((text: string, before: readonly string[]) => [...before, text])
    .default([], 'none');

/** Where plans and studies run their jobs. */
export const executorOption = (): Option =>
  new Option('--executor <address>', 'run on the workers that joined this Redis, for example redis://head:6379');

export const limitsOption = (): Option =>
  new Option('--limits <mode>', 'kernel ceilings: raised (set as `rangefit limits` says) or stock').choices([
    'raised',
    'stock',
  ]);

/** @throws InputError unless it is a whole number from `least` to `most`. */
export function countFrom(flag: string, text: string, most = 1_000_000, least = 1): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most)
    throw new InputError(flag, `a whole number from ${least} to ${most}`, JSON.stringify(text));
  return value;
}

/** Undefined: as many as there are cores. */
export function workersFrom(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,3}$/.test(text) || Number(text) > MOST_WORKERS)
    throw new InputError('--workers', `a whole number from 0 to ${MOST_WORKERS}`, JSON.stringify(text));
  return Number(text);
}

/** Writes what `--out` names; in a directory that is there, a file of the given name. @throws InputError. */
export function writeOut(out: string, name: string, text: string): void {
  try {
    const directory = out.endsWith('/') || (statSync(out, { throwIfNoEntry: false })?.isDirectory() ?? false);
    const file = directory ? join(out, name) : out;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  } catch (error) {
    throw new InputError('--out', 'a file that can be written', error instanceof Error ? error.message : String(error));
  }
}

/** Hands a verb's document over: to a file with `--out`, and to standard output as JSON or as `text`. */
export function deliver(session: Session, flags: StandardFlags, document: unknown, text: string, name: string): void {
  const json = `${JSON.stringify(document, null, 2)}\n`;
  if (flags.out !== undefined) writeOut(flags.out, name, json);
  session.out(flags.json ? json : text);
}

/**
 * Refuses flags given on the command line that have no effect beside `flag`, by their names in `options`.
 * @throws InputError
 */
export function checkBeside(flag: string, command: Command, isOdd: (name: string) => boolean, why: string): void {
  const beside = command.options.find(
    (option) => command.getOptionValueSource(option.attributeName()) === 'cli' && isOdd(option.attributeName()),
  );
  if (beside) throw new InputError(flag, `no ${beside.long} beside it: ${why}`, String(beside.long));
}
