// A plan's scenario cut into one scenario a host, each of which `emulate` takes.

import { stringify } from 'yaml';
import { encode } from 'zod';
import { resized, scenarioSchema } from '../../models/index.js';
import type { PlanDocument } from '../planner/index.js';
import type { Exported } from './exported.js';
import { hostShares } from './host-share.js';

/** The same workload and links, as many vnodes as the host has. */
export function slices(plan: PlanDocument): Exported {
  const scenario = scenarioSchema.parse(plan.scenario);
  const shares = hostShares(plan);
  const files = shares.map(({ host, vnodes }, i) => {
    const slice = { ...resized(scenario, vnodes), name: `${scenario.name}-${i + 1}`.slice(-63).replace(/^-+/, '') };
    return {
      path: `${host}.yaml`,
      text: `# Host ${i + 1} of ${shares.length}: ${vnodes} of ${plan.vnodes} vnodes.\n${stringify(encode(scenarioSchema, slice))}`,
    };
  });
  return { files, notes: [] };
}
