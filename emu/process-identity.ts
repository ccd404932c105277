// A process as something that can be told apart from a later one with the same id: its id and when it started.

import { readFileSync } from 'node:fs';

export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks after boot (proc(5), field 22 of stat). */
  readonly started: string;
}

/** Fields of /proc/PID/stat after the command name, which may hold anything; undefined: no such process. */
function statFields(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

/** undefined: no such process, or only its zombie. */
export function identify(pid: number): ProcessIdentity | undefined {
  const fields = statFields(pid);
  if (!fields || fields[0] === 'Z' || fields[0] === 'X') return undefined;
  return { pid, started: fields[19] as string };
}

export const isAlive = (process: ProcessIdentity): boolean => identify(process.pid)?.started === process.started;
