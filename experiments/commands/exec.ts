// `exec RUN VNODE [COMMAND...]`: a command, or a shell, in a vnode. The command's own exit code is passed through.

import { Command } from 'commander';
import { execIn, knownRuns, runId } from '../../emu/index.js';
import { InputError } from '../../models/index.js';
import type { Session } from '../session.js';

/** More names than these do not help. */
const SHOWN = 12;

/** @returns the command's code. @throws InputError for an unknown run or vnode. */
async function run(text: string, vnode: string, command: readonly string[]): Promise<number> {
  const id = runId(text);
  const known = knownRuns().find((one) => one.run === id);
  if (!known || known.state === 'dead') throw new InputError('run', 'a run that is up, as `rangefit ls` shows', text);
  const names = known.vnodes.map((one) => one.vnode);
  if (!names.includes(vnode))
    throw new InputError(
      'vnode',
      `one of ${names.slice(0, SHOWN).join(', ')}${names.length > SHOWN ? ', ...' : ''}`,
      vnode,
    );
  return execIn(id, vnode, command);
}

/** Without the flags of other verbs: all that follows the vnode belongs to the command. */
export function execVerb(session: Session): Command {
  return new Command('exec')
    .description('a command, or a shell, in a vnode of a range that is up')
    .argument('<run>', 'a run id')
    .argument('<vnode>', 'a name that `ls RUN` shows')
    .argument('[command...]', 'default: a shell')
    .passThroughOptions()
    .addHelpText('after', '\nExamples:\n  $ rangefit exec 3fa2c1 peer-1 ip route\n  $ rangefit exec 3fa2c1 peer-1')
    .action(async (id: string, vnode: string, command: string[]) => {
      session.exitCode = await run(id, vnode, command);
    });
}
