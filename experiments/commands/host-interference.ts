// `host interference`: how much a stressed vnode slows another one down, as published, and as measured on this machine.

import type { Command } from 'commander';
import { createColors } from 'picocolors';
import { type MeasuredInterference, measuredInterference } from '../../calibration/index.js';
import { CannotRun, emulate, hostShell, probeCapabilities } from '../../emu/index.js';
import { InputError, STRESSES, stressNames, TECHNOLOGIES, type Technology, technologies } from '../../models/index.js';
import { hasObservations, loadObservations, saveObservations, saveProfile } from '../calibrate/index.js';
import { ExitCode } from '../exit-codes.js';
import { countFrom, deliver, type StandardFlags, verb } from '../flags.js';
import { loadHostProfile, ownProfiles } from '../hosts.js';
import { measureInterference } from '../measured-interference.js';
import { packageVersion } from '../package-root.js';
import type { Session } from '../session.js';
import { openStepReport } from '../step-report.js';
import { table } from '../table.js';
import { percent } from '../wording.js';

interface InterferenceFlags extends StandardFlags {
  readonly measure?: boolean;
  readonly name?: string;
  readonly repeats: string;
  readonly seconds: string;
}

/** One says nothing of how far it is off. */
const FEWEST_REPEATS = 2;
const MOST_REPEATS = 20;
const MOST_SECONDS = 60;

const published = (): Technology[] => TECHNOLOGIES.filter((technology) => technologies[technology].interference);

/** Rows by stress; the first column is what was measured here, where it was. */
function report(measured: MeasuredInterference | null, color: boolean): string {
  const { bold, dim } = createColors(color);
  const known = published();
  const head = ['stress', ...(measured ? ['LXC, measured here'] : []), ...known.map((one) => technologies[one].title)];
  const rows = STRESSES.map((stress) => {
    const own = measured?.[stress];
    const here = own ? [`${percent(own.value)} (${percent(own.low)} to ${percent(own.high)})`] : [];
    const others = known.map((one) => {
      const share = technologies[one].interference?.[stress].value ?? 0;
      return share === 1 ? 'did not run' : percent(share);
    });
    return [stressNames[stress], ...here, ...others];
  });
  return [
    `${bold('Speed that a vnode loses while another one on the host is under stress')}\n`,
    table([head.map((cell) => dim(cell)), ...rows], '  '),
    '  published: Xavier et al. (PDP 2013), LU in one container or virtual machine beside another\n',
    measured
      ? '  measured: dense matrix products on one core, stress-ng or iperf3 on another; 90 % intervals of the mean\n'
      : '',
  ].join('');
}

async function measureHere(flags: InterferenceFlags, session: Session): Promise<MeasuredInterference> {
  const [seconds, repeats] = [
    countFrom('--seconds', flags.seconds, MOST_SECONDS),
    countFrom('--repeats', flags.repeats, MOST_REPEATS, FEWEST_REPEATS),
  ];
  const capabilities = await probeCapabilities(hostShell());
  if (capabilities.cores < 2) throw new CannotRun('victim and stress need a core each: this machine has one');
  const stop = new AbortController();
  const interrupt = () => stop.abort(new Error('interrupted'));
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  const progress = openStepReport(flags.quiet ?? false);
  try {
    return await measureInterference(
      (scenario) =>
        emulate(scenario, capabilities, flags.seed, {
          ...{ version: packageVersion(), signal: stop.signal },
          onMessage: (line) => {
            if (!flags.quiet) session.err(`${line}\n`);
          },
        }),
      { seconds, repeats },
      (text) => progress.show(text),
    );
  } catch (error) {
    if (stop.signal.aborted) session.exitCode = ExitCode.interrupted;
    throw error;
  } finally {
    progress.end();
    process.removeListener('SIGINT', interrupt).removeListener('SIGTERM', interrupt);
  }
}

/** Puts what was measured into the user's own profile. @throws InputError unless there is one of that name with LXC. */
function keep(name: string, measured: MeasuredInterference, session: Session): string {
  const profile = loadHostProfile(name, session.environment);
  const { lxc } = profile.platforms;
  if (!lxc) throw new InputError('--name', 'a profile with LXC', name);
  // The next fit starts from the observations.
  if (hasObservations(name, session.environment))
    saveObservations(session.environment, {
      ...loadObservations(name, session.environment),
      interference: measured,
    });
  const platforms = { ...profile.platforms, lxc: { ...lxc, interference: measuredInterference(measured) } };
  return saveProfile(session.environment, { ...profile, platforms });
}

export function hostInterference(session: Session): Command {
  return verb(
    'interference',
    'how much a stressed vnode slows another one down: published, and measured here',
    [
      'host interference                              what is published',
      'host interference --measure                    beside this machine (root, LXC, stress-ng; about two minutes)',
      'host interference --measure --name here        and kept in the profile of `calibrate --name here`',
    ],
    { idle: ['workers'] },
  )
    .option('--measure', 'measure LXC on this machine')
    .option('--name <name>', 'with --measure: the own profile to keep it in')
    .option('--repeats <count>', 'rounds of all stresses, at least 2', '2')
    .option('--seconds <count>', 'how long each run measures', '4')
    .action(async (flags: InterferenceFlags) => {
      if (flags.name !== undefined && !flags.measure) throw new InputError('--name', '--measure beside it', flags.name);
      const { name } = flags;
      if (name !== undefined && !ownProfiles(session.environment).some((own) => own.name === name))
        throw new InputError('--name', 'a profile of your own, such as calibrate makes', `"${name}"`);
      try {
        const measured = flags.measure ? await measureHere(flags, session) : null;
        const kept = measured && name !== undefined ? keep(name, measured, session) : null;
        if (kept !== null && !flags.quiet) session.err(`profile: ${kept}\n`);
        const shares = published().map((one) => [one, technologies[one].interference]);
        const document = { measured, published: Object.fromEntries(shares) };
        deliver(session, flags, document, report(measured, session.color), 'interference.json');
      } catch (error) {
        if (session.exitCode === ExitCode.interrupted) session.err('interrupted: nothing is kept\n');
        else if (error instanceof CannotRun) {
          session.err(`error: ${error.message}\n`);
          session.exitCode = ExitCode.cannot;
        } else throw error;
      }
    });
}
