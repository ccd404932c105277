// `clean`: removes what dead runs left; `clean RUN` and `clean --all` stop live and kept ones first.

import type { Command } from 'commander';
import { type Cleaned, clean, hostShell, knownRuns, runId } from '../../emu/index.js';
import { InputError } from '../../models/index.js';
import { ExitCode } from '../exit-codes.js';
import { deliver, READS_ONLY, type StandardFlags, verb } from '../flags.js';
import type { Session } from '../session.js';

function cleanReport(cleaned: readonly Cleaned[]): string {
  if (cleaned.length === 0) return 'nothing to clean\n';
  return cleaned
    .map(
      ({ run, state, failures }) => `run ${run} (${state}): ${failures.length === 0 ? 'removed' : 'not all removed'}\n`,
    )
    .join('');
}

export function cleanVerb(session: Session): Command {
  return verb(
    'clean',
    'remove what dead runs left; with a run or --all, stop it first',
    ['clean', 'clean 3fa2c1', 'clean --all'],
    { idle: READS_ONLY },
  )
    .argument('[run]', 'a run id')
    .option('--all', 'every run, live ones too')
    .action(async (run: string | undefined, flags: StandardFlags & { readonly all?: boolean }) => {
      const which = run === undefined ? (flags.all ? 'all' : 'dead') : runId(run);
      if (run !== undefined && !knownRuns().some((known) => known.run === run))
        throw new InputError('run', 'a run that exists, as `rangefit ls` shows', run);
      const cleaned = await clean(hostShell(), which);
      deliver(session, flags, cleaned, cleanReport(cleaned), 'clean.json');
      const failures = cleaned.flatMap(({ run: one, failures: its }) => its.map((why) => `run ${one}: ${why}`));
      for (const failure of failures) session.err(`could not remove: ${failure}\n`);
      if (failures.length > 0) session.exitCode = ExitCode.cannot;
    });
}
