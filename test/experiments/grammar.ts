// The grammar of the command line: the verbs as they are, none of which is run, to say whether they take a line.

import { Command } from 'commander';
import { verbs } from '../../experiments/commands/index.js';
import type { Session } from '../../experiments/session.js';

/** All verbs, with nothing behind them. */
export function grammar(): Command {
  const session: Session = { environment: {}, out: () => {}, err: () => {}, color: false, exitCode: 0 };
  const root = new Command('rangefit').enablePositionalOptions();
  for (const verb of verbs) root.addCommand(verb(session));
  const silence = (command: Command): void => {
    command.exitOverride().configureOutput({ writeErr: () => {}, writeOut: () => {} });
    if (command.commands.length === 0 || command.registeredArguments.length > 0) command.action(() => {});
    for (const below of command.commands) silence(below);
  };
  silence(root);
  return root;
}

/** Words of a command line as a shell has them, up to where another command, a file or a remark begins. */
export function wordsOf(line: string): string[] {
  const [command = ''] = line.split(/ {2,}|\)"| #| \d?[>|&]|;/);
  return [...command.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? '');
}

/** @throws CommanderError for flags that are not there, or lack what they need, and for values that they do not take. */
export const parses = (words: readonly string[]): Promise<unknown> => grammar().parseAsync(words, { from: 'user' });
