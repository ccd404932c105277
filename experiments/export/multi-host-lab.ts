// A containerlab file a host for the plan of a lab.

import { InputError } from '../../models/index.js';
import { cutLab } from '../lab/index.js';
import type { PlanDocument } from '../planner/index.js';
import type { Exported } from './exported.js';
import { hostShares } from './host-share.js';

/** @throws InputError for the plan of anything else. */
export function multiHostLab(plan: PlanDocument): Exported {
  const { lab } = plan;
  if (!lab)
    throw new InputError(
      '--format',
      'a plan of a containerlab file (plan --scenario FILE.clab.yml)',
      plan.scenario.name,
    );
  const { texts, notes } = cutLab({ ...lab, hosts: lab.hosts.map(({ vnodes }) => vnodes) });
  const last = texts.length;
  const files = hostShares(plan).map(({ host }, i) => ({
    path: `${host}.clab.yml`,
    text: `# Host ${i + 1} of ${last} of ${lab.file}; set RANGEFIT_HOST_1 to RANGEFIT_HOST_${last} to their addresses.\n${texts[i]}`,
  }));
  return { files, notes };
}
