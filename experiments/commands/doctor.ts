// `doctor`: what this machine can emulate, what is missing and the command that installs it.

import Table from 'cli-table3';
import type { Command } from 'commander';
import { type Doctor, diagnose, hostShell, probeCapabilities } from '../../emu/index.js';
import { formatSize } from '../../models/index.js';
import { ExitCode } from '../exit-codes.js';
import { deliver, READS_ONLY, type StandardFlags, verb } from '../flags.js';
import type { Session } from '../session.js';

const PLAIN = { style: { head: [], border: [], compact: true } };
const rounded = (bytes: number): string => formatSize(Number(bytes.toPrecision(3)));

/** For people; marks as in every report. */
export function doctorReport(doctor: Doctor): string {
  const mark = (ok: boolean) => (ok ? '✓' : '✗');
  const abilities = new Table({ ...PLAIN, head: ['', 'scenario feature', 'missing'] });
  for (const { feature, ok, reason } of doctor.abilities) abilities.push([mark(ok), feature, reason]);
  const parts = new Table({ ...PLAIN, head: ['', 'part', 'found'] });
  for (const { what, ok, found } of doctor.checks) parts.push([mark(ok), what, found]);
  const ceilings = new Table({ ...PLAIN, head: ['ceiling', 'value', 'vnodes', 'why', 'moved by'] });
  for (const { name, value, vnodes, why, remedy } of doctor.ceilings)
    ceilings.push([
      name,
      name === 'memory' ? rounded(value) : String(value),
      vnodes === null ? '-' : String(vnodes),
      why,
      remedy ?? 'nothing',
    ]);
  const limits = doctor.checks.filter(({ ok, kind }) => !ok && kind === 'kernel').map(({ what }) => what.split(':')[0]);
  const { steal, load, frequencyScaling } = doctor.noise;
  return [
    `${doctor.machine}, ${doctor.cores} cores, kernel ${doctor.kernel}, cgroups ${doctor.cgroups}, ` +
      `${rounded(doctor.memoryAvailable)} memory and ${rounded(doctor.diskAvailable)} disk free`,
    `noise: ${load.toFixed(0)}% of the CPU busy, ${steal.toFixed(1)}% stolen, clock ${frequencyScaling ? 'follows the load' : 'fixed'}`,
    '',
    abilities.toString(),
    '',
    parts.toString(),
    '',
    ceilings.toString(),
    '',
    ...(limits.length > 0 ? [`limits of this kernel, which no package or sysctl mends: ${limits.join(', ')}`] : []),
    ...(doctor.mend.length > 0
      ? ['to mend what can be mended:', ...doctor.mend.map((command) => `  ${command}`)]
      : ['nothing to mend']),
    '',
  ].join('\n');
}

export function doctorVerb(session: Session): Command {
  return verb('doctor', 'what this machine can emulate, and what is missing', ['doctor', 'doctor --json'], {
    idle: READS_ONLY,
  }).action(async (flags: StandardFlags) => {
    const doctor = await diagnose(await probeCapabilities(hostShell()));
    deliver(session, flags, doctor, doctorReport(doctor), 'doctor.json');
    // Without containers there is nothing to emulate; limits of a kernel only narrow it.
    session.exitCode = doctor.abilities.some(({ ok }) => ok) ? ExitCode.done : ExitCode.cannot;
  });
}
