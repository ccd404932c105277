// The simulated world keeps the contract.

import { describe } from 'vitest';
import { type HostProfile, hostCatalogue, resolveHost, scenarioSchema } from '../../models/index.js';
import { simulate } from '../../sim/index.js';
import { contract } from './contract.js';

describe('the simulated world keeps the contract', () => {
  contract(async (document) => {
    const scenario = scenarioSchema.parse({ name: 'test', ...document });
    return simulate(scenario, resolveHost(hostCatalogue.t7500 as HostProfile, 'lxc', scenario.limits), '1');
  });
});
