// Programs in vnodes: one that is waited for, and those that stay.

import { readFileSync } from 'node:fs';
import { inBackground, insideVnode } from './container.js';
import type { Range, Vnode } from './range.js';
import { type Command, CommandFailed, type Outcome } from './shell.js';

/** Runs a program in a vnode and waits for its end, whatever its code. */
export const attachTo = (range: Range, vnode: Vnode, command: Command): Promise<Outcome> =>
  range.shell.attempt(insideVnode(range.run, vnode.name, command));

/**
 * Starts a program that stays; what it prints goes to the vnode's output unless told otherwise. A start that a signal
 * ended before the program was there is made again, once, and remarked on: one lost start in hundreds of vnodes would
 * otherwise cost the run.
 * @throws CommandFailed when it does not start; the run's reason when it was aborted meanwhile
 */
export async function launchIn(range: Range, vnode: Vnode, command: Command): Promise<void> {
  const start = insideVnode(range.run, vnode.name, inBackground({ output: vnode.places.output, ...command }));
  const before = programsOf(vnode).length;
  let outcome = await range.shell.attempt(start);
  if (outcome.killed) {
    range.signal.throwIfAborted();
    if (programsOf(vnode).length > before) return;
    range.remarks.push(`${command.program} was started twice in ${vnode.name}, the first start ${outcome.stderr}`);
    outcome = await range.shell.attempt(start);
  }
  if (outcome.code !== 0) throw new CommandFailed(start, outcome);
}

/** Process ids of the programs that were started in a vnode and run, as this machine counts; its init adopts them. */
export function programsOf({ init }: Pick<Vnode, 'init'>): number[] {
  try {
    const children = readFileSync(`/proc/${init}/task/${init}/children`, 'utf8').trim();
    return children === '' ? [] : children.split(' ').map(Number);
  } catch {
    return [];
  }
}
