// Where the user's own data lives: $RANGEFIT_HOME, else $XDG_DATA_HOME/rangefit, else ~/.local/share/rangefit.

import { chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

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

/** Gives what root made for the user who typed sudo to that user. */
function handOver(path: string, { SUDO_UID: user, SUDO_GID: group }: Environment): void {
  if (user !== undefined && group !== undefined && process.getuid?.() === 0)
    chownSync(path, Number(user), Number(group));
}

/** Writes a file of the user's own, such as hosts/NAME.json. @returns its path. @throws the system's error. */
export function writeUserData(environment: Environment, below: string, text: string): string {
  const file = join(userData(environment), below);
  const first = mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  handOver(file, environment);
  // Only folders that were not there before.
  for (let folder = dirname(file); first !== undefined && folder.length >= first.length; folder = dirname(folder))
    handOver(folder, environment);
  return file;
}
