// A command in a vnode of a range that is up, on the caller's own terminal.

import { insideVnode } from './container.js';
import type { RunId } from './names.js';
import { hostShell } from './shell.js';

/** Without a command: a shell. @returns the command's exit code. */
export const execIn = (run: RunId, vnode: string, command: readonly string[]): Promise<number> => {
  const [program = '/bin/sh', ...args] = command;
  return hostShell().interactive(insideVnode(run, vnode, { program, args }));
};
