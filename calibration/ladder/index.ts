// The door of the ladder: which experiments there are, running them for real, and what they become.

export { calmAfter } from './calm.js';
export { type ClimbProgress, climb, TooNoisy } from './climb.js';
export { observed } from './observed.js';
export { entrySchema, type RunEntry } from './run-entry.js';
export { type Lacking, ladder, type PlannedExperiment } from './rungs.js';
