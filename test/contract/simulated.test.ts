// The simulated world keeps the contract.

import { describe } from 'vitest';
import {
  type HostProfile,
  hostCatalogue,
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
    return simulate(scenario, host, '1', { seriesInterval: 500_000_000 });
  };
  contract(run, { delays: true });
});
