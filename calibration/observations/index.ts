// The door of observations: what was run, what was measured, and how a run record is read for it.

export {
  type Experiment,
  type Machine,
  type MeasuredInterference,
  type MeasuredSharing,
  type Observation,
  type Observations,
  observationsSchema,
} from './document.js';
export { METRICS, metricRules, type ObservedMetric } from './metric.js';
export { deliveredMetric, type Quantities, quantitiesOf } from './quantities.js';
