// The door of what-if studies: scans in, a sweep document out.

export type { FleetQuestion } from './fleet-question.js';
export { MOST_PARTS, type Part, partFrom } from './part.js';
export { HOST_ITSELF, parseScan, type Scan } from './scan.js';
export { FEWEST_SAMPLED } from './sensitivity.js';
export { slurmScript } from './slurm-array.js';
export { Study, type StudyEntry, studyEntry } from './study.js';
export { type SweepDocument, sweepSchema } from './sweep-document.js';
export {
  fleetInterval,
  levelWords,
  sweepMeasure,
  sweepReport,
  sweepSentence,
  sweepThings,
  turnWords,
} from './sweep-report.js';
export { answerPart, inputsOf, pointsIn, targetFrom, type WhatifRequest, whatif } from './whatif.js';
