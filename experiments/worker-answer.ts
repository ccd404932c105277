// What a worker thread answers: a record, a mistake in the input, or a broken invariant with its stack.

import { InputError, type RunRecord } from '../models/index.js';

export type WorkerAnswer =
  | { readonly record: RunRecord }
  | { readonly input: { readonly where: string; readonly expected: string; readonly found: string } }
  | { readonly broken: string };

/** @throws InputError or Error, as the worker met them. */
export function recordOf(answer: WorkerAnswer): RunRecord {
  if ('record' in answer) return answer.record;
  if ('input' in answer) throw new InputError(answer.input.where, answer.input.expected, answer.input.found);
  const error = new Error(answer.broken.split('\n')[0] ?? '');
  error.stack = answer.broken;
  throw error;
}
