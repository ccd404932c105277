// The door of the planner: a range in, a plan out.

export { ceilingsAt, planCeilings } from './ceilings.js';
export { type FleetEntry, parseFleet } from './fleet.js';
export { labWarnings } from './packed-lab.js';
export { coresText, mostCores, namesText } from './placement-words.js';
export { type PlanRequest, plan } from './plan.js';
export { type PlanDocument, planSchema, rounded } from './plan-document.js';
export { planReport } from './plan-report.js';
export {
  coresOf,
  distillationText,
  judged,
  limitWords,
  metricName,
  perHost,
  planSentence,
  things,
} from './plan-words.js';
export { type Question, stepOf } from './question.js';
export { type QuickAnswer, quickAnswer } from './quick-answer.js';
export type { SoFar } from './so-far.js';
export type { TestedDensity } from './tested-density.js';
export { enlarged } from './view.js';
