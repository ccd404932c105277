// Help: every verb and what is below it has examples, and each example is a command line that the program takes.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { root } from '../built.js';
import { grammar, parses, wordsOf } from './grammar.js';
import { rangefit } from './session.js';

/** What a verb of its own grammar has none of: the words after `exec` are another command's. */
const OWN_FLAGS = ['exec', 'completion'];
const STANDARD = ['--json', '--out', '--seed', '--workers', '--quiet'];

/** Every command that help shows, by its words. */
function commandsBelow(command: Command, words: readonly string[] = []): (readonly [words: string[], Command])[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .filter((below) => below.name() !== 'help')
    .flatMap((below) => {
      const path = [...words, below.name()];
      return [[path, below] as const, ...commandsBelow(below, path)];
    });
}

/** Examples in a help text, as words of a command line; the remark after two spaces is none of it. */
function examplesOf(help: string): string[][] {
  return [...help.matchAll(/^ {2}\$ (?:eval "\$\()?rangefit (.*)$/gm)].map(([, line = '']) => wordsOf(line));
}

const commands = commandsBelow(grammar());

describe('help', () => {
  it('of the program names all verbs', async () => {
    const { code, out } = await rangefit(['--help']);
    expect(code).toBe(0);
    for (const [words] of commands.filter(([{ length }]) => length === 1)) expect(out).toMatch(`\n  ${words[0]} `);
    expect((await rangefit(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('has no verb that the README does not tell of', () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    const told = [...readme.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, cell = '']) => cell.match(/[a-z]+/g) ?? []);
    expect(commands.flatMap(([words]) => words).filter((word) => !told.includes(word))).toEqual([]);
  });

  it.each(commands.map(([words, command]) => [words.join(' '), words, command] as const))(
    'of %s has examples of it, each a command line that parses, and the standard flags',
    async (name, words, command) => {
      const { code, out, err } = await rangefit([...words, '--help']);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      const examples = examplesOf(out);
      expect(
        examples.map((example) => example.join(' ')).filter((line) => `${line} `.startsWith(`${name} `)),
      ).not.toEqual([]);
      for (const example of examples) await parses(example);
      const group = command.commands.length > 0;
      if (!group && !OWN_FLAGS.includes(name)) for (const flag of STANDARD) expect(out).toContain(flag);
    },
  );

  it.each([
    ['plan', []],
    ['whatif', []],
    ['simulate', []],
    ['host fit', []],
    ['worker', ['--json', '--out', '--seed']],
    ['explore', ['--json', '--out']],
    ['limits', ['--seed', '--workers', '--quiet']],
    ['schema', ['--seed', '--workers', '--quiet']],
    ['report', ['--seed', '--workers', '--quiet']],
    ['export', ['--json', '--seed', '--workers', '--quiet']],
    ['topology create', ['--workers', '--quiet']],
    ['emulate', ['--workers']],
    ['watch', ['--seed', '--workers']],
  ])('of %s says which of the standard flags change nothing: %j', async (name, idle) => {
    const { out } = await rangefit([...name.split(' '), '--help']);
    const [, told = ''] = /\nAccepted as by every verb, without effect here:\n(.*?)\n\n/s.exec(out) ?? [];
    expect([...told.matchAll(/^ +(--\w+)/gm)].map(([, flag]) => flag)).toEqual(idle);
  });

  it('would not pass examples with flags that are not there, or without what is needed', async () => {
    for (const line of ['plan --hots pc3000', 'simulate idle', 'host sow pc3000', 'limits --limits rised'])
      await expect(parses(line.split(' '))).rejects.toThrow();
  });
});
