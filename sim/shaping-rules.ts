// Links that are shaped by a list of rules (ipfw before dummynet): a packet is held against one rule after another, on its
// way out and on its way in, so that forwarding costs more the more links a host has.

import type { Host } from '../models/index.js';
import type { Placement } from './placement.js';

/** Rules of each host: one for each way of a vnode's link that is shaped. */
function rulesOf({ hosts, hostOf, up, down }: Placement): number[] {
  const rules = hosts.map(() => 0);
  for (const [vnode, host] of hostOf.entries())
    for (const { rate } of [up[vnode], down[vnode]]) if (rate !== 'unshaped') rules[host]++;
  return rules;
}

/** The hosts with the cost of their rules: of a list passed twice, half is looked at each time. */
export function ruledHosts(placement: Placement): readonly Host[] {
  if (placement.hosts.every(({ ruleCost, ideal }) => ideal || ruleCost === 0)) return placement.hosts;
  const rules = rulesOf(placement);
  return placement.hosts.map((host, i) => {
    if (host.ideal) return host;
    const forwardPerPacket = host.cpu.forwardPerPacket + host.ruleCost * rules[i];
    return { ...host, cpu: { ...host.cpu, forwardPerPacket } };
  });
}
