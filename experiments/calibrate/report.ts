// What a calibration found, for people: every fitted cost with its interval, and the errors on what was held out.

import { createColors } from 'picocolors';
import { encode } from 'zod';
import { type HeldOutCheck, heldOutCheck, leafAt } from '../../calibration/index.js';
import { type Calibration, type HostProfile, hostProfileSchema } from '../../models/index.js';
import { table } from '../table.js';

const percent = (share: number): string => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)}%`;
const digits = (value: number): string => String(Number(value.toPrecision(3)));

/** Median error and bound per metric, and how many lie inside their intervals. */
export function heldOutTable(check: HeldOutCheck, color: boolean): string {
  const { dim } = createColors(color);
  const head = ['', 'metric', 'observations', 'median error', 'allowed', 'worst', 'inside 90 %'].map((cell) =>
    dim(cell),
  );
  const rows = check.metrics.map(({ metric, count, median, worst, relative, allowed, covered, ok }) => {
    const shown = (value: number) => (relative ? percent(value) : digits(value));
    const mark = allowed === null ? ' ' : ok ? '✓' : '✗';
    return [
      mark,
      metric,
      String(count),
      shown(median),
      allowed === null ? '-' : shown(allowed),
      shown(worst),
      percent(covered),
    ];
  });
  if (check.count === 0) return 'nothing was held out: the quick ladder only fits\n';
  const coverage = `${check.coverageOk ? '✓' : '✗'} ${percent(check.covered)} of ${check.count} held-out observations lie inside their 90 % intervals (80 to 97 % is right)`;
  return `${table([head, ...rows], '  ')}  ${coverage}\n`;
}

function parameterRows(profile: HostProfile, calibration: Calibration): string[][] {
  const { platforms, defaultTechnology } = encode(hostProfileSchema, profile);
  const platform = platforms[defaultTechnology];
  return calibration.parameters.map(({ name, verdict, left }) => {
    const { value, low, high } = leafAt(platform, name) as { value: unknown; low?: unknown; high?: unknown };
    return [name, String(value), `${low}..${high}`, percent(left), verdict];
  });
}

export function calibrationReport(profile: HostProfile, color: boolean): string {
  const { calibration } = profile;
  if (!calibration) return `${profile.name} was not calibrated\n`;
  const { bold, dim } = createColors(color);
  const { counts, fit, together, parameters } = calibration;
  const head = ['cost', 'value', '90 % interval', 'error left', 'the observations'].map((cell) => dim(cell));
  const determined = parameters.filter(({ verdict }) => verdict === 'determined').length;
  const check = heldOutCheck(calibration);
  return [
    `${bold(profile.name)}: ${profile.title}\n`,
    `${counts.experiments} experiments, ${counts.fitted} observations fitted and ${counts.heldOut} held out, ${counts.discarded} runs thrown away; `,
    `${determined} of ${parameters.length} costs determined, residuals of ${digits(fit.scatter)} standard errors\n\n`,
    table([head, ...parameterRows(profile, calibration)], '  '),
    ...together.map((group) => `  told apart only in combination: ${group.join(', ')}\n`),
    '\nheld out\n',
    heldOutTable(check, color),
  ].join('');
}
