// The door of calibration: runs against their ideal twins, and the density at which they part.

export { comparablePart } from './completion.js';
export { describePart, type FidelityMetric, fidelity, type MetricId } from './fidelity.js';
export { defaultTolerances, type ToleranceDocument, type Tolerances, toleranceSchema } from './tolerance.js';
