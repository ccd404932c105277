// What goes over the wire between those who ask for runs and those who run them: jobs, answers, and their names.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot, packageVersion } from '../package-root.js';

/** JSON knows no infinity, which ideal hosts have for limits. No text of ours begins with a null character. */
const INFINITE = '\0infinite';

export const encoded = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) => (inner === Number.POSITIVE_INFINITY ? INFINITE : inner));

export const decoded = (text: string): unknown =>
  JSON.parse(text, (_key, inner: unknown) => (inner === INFINITE ? Number.POSITIVE_INFINITY : inner));

/**
 * Names the program by what decides a record: workers of another build would give others, and never see its jobs.
 * @param folder of the compiled program.
 */
export function programName(folder = join(packageRoot(), 'dist')): string {
  const digest = createHash('sha256');
  for (const part of ['models', 'sim']) {
    const files = readdirSync(join(folder, part), { recursive: true, encoding: 'utf8' });
    for (const file of files.filter((name) => name.endsWith('.js')).sort())
      digest.update(`${part}/${file}\0`).update(readFileSync(join(folder, part, file)));
  }
  return `${packageVersion()}-${digest.digest('hex').slice(0, 12)}`;
}

/** Names of one program's things in Redis. */
export interface Names {
  readonly queue: string;
  /** The key of a job's answer. */
  answer(job: string): string;
}

export const namesOf = (program: string): Names => ({
  queue: `rangefit-${program}`,
  answer: (job) => `rangefit:${program}:answer:${job}`,
});
