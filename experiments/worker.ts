// A worker thread of the pool: takes simulation jobs, gives back records. Loaded compiled, by its file.

import { runJob, type SimulationJob } from './simulation-job.js';
import { answerOf, type WorkerAnswer } from './worker-answer.js';

export const work = (job: SimulationJob): Promise<WorkerAnswer> => answerOf(() => runJob(job));
