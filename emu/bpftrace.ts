// Programs of bpftrace: tracefs under them, and the wait until they are attached.

import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { CannotRun } from './cannot-run.js';
import type { Journal } from './journal.js';
import type { Outcome, Running, Shell } from './shell.js';

const TRACEFS = '/sys/kernel/tracing';

/** Mounts tracefs where it is not; clean-up takes it off again. */
async function mountTracefs(shell: Shell, journal: Journal): Promise<void> {
  if (existsSync(`${TRACEFS}/events`)) return;
  journal.note({ kind: 'mount', folder: TRACEFS });
  await shell.run({ program: 'mount', args: ['-t', 'tracefs', 'tracefs', TRACEFS] });
}

export interface Trace {
  /** What it has printed so far. */
  output(): string;
  /** All that it printed; maps are printed at the end. */
  stop(): Promise<Outcome>;
}

/** How long bpftrace gets to compile and attach a program, seconds. */
const ATTACH = 30;

/** @throws CannotRun when bpftrace does not attach; its words are in the message. */
export async function startTrace(shell: Shell, journal: Journal, program: string): Promise<Trace> {
  await mountTracefs(shell, journal);
  const running: Running = shell.start({
    program: 'bpftrace',
    args: ['-e', `${program}\nBEGIN { printf("ready\\n"); }`],
  });
  let over = false;
  void running.done.then(() => {
    over = true;
  });
  const attached = () => running.output().includes('ready');
  for (let i = 0; i < ATTACH * 10 && !over && !attached(); i++) await pause(100);
  if (!attached()) throw new CannotRun(`bpftrace does not attach: ${(await running.stop()).stderr}`);
  return { output: () => running.output(), stop: () => running.stop('SIGINT') };
}
