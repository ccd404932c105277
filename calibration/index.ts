// The door of calibration: runs against their ideal twins, the density at which they part, and hosts fitted to what
// was measured on them.

export { chanceDeviations } from './chance.js';
export { comparablePart } from './completion.js';
export { mean, quantile, standardDeviation } from './distribution.js';
export { completionTimesOf, describePart, fidelity } from './fidelity.js';
export { leastSquares } from './fit/index.js';
export { hardLimits } from './hard-limits.js';
export * from './host-fit/index.js';
export { latinHypercube } from './hypercube.js';
export { bracketOf, findKnee, type Knee, type KneeSearch } from './knee.js';
export * from './ladder/index.js';
export { type InterferenceRound, lostShares } from './lost-shares.js';
export type { FidelityMetric, MetricId } from './metric.js';
export * from './observations/index.js';
export { drawnProfile, parametersOf, uncertainNames } from './parameter-draw.js';
export { plannedDensity } from './planned.js';
export { crossingFrom, factorAt, type Interval, intervalOf, kneeCurve, predictionSample } from './prediction.js';
export { sharedCores } from './shared-cores.js';
export { defaultTolerances, type ToleranceDocument, type Tolerances, toleranceSchema } from './tolerance.js';
export { allowed, type Evaluation, type Margins, type Verdict, verdictOf } from './verdict.js';
