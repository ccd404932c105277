// `explore`: a local page with the parameters as controls, which simulates as they change.

import type { Command } from 'commander';
import { InputError } from '../../models/index.js';
import { ExitCode } from '../exit-codes.js';
import { limitsOption, type StandardFlags, setOption, verb, workersFrom } from '../flags.js';
import { isFile } from '../names.js';
import { type PlanFlags, planRequest } from '../plan-request.js';
import { defaultWorkers, openRuns } from '../pool.js';
import type { Session } from '../session.js';

interface ExploreFlags extends StandardFlags, Omit<PlanFlags, 'seed'> {
  readonly port: string;
  readonly set: readonly string[];
}

const DEFAULT_PORT = '8373';

function portFrom(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65535)
    throw new InputError('--port', 'a port from 0 (any free one) to 65535', JSON.stringify(text));
  return Number(text);
}

async function explore(flags: ExploreFlags, session: Session): Promise<void> {
  const port = portFrom(flags.port);
  const { openExplorer, queryOf } = await import('../explore/index.js');
  const { seed, peers, pairs, scenario, host, tech, limits, set, whole } = flags;
  const given = { peers, pairs, scenario, host, tech, limits, ...(seed === '1' ? {} : { seed }) };
  const state = {
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    set,
    ...(whole ? { whole } : {}),
  };
  // A mistake in the flags is told here, not on the page.
  if (host !== undefined) planRequest(state, session.environment);
  const workers = workersFrom(flags.workers) ?? defaultWorkers();
  const runs = openRuns(workers);
  const files = [scenario, ...(host ?? '').split(',')].filter((name) => name !== undefined && isFile(name));
  const explorer = await openExplorer({
    ...{ runs, atOnce: Math.max(1, workers), environment: session.environment, port },
    files: files as string[],
  });
  const query = String(queryOf(state));
  session.out(`${explorer.address}${query === '' ? '' : `?${query}`}\n`);
  if (!flags.quiet) session.err('Ctrl-C ends it\n');
  await new Promise<void>((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done());
  });
  await explorer.close();
  await runs.stop();
  session.exitCode = ExitCode.interrupted;
}

export function exploreVerb(session: Session): Command {
  return verb(
    'explore',
    'a local page: change a parameter, and see what it does to the answer',
    [
      'explore',
      'explore --scenario pairs-100mbit --host pc3000 --peers 120',
      'explore --scenario mine.yaml --host mine.json --port 0',
    ],
    { idle: ['json', 'out'] },
  )
    .option('--port <number>', 'of 127.0.0.1; 0: any free one', DEFAULT_PORT)
    .option('--peers <count>', 'the page starts with these: see `plan --help`')
    .option('--pairs <count>')
    .option('--scenario <name>')
    .option('--host <names>')
    .option('--tech <name>')
    .addOption(limitsOption())
    .addOption(setOption())
    .option('--whole')
    .action((flags: ExploreFlags) => explore(flags, session));
}
