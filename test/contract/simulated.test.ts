// The simulated world keeps the contract.

import { describe } from 'vitest';
import {
  type HostProfile,
  hostCatalogue,
  kernels,
  resolveHost,
  type ScenarioDocument,
  scenarioSchema,
} from '../../models/index.js';
import { simulate } from '../../sim/index.js';
import { contract } from './contract.js';

describe('the simulated world keeps the contract', () => {
  const run = async (document: Omit<ScenarioDocument, 'name'>) => {
    const scenario = scenarioSchema.parse({ name: 'test', ...document });
    const host = resolveHost(hostCatalogue.t7500 as HostProfile, 'lxc', scenario.limits);
    // The T7500's own kernel is older than BBR.
    const kernel = scenario.tcp === 'bbr' ? kernels['linux-6.1'] : host.kernel;
    return simulate(scenario, { ...host, kernel }, '1', { seriesInterval: 500_000_000 });
  };
  contract(run, { delays: true });
});
