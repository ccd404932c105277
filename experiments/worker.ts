// A worker thread of the pool: takes simulation jobs, gives back records. Loaded compiled, by its file.

import { InputError } from '../models/index.js';
import { runJob, type SimulationJob } from './simulation-job.js';
import type { WorkerAnswer } from './worker-answer.js';

/** Errors go back as plain data: between threads an InputError would lose its class. */
export function work(job: SimulationJob): WorkerAnswer {
  try {
    return { record: runJob(job) };
  } catch (error) {
    if (error instanceof InputError)
      return { input: { where: error.where, expected: error.expected, found: error.found } };
    return { broken: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
