// `reproduce`: published figures, run and held against what their sources say.

import type { Command } from 'commander';
import { CannotRun, emulate, hostShell, probeCapabilities } from '../../emu/index.js';
import type { RunRecord, Scenario } from '../../models/index.js';
import { commandLineOf } from '../command-line.js';
import { deliver, type StandardFlags, setOption, verb, workersFrom } from '../flags.js';
import { loadHostProfile } from '../hosts.js';
import { Interrupted } from '../interrupted.js';
import { packageVersion } from '../package-root.js';
import { tolerancesFrom } from '../plan-request.js';
import { openRuns } from '../pool.js';
import { openProgress } from '../progress.js';
import { chosenRows, type ReproduceRequest, reproduce, reproduceExitCode } from '../reproduce.js';
import type { ReproduceDocument } from '../reproduce-document.js';
import { reproduceReport } from '../reproduce-report.js';
import type { Session } from '../session.js';
import { parseSetting, settingsOf } from '../settings.js';
import { isCovered, NotHere } from '../studies/index.js';

interface ReproduceFlags extends StandardFlags {
  readonly only?: string;
  readonly set: readonly string[];
  readonly emulate: boolean;
}

/** Runs scenarios on this machine. @throws NotHere with the reason where it cannot. */
async function emulation(session: Session, quiet: boolean, signal: AbortSignal) {
  const capabilities = await probeCapabilities(hostShell());
  return async (scenario: Scenario, seed: string): Promise<RunRecord> => {
    try {
      const onMessage = quiet ? () => {} : (line: string) => session.err(`${line}\n`);
      return await emulate(scenario, capabilities, seed, { version: packageVersion(), signal, onMessage });
    } catch (error) {
      if (error instanceof CannotRun) throw new NotHere(`cannot be measured here: ${error.message.split('\n')[0]}`);
      throw error;
    }
  };
}

function requestFrom(flags: ReproduceFlags, session: Session): ReproduceRequest {
  const settings = flags.set.map(parseSetting);
  const onHosts = settingsOf(settings, 'host', ['tolerance']);
  const only = flags.only?.split(',');
  chosenRows(only);
  return {
    ...(only && { only }),
    seed: flags.seed,
    tolerances: tolerancesFrom(settings),
    settings: flags.set,
    profile: (name, technology) => loadHostProfile(name, session.environment, technology, onHosts),
  };
}

async function run(flags: ReproduceFlags, session: Session): Promise<ReproduceDocument> {
  const asked = requestFrom(flags, session);
  const measuring = chosenRows(asked.only).some((row) => isCovered(row) && row.emulated);
  const stop = new AbortController();
  const request: ReproduceRequest =
    flags.emulate && measuring
      ? { ...asked, emulate: await emulation(session, flags.quiet ?? false, stop.signal) }
      : asked;
  const runs = openRuns(workersFrom(flags.workers));
  const progress = openProgress(runs, { quiet: flags.quiet ?? false });
  const waiting = new Set(chosenRows(request.only).map(({ id }) => id));
  const interrupted = () => {
    const done = `${runs.finished} of ${runs.asked} runs were finished`;
    session.err(`interrupted: ${done}; rows without a result: ${[...waiting].join(', ')}\n`);
    stop.abort(new Interrupted());
    void runs.stop();
  };
  process.once('SIGINT', interrupted);
  try {
    return await reproduce(request, runs, ({ id }) => {
      waiting.delete(id);
      progress.phase(`rows left: ${[...waiting].slice(0, 12).join(', ')}`);
    });
  } finally {
    process.removeListener('SIGINT', interrupted);
    progress.end();
    await runs.stop();
  }
}

export function reproduceVerb(session: Session): Command {
  return verb('reproduce', 'how close the simulator comes to published figures', [
    'reproduce',
    'reproduce --only P1,P2,E3',
    'reproduce --only P2 --set host.cpu.idleExit=30us      with another parameter on every host',
    'reproduce --json --out reproduce.json',
  ])
    .option('--only <ids>', 'these rows, separated by commas (default: all)')
    .addOption(setOption())
    .option('--no-emulate', 'skip the figures that are measured in containers on this machine (root, LXC)')
    .action(async (flags: ReproduceFlags, command: Command) => {
      const document = { ...(await run(flags, session)), command: commandLineOf(command) };
      deliver(
        session,
        flags,
        document,
        reproduceReport(document, session.color, process.stdout.columns),
        'reproduce.json',
      );
      session.exitCode = reproduceExitCode(document);
    });
}
