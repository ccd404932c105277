// The command line that gives a document, as it can be typed again: no path of this machine, nothing that changes no byte.

import { basename } from 'node:path';
import type { Command } from 'commander';
import type { RunRecord } from '../models/index.js';
import { isFile } from './names.js';

/** Where the result goes and how it is computed; not what it is. */
const BESIDE_THE_POINT: ReadonlySet<string> = new Set(
  'json out workers quiet format trace strict executor resume slurm parts part'.split(' '),
);

/** One word for a POSIX shell. */
export const quoted = (word: string): string =>
  /^[\w./:=,%@+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/** `rangefit` and words, quoted where the shell needs it. */
export const commandOf = (words: readonly string[]): string => ['rangefit', ...words].map(quoted).join(' ');

/** Files lose their folder, those of a list as well; the values of a setting are none. */
const shown = (value: string): string =>
  value.includes('=')
    ? value
    : value
        .split(',')
        .map((one) => (isFile(one) ? basename(one) : one))
        .join(',');

/** The verb as it is typed: `host fit` is one below another. */
const verbOf = (command: Command): string[] => (command.parent ? [...verbOf(command.parent), command.name()] : []);

/** The command line of a verb that was called: its arguments, and the flags that were given, in the order of the help. */
export function commandLineOf(command: Command): string {
  const words: string[] = [...verbOf(command), ...command.args.map(shown)];
  for (const option of command.options) {
    const name = option.attributeName();
    if (BESIDE_THE_POINT.has(name) || command.getOptionValueSource(name) !== 'cli') continue;
    const value: unknown = command.getOptionValue(name);
    if (typeof value === 'boolean') words.push(option.long ?? '');
    else for (const one of [value].flat()) words.push(option.long ?? '', shown(String(one)));
  }
  return commandOf(words);
}

/** The record with the command line that gave it. */
export const madeBy = (command: Command, { provenance, ...rest }: RunRecord): RunRecord => ({
  ...rest,
  provenance: { ...provenance, command: commandLineOf(command) },
});
