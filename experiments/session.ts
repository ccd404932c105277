// A session: what a verb knows of the place it was called from, and where it writes.

import type { Environment } from './places.js';

export interface Session {
  readonly environment: Environment;
  /** Results. */
  out(text: string): void;
  /** Messages. */
  err(text: string): void;
  /** Whether results may have colour. */
  readonly color: boolean;
  /** Set by a verb that ends with something else than 0. */
  exitCode: number;
}

/** NO_COLOR and FORCE_COLOR decide, then whether standard output is a terminal. */
export function colored({ NO_COLOR, FORCE_COLOR, TERM }: Environment, terminal: boolean): boolean {
  if (NO_COLOR) return false;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return terminal && TERM !== 'dumb';
}

/** The session of this process. */
export function processSession(): Session {
  return {
    environment: process.env,
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    color: colored(process.env, process.stdout.isTTY === true),
    exitCode: 0,
  };
}
