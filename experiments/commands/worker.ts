// `worker`: joins the machines that run jobs for `--executor`, until Ctrl-C.

import type { Command } from 'commander';
import { joinQueue, shownAddress } from '../executor/index.js';
import { ExitCode } from '../exit-codes.js';
import { type StandardFlags, verb, workersFrom } from '../flags.js';
import { defaultWorkers, openRuns } from '../pool.js';
import type { Session } from '../session.js';

interface WorkerFlags extends StandardFlags {
  readonly executor: string;
}

/** Runs jobs until it is told to end. */
async function work(flags: WorkerFlags, session: Session): Promise<void> {
  const workers = Math.max(1, workersFrom(flags.workers) ?? defaultWorkers());
  const tell = (message: string) => {
    if (!flags.quiet) session.err(`${message}\n`);
  };
  const stop = new AbortController();
  const end = () => stop.abort();
  process.on('SIGINT', end).on('SIGTERM', end);
  const runs = openRuns(workers);
  try {
    const joined = await joinQueue(flags.executor, runs, workers, tell);
    tell(`running jobs from ${shownAddress(flags.executor)}, ${workers} at a time; Ctrl-C leaves`);
    await new Promise<void>((done) => {
      if (stop.signal.aborted) done();
      stop.signal.addEventListener('abort', () => done());
    });
    await joined.stop();
    tell(`left after ${joined.finished} runs; others take what was under way`);
    session.exitCode = ExitCode.interrupted;
  } finally {
    await runs.stop();
    process.removeListener('SIGINT', end).removeListener('SIGTERM', end);
  }
}

export function workerVerb(session: Session): Command {
  return verb(
    'worker',
    'runs jobs for the plans and studies of others, on any number of machines',
    ['worker --executor redis://head:6379', 'worker --executor redis://:secret@head:6379/2 --workers 8'],
    { idle: ['json', 'out', 'seed'] },
  )
    .requiredOption('--executor <address>', 'the Redis that plan and whatif were given')
    .action((flags: WorkerFlags) => work(flags, session));
}
