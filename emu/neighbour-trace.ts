// Who suffered when the neighbour table was full: the tracepoint neigh:neigh_create, which also fires for refused entries.

import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Journal } from './journal.js';
import type { Running, Shell } from './shell.js';

export const TRACEFS = '/sys/kernel/tracing';

/** Mounts tracefs where it is not; clean-up takes it off again. */
export async function mountTracefs(shell: Shell, journal: Journal): Promise<void> {
  if (existsSync(`${TRACEFS}/events`)) return;
  journal.note({ kind: 'mount', folder: TRACEFS });
  await shell.run({ program: 'mount', args: ['-t', 'tracefs', 'tracefs', TRACEFS] });
}

/** Only the last 16 characters of dev are ever used: interface names are unique, every vnode's eth0 has one of its own. */
const PROGRAM =
  'tracepoint:neigh:neigh_create /args->created == 0/ { @refused[str(args->dev)] = count(); } BEGIN { printf("ready\\n"); }';

/** By interface name. */
export function refusals(output: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const match of output.matchAll(/^@refused\[([^\]]+)\]: (\d+)$/gm))
    found.set(match[1] as string, Number(match[2]));
  return found;
}

export interface NeighbourTrace {
  /** Refused entries by interface; undefined: the trace did not work. */
  stop(): Promise<Map<string, number> | undefined>;
}

/** How long bpftrace gets to attach; it compiles its program first. Seconds. */
const ATTACH = 20;

export async function traceNeighbours(shell: Shell, journal: Journal): Promise<NeighbourTrace> {
  await mountTracefs(shell, journal);
  const running: Running = shell.start({ program: 'bpftrace', args: ['-e', PROGRAM] });
  let over = false;
  void running.done.then(() => {
    over = true;
  });
  for (let i = 0; i < ATTACH * 10 && !over && !running.output().includes('ready'); i++) await pause(100);
  return {
    async stop() {
      const { stdout } = await running.stop('SIGINT');
      return stdout.includes('ready') ? refusals(stdout) : undefined;
    },
  };
}
