// The door of what-if studies: scans in, a sweep document out.

export type { FleetQuestion } from './fleet-question.js';
export { HOST_ITSELF, parseScan, type Scan } from './scan.js';
export { Study, type StudyEntry, studyEntry } from './study.js';
export { type SweepDocument, sweepSchema } from './sweep-document.js';
export { sweepReport, sweepSentence, sweepThings } from './sweep-report.js';
export { inputsOf, targetFrom, type WhatifRequest, whatif } from './whatif.js';
