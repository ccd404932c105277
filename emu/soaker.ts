// Soakers: one task a core at SCHED_IDLE that takes whatever the range leaves over. What they get is the capacity left.

import { readFileSync } from 'node:fs';
import { startTrace, type Trace } from './bpftrace.js';
import { CannotRun } from './cannot-run.js';
import { ranFor } from './counters.js';
import type { Journal } from './journal.js';
import type { Command, Outcome, Running, Shell } from './shell.js';

/** Always runnable, one thread, no system calls, hardly a cache line. */
const soaker = (core: number): Command => ({
  program: 'taskset',
  args: ['--cpu-list', String(core), 'chrt', '--idle', '0', 'busybox', 'awk', 'BEGIN { while (1); }'],
});

/** How often the trace tells, ms: what a reader may miss. */
const TOLD_EVERY = 50;

const INTERRUPTS = ['local_timer', 'reschedule', 'call_function_single', 'call_function', 'irq_work'];
const HANDLERS = [...INTERRUPTS.map((vector) => `irq_vectors:${vector}`), 'irq:irq_handler'];

/**
 * Adds up the time of interrupt handlers and softirqs on top of the soakers, for which the kernel charges the task that
 * they come upon (without CONFIG_IRQ_TIME_ACCOUNTING). A handler within a softirq is part of it. What the hypervisor
 * takes for delivering an interrupt lies before the handler and stays with the soaker, as it stays with an idle core.
 */
export function onTopProgram(pids: readonly number[]): string {
  const ofSoaker = pids.map((pid) => `pid == ${pid}`).join(' || ');
  const all = (edge: string) => HANDLERS.map((name) => `tracepoint:${name}_${edge}`).join(',');
  return [
    `${all('entry')} /(${ofSoaker}) && @softirq[cpu] == 0/ { @handler[cpu] = nsecs; }`,
    `${all('exit')} /@handler[cpu] > 0/ { @top = sum(nsecs - @handler[cpu]); @handler[cpu] = 0; }`,
    `tracepoint:irq:softirq_entry /${ofSoaker}/ { @softirq[cpu] = nsecs; }`,
    'tracepoint:irq:softirq_exit /@softirq[cpu] > 0/ { @top = sum(nsecs - @softirq[cpu]); @softirq[cpu] = 0; }',
    `interval:ms:${TOLD_EVERY} { print(@top); }`,
  ].join('\n');
}

/** Seconds on top of the soakers when the trace last told. */
export function onTop(output: string): number {
  const last = output.lastIndexOf('@top: ', output.lastIndexOf('\n'));
  return last < 0 ? 0 : Number.parseInt(output.slice(last + '@top: '.length), 10) / 1e9;
}

export interface Soakers {
  /** Seconds that they have had their cores to themselves so far: no task, interrupt or packet work beside them. */
  seconds(): number;
  /** CPU seconds that the scheduler has charged them; interrupts and packet work on top of them included. */
  charged(): number;
  stop(): Promise<void>;
}

/** @throws CannotRun when they or their trace do not start. */
export async function startSoakers(shell: Shell, journal: Journal, cores: number): Promise<Soakers> {
  const running: Running[] = Array.from({ length: cores }, (_, core) => shell.start(soaker(core)));
  let ended: Outcome | undefined;
  for (const { done } of running)
    void done.then((outcome) => {
      ended = outcome;
    });
  const stop = async (trace?: Trace) => {
    await Promise.all([...running.map((task) => task.stop('SIGKILL')), trace?.stop()]);
  };
  const charged = () =>
    running.reduce((sum, { pid }) => sum + ranFor(readFileSync(`/proc/${pid}/schedstat`, 'utf8')) / 1e9, 0);
  try {
    const trace = await startTrace(shell, journal, onTopProgram(running.map(({ pid }) => pid)));
    if (ended) throw new CannotRun(`the soakers do not run: ${ended.stderr}`);
    return { seconds: () => charged() - onTop(trace.output()), charged, stop: () => stop(trace) };
  } catch (error) {
    await stop();
    throw error;
  }
}
