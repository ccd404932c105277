// The program: all verbs under one roof, and one place where errors become a message and an exit code.

import { Command } from 'commander';
import { verbs } from './commands/index.js';
import { escaped } from './documents/index.js';
import { ExitCode, failureOf } from './exit-codes.js';
import { packageVersion } from './package-root.js';
import type { Session } from './session.js';

const WELCOME = `rangefit says how many virtual nodes fit on one host before the experiment stops being faithful.

  rangefit plan --peers 10000 --host pc3000     how many hosts for 10,000 peers?
  rangefit host list                            which hosts are there?
  rangefit --help                               all verbs
`;

/** Output and exit of a command and all below it go through the session, not the process. */
function attach(command: Command, session: Session): Command {
  command.exitOverride().configureOutput({
    writeOut: (text) => session.out(text),
    writeErr: (text) => session.err(text),
    // One line, a suggestion included.
    outputError: (text, write) => write(`${escaped(text.trim().replace(/\s*\n\s*/g, ' '))}\n`),
    getOutHasColors: () => session.color,
  });
  for (const below of command.commands) attach(below, session);
  return command;
}

/** The whole command line, for one session. */
function program(session: Session): Command {
  const root = new Command('rangefit')
    .description('How many virtual nodes fit on a test-range host before the experiment stops being faithful.')
    .version(packageVersion())
    .showHelpAfterError(false)
    // What follows `exec RUN VNODE` belongs to the command there.
    .enablePositionalOptions()
    .addHelpText('after', '\nFirst:\n  $ rangefit plan --peers 10000 --host pc3000');
  for (const verb of verbs) root.addCommand(verb(session));
  return attach(root, session);
}

/** Runs one command line. Never throws. @returns the exit code. */
export async function runProgram(words: readonly string[], session: Session): Promise<number> {
  if (words.length === 0) {
    session.out(WELCOME);
    return ExitCode.done;
  }
  try {
    await program(session).parseAsync(words, { from: 'user' });
    return session.exitCode;
  } catch (error) {
    const { code, message } = failureOf(error);
    if (message !== '') session.err(message);
    return code;
  }
}
