// What a worker answers: a record, a mistake in the input, or a broken invariant with its stack.

import { InputError, type RunRecord } from '../models/index.js';
import { Interrupted } from './interrupted.js';

export type WorkerAnswer =
  | { readonly record: RunRecord }
  | { readonly input: { readonly where: string; readonly expected: string; readonly found: string } }
  | { readonly broken: string };

/**
 * Errors as plain data: on its way to another thread or machine an InputError would lose its class.
 * @throws Interrupted: the run was not made, so there is no answer.
 */
export async function answerOf(run: () => RunRecord | Promise<RunRecord>): Promise<WorkerAnswer> {
  try {
    return { record: await run() };
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    if (error instanceof InputError)
      return { input: { where: error.where, expected: error.expected, found: error.found } };
    return { broken: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

/** @throws InputError or Error, as the worker met them. */
export function recordOf(answer: WorkerAnswer): RunRecord {
  if ('record' in answer) return answer.record;
  if ('input' in answer) throw new InputError(answer.input.where, answer.input.expected, answer.input.found);
  const error = new Error(answer.broken.split('\n')[0] ?? '');
  error.stack = answer.broken;
  throw error;
}
