// The door of workloads: one for every kind that a scenario can ask for.

import type { Scenario } from '../../models/index.js';
import type { RangePlan } from '../range-plan.js';
import { busy, idle } from './idle.js';
import { interference } from './interference.js';
import { latency } from './latency.js';
import { pairs } from './pairs.js';
import { swarm } from './swarm.js';
import type { Workload } from './workload.js';

export type { RunClock, VnodeOutcome, Workload } from './workload.js';

export function workloadFor(scenario: Scenario, plan: RangePlan, seed: string): Workload {
  const { workload } = scenario;
  switch (workload.kind) {
    case 'swarm':
      return swarm(scenario, workload, plan, seed);
    case 'pairs':
      return pairs(scenario, workload);
    case 'latency':
      return latency(workload);
    case 'idle':
      return idle(workload.duration);
    case 'interference':
      return interference(workload);
    case 'busy':
      return busy(workload.duration);
    default:
      throw new Error(`no real client for ${workload.kind}`);
  }
}
