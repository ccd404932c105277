// The door for programs: simulate a scenario on a host, plan a range, and read the documents that both take.

export { defaultTolerances, type Tolerances } from '../calibration/index.js';
export type {
  Host,
  HostProfile,
  RunRecord,
  Scenario,
  ScenarioDocument,
  Technology,
} from '../models/index.js';
export { hostCatalogue, InputError, idealHost, resized, resolveHost, vnodeCount } from '../models/index.js';
export { type SimulationOptions, simulate } from '../sim/index.js';
export { loadHostProfile } from './hosts.js';
export { type PlanDocument, type PlanRequest, plan } from './planner/index.js';
export { openRuns, type Runs } from './pool.js';
export { loadPlanned, loadScenario, type Planned, scenarioNames } from './scenarios.js';
