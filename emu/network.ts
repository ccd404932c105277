// Wiring: bridges and veth ends in the range's namespace, addresses and the pinned route in each vnode. Pure.

import type { Scenario } from '../models/index.js';
import type { RunId } from './names.js';
import { bridgeName, hostInterface, vnodeInterface } from './names.js';
import type { PlannedVnode, RangePlan } from './range-plan.js';
import type { Command } from './shell.js';

const batch = (lines: readonly string[]): Command => ({
  program: 'ip',
  args: ['-batch', '-'],
  input: `${lines.join('\n')}\n`,
});

/** In the range's namespace, before any vnode. */
export function createBridges(run: RunId, plan: RangePlan, scenario: Scenario): Command {
  const lines = ['link set lo up'];
  for (let i = 0; i < plan.bridges; i++) {
    // Multicast snooping would send queries of its own; forward_delay is of no use without spanning tree.
    lines.push(
      `link add name ${bridgeName(run, i)} mtu ${scenario.network.mtu} type bridge mcast_snooping 0 stp_state 0`,
    );
    lines.push(`link set ${bridgeName(run, i)} up`);
  }
  return batch(lines);
}

/** In the range's namespace, once LXC has made the veths: the host's ends go up, onto their bridges. */
export const attachHostEnds = (run: RunId, plan: RangePlan): Command =>
  batch(
    plan.vnodes.map(({ index, bridge }) => {
      const end = hostInterface(run, index);
      return bridge === null ? `link set ${end} up` : `link set ${end} master ${bridgeName(run, bridge)} up`;
    }),
  );

/** In the vnode: its address, `eth0` as a second name, and the one route with congestion control and window pinned. */
export function configureVnode(run: RunId, vnode: PlannedVnode, plan: RangePlan, scenario: Scenario): Command {
  const device = vnodeInterface(run, vnode.index);
  const { window } = scenario.network;
  return batch([
    'link set lo up',
    `link property add dev ${device} altname eth0`,
    `addr add ${vnode.address}/${plan.prefix} dev ${device} noprefixroute`,
    `link set ${device} up`,
    `route add ${plan.network} dev ${device} scope link src ${vnode.address} congctl ${scenario.tcp}${window === undefined ? '' : ` window ${window}`}`,
  ]);
}

/** In the vnode: what the kernel says of its route, as JSON. */
export const readRoute = (): Command => ({ program: 'ip', args: ['-json', 'route', 'show'] });

/** Congestion control that the kernel reports for the vnode's route; undefined: it is the machine's default. */
export function pinnedCongestionControl(json: string): string | undefined {
  const routes = JSON.parse(json || '[]') as { metrics?: { congestion?: string }[] }[];
  return routes[0]?.metrics?.find((metric) => metric.congestion !== undefined)?.congestion;
}
