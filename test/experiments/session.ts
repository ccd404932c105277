// A session that remembers what a verb wrote, for tests.

import type { Environment } from '../../experiments/places.js';
import { runProgram } from '../../experiments/program.js';
import type { Session } from '../../experiments/session.js';

interface Told {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line as the user would, in this process. */
export async function rangefit(words: readonly string[], environment: Environment = {}): Promise<Told> {
  let out = '';
  let err = '';
  const session: Session = {
    environment: { HOME: '/nowhere', ...environment },
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    color: false,
    exitCode: 0,
  };
  const code = await runProgram(words, session);
  return { code, out, err };
}
