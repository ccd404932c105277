// Who suffered when the neighbour table was full: the tracepoint neigh:neigh_create, which also fires for refused entries.

import { startTrace } from './bpftrace.js';
import type { Journal } from './journal.js';
import type { Shell } from './shell.js';

/** Only the last 16 characters of dev are ever used: interface names are unique, every vnode's eth0 has one of its own. */
const PROGRAM = 'tracepoint:neigh:neigh_create /args->created == 0/ { @refused[str(args->dev)] = count(); }';

/** By interface name. */
export function refusals(output: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const match of output.matchAll(/^@refused\[([^\]]+)\]: (\d+)$/gm))
    found.set(match[1] as string, Number(match[2]));
  return found;
}

export interface NeighbourTrace {
  /** Refused entries by interface. */
  stop(): Promise<Map<string, number>>;
}

/** Undefined: the kernel or bpftrace cannot; the run goes on without. */
export async function traceNeighbours(shell: Shell, journal: Journal): Promise<NeighbourTrace | undefined> {
  const trace = await startTrace(shell, journal, PROGRAM).catch(() => undefined);
  return trace && { stop: async () => refusals((await trace.stop()).stdout) };
}
