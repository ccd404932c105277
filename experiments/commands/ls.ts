// `ls`: the runs on this machine, or the vnodes of one.

import type { Command } from 'commander';
import { type KnownRun, knownRuns, runId } from '../../emu/index.js';
import { InputError } from '../../models/index.js';
import { deliver, READS_ONLY, type StandardFlags, verb } from '../flags.js';
import type { Session } from '../session.js';

function runList(runs: readonly KnownRun[]): string {
  if (runs.length === 0) return 'no runs\n';
  return runs
    .map(
      ({ run, state, scenario, since, vnodes }) =>
        `${run}  ${state.padEnd(4)}  ${vnodes.length} vnodes  ${scenario}  ${since}\n`,
    )
    .join('');
}

/** @throws InputError unless there is such a run. */
function find(runs: readonly KnownRun[], text: string): KnownRun {
  const run = runId(text);
  const known = runs.find((one) => one.run === run);
  if (!known)
    throw new InputError(
      'run',
      `a run that exists (${runs.map((one) => one.run).join(', ') || 'there is none'})`,
      text,
    );
  return known;
}

export function lsVerb(session: Session): Command {
  return verb('ls', 'the runs on this machine, or the vnodes of one', ['ls', 'ls 3fa2c1'], { idle: READS_ONLY })
    .argument('[run]', 'a run id')
    .action((run: string | undefined, flags: StandardFlags) => {
      const runs = knownRuns();
      if (run === undefined) deliver(session, flags, runs, runList(runs), 'runs.json');
      else {
        const known = find(runs, run);
        deliver(
          session,
          flags,
          known,
          known.vnodes.map(({ vnode, address }) => `${vnode}  ${address}\n`).join(''),
          'run.json',
        );
      }
    });
}
