// Exit codes of every verb.

import { CommanderError } from 'commander';
import { CannotRun } from '../emu/index.js';
import { InputError } from '../models/index.js';
import { Interrupted } from './interrupted.js';

export const ExitCode = {
  /** Done, or it fits. */
  done: 0,
  /** It does not fit, or a check misses. */
  miss: 1,
  badInput: 2,
  /** With `--strict`: the answer is extrapolated, or the host is not calibrated. */
  uncalibrated: 3,
  /** This machine cannot, or another run holds it. */
  cannot: 4,
  /** A broken invariant: a mistake of ours. */
  broken: 70,
  /** Ctrl-C. */
  interrupted: 130,
} as const;

export interface Failure {
  readonly code: number;
  /** For standard error; empty: nothing is left to say. */
  readonly message: string;
}

/** What an exception that ended a verb means for its user. */
export function failureOf(error: unknown): Failure {
  if (error instanceof InputError) return { code: ExitCode.badInput, message: `error: ${error.message}\n` };
  if (error instanceof CannotRun) return { code: ExitCode.cannot, message: `error: ${error.message}\n` };
  if (error instanceof Interrupted) return { code: ExitCode.interrupted, message: '' };
  // The argument parser has written its own line already; help and version are no errors.
  if (error instanceof CommanderError)
    return { code: error.exitCode === 0 ? ExitCode.done : ExitCode.badInput, message: '' };
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: ExitCode.broken, message: `broken invariant, please report it: ${stack}\n` };
}
