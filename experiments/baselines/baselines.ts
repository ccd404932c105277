// The baselines of a question about a calibrated host, in the order in which they are shown.

import { type HostProfile, resolveHost, type Scenario, type Technology } from '../../models/index.js';
import type { Baseline, BaselineQuestion } from './baseline.js';
import { declared } from './declared.js';
import { loadPoints } from './observed-load.js';
import { scalabilityLaw } from './scalability-law.js';
import { straightLine } from './straight-line.js';

interface Asked {
  readonly scenario: Scenario;
  readonly profile: HostProfile;
  readonly technology: Technology;
  /** Share of the ideal goodput that is within tolerance. */
  readonly goodput: number;
}

/** None for a host that was not measured; one that needs more points than there are is left out. */
export async function baselinesFor({ scenario, profile, technology, goodput }: Asked): Promise<Baseline[]> {
  if (!profile.calibration) return [];
  const { cores, memory } = resolveHost(profile, technology, scenario.limits);
  const question: BaselineQuestion = {
    ...{ points: loadPoints(profile.calibration, scenario), cores, goodput },
    memory: {
      available: profile.hardware.memory.value - memory.host,
      each: memory.kernelPerContainer + memory.processesPerContainer,
    },
    step: scenario.workload.kind === 'pairs' ? 2 : 1,
  };
  const found = [declared(question), await scalabilityLaw(question), straightLine(question)];
  return found.filter((baseline) => baseline !== null);
}
