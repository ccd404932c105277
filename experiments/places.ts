// Where the user's own data lives: $RANGEFIT_HOME, else $XDG_DATA_HOME/rangefit, else ~/.local/share/rangefit.

import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Home of the user who typed sudo, from the password file; undefined when nobody did. */
function invokingHome(environment: Environment): string | undefined {
  const { SUDO_USER: user } = environment;
  if (user === undefined || user === '' || process.getuid?.() !== 0) return undefined;
  try {
    const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
    return lines.map((line) => line.split(':')).find(([name]) => name === user)?.[5];
  } catch {
    return undefined;
  }
}

export function userData(environment: Environment): string {
  const { RANGEFIT_HOME: own, XDG_DATA_HOME: shared } = environment;
  if (own) return own;
  const invoking = invokingHome(environment);
  if (shared && invoking === undefined) return join(shared, 'rangefit');
  return join(invoking ?? environment.HOME ?? homedir(), '.local', 'share', 'rangefit');
}
