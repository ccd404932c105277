// A containerlab file a host for the plan of a lab; links between hosts become VXLAN tunnels.
// Source: containerlab's manual, "Links" (type vxlan) and "Multi-node labs".

import { stringify } from 'yaml';
import { InputError } from '../../models/index.js';
import type { PlanDocument } from '../planner/index.js';
import type { ExportedFile } from './exported.js';
import { hostShares } from './host-share.js';

/** The identifier of the first tunnel; each link has its own. */
const FIRST_VNI = 1000;

/** Addresses are set in the environment, as containerlab substitutes them: RANGEFIT_HOST_1, ... */
const addressOf = (host: number): string => `\${RANGEFIT_HOST_${host + 1}}`;

/** @throws InputError for the plan of anything else. */
export function multiHostLab(plan: PlanDocument): ExportedFile[] {
  const { lab } = plan;
  if (!lab)
    throw new InputError(
      '--format',
      'a plan of a containerlab file (plan --scenario FILE.clab.yml)',
      plan.scenario.name,
    );
  const hostOf = new Map(lab.hosts.flatMap(({ vnodes }, host) => vnodes.map((name) => [name, host] as const)));
  const vnodeOf = (end: string) => end.slice(0, end.indexOf(':'));
  const portOf = (end: string) => end.slice(end.indexOf(':') + 1);
  return hostShares(plan).map(({ host }, index) => {
    const nodes = lab.vnodes
      .filter(({ name }) => hostOf.get(name) === index)
      .map(({ name, kind, image, memory, cpu }) => [
        name,
        {
          kind,
          ...(image !== null && { image }),
          ...(memory !== null && { memory: `${memory}b` }),
          ...(cpu !== null && { cpu }),
        },
      ]);
    const links = lab.links.flatMap((ends, link): unknown[] => {
      const here = ends.filter((end) => hostOf.get(vnodeOf(end)) === index);
      const [end, other] = here;
      if (end === undefined) return [];
      if (other !== undefined) return [{ endpoints: ends }];
      const far = ends.find((one) => one !== end) ?? '';
      const remote = addressOf(hostOf.get(vnodeOf(far)) ?? 0);
      const endpoint = { node: vnodeOf(end), interface: portOf(end) };
      return [{ type: 'vxlan', endpoint, remote, vni: FIRST_VNI + link, 'udp-port': 4789 }];
    });
    return {
      path: `${host}.clab.yml`,
      text: `# Host ${index + 1} of ${lab.hosts.length}; set RANGEFIT_HOST_1 to RANGEFIT_HOST_${lab.hosts.length} to their addresses.\n${stringify({ name: lab.name, topology: { nodes: Object.fromEntries(nodes), links } })}`,
    };
  });
}
