// Wiring: bridges and veth ends in the range's namespace, addresses and the pinned route in each vnode. Pure.

import { NO_PIPE, type Routing, type Scenario } from '../models/index.js';
import type { RunId } from './names.js';
import { bridgeName, deadEnd, hostInterface, pipeInterface, vnodeInterface } from './names.js';
import type { PlannedPipe, PlannedRouter, PlannedVnode, RangePlan, RouterPlan } from './range-plan.js';
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
    [...plan.vnodes, ...(plan.routed?.routers ?? [])].map(({ index, bridge }) => {
      const end = hostInterface(run, index);
      return bridge === null ? `link set ${end} up` : `link set ${end} master ${bridgeName(run, bridge)} up`;
    }),
  );

/** The hardware address that a container's own side has where routers are: known to all, so that nobody asks. */
const hardwareAddress = (kind: 'container' | 'link', index: number): string => {
  const octets = [16, 8, 0].map((shift) => (Math.floor(index / 2 ** shift) % 256).toString(16).padStart(2, '0'));
  return `02:72:${kind === 'container' ? '66' : '67'}:${octets.join(':')}`;
};

/** In the vnode: its address, `eth0` as a second name, and the one route with congestion control and window pinned. */
export function configureVnode(run: RunId, vnode: PlannedVnode, plan: RangePlan, scenario: Scenario): Command {
  const device = vnodeInterface(run, vnode.index);
  const { window } = scenario.network;
  const pinned = `congctl ${scenario.tcp}${window === undefined ? '' : ` window ${window}`}`;
  const router = plan.routed?.routers[plan.routed.home[vnode.index] ?? -1];
  const way = router
    ? [
        `addr add ${vnode.address}/32 dev ${device}`,
        `link set ${device} address ${hardwareAddress('container', vnode.index)} up`,
        `neigh replace ${router.address} lladdr ${hardwareAddress('container', router.index)} dev ${device} nud permanent`,
        `route add ${router.address} dev ${device} scope link src ${vnode.address}`,
        `route add ${plan.network} via ${router.address} dev ${device} src ${vnode.address} ${pinned}`,
      ]
    : [
        `addr add ${vnode.address}/${plan.prefix} dev ${device} noprefixroute`,
        `link set ${device} up`,
        `route add ${plan.network} dev ${device} scope link src ${vnode.address} ${pinned}`,
      ];
  return batch(['link set lo up', `link property add dev ${device} altname eth0`, ...way]);
}

/** In the router: its address, and its vnodes as neighbours. */
export function configureRouter(run: RunId, router: PlannedRouter, plan: RangePlan): Command {
  const device = vnodeInterface(run, router.index);
  const own = plan.vnodes.filter(({ bridge }) => bridge === router.bridge);
  return batch([
    'link set lo up',
    `link set ${device} address ${hardwareAddress('container', router.index)} up`,
    `addr add ${router.address}/32 dev ${device}`,
    ...own.map(
      ({ address, index }) =>
        `neigh replace ${address} lladdr ${hardwareAddress('container', index)} dev ${device} nud permanent`,
    ),
  ]);
}

/** In the router, before anything else: it forwards, whichever way packets come, and advises nobody of a shorter one. */
export const forwarding = (): Command => ({
  program: 'sysctl',
  args: [
    '-q',
    '-w',
    'net.ipv4.ip_forward=1',
    ...['all', 'default'].flatMap((which) => [
      `net.ipv4.conf.${which}.rp_filter=0`,
      `net.ipv4.conf.${which}.send_redirects=0`,
    ]),
  ],
});

/** The links between routers, each a veth whose ends are in two routers; `inits`: the process that each one is. */
export function createLinks(run: RunId, { pipes }: RouterPlan, inits: readonly number[]): Command {
  const links = new Map<number, PlannedPipe[]>();
  for (const pipe of pipes) links.set(pipe.link, [...(links.get(pipe.link) ?? []), pipe]);
  return batch(
    [...links.values()].map(([forth, back]) => {
      const { pipe, from, to } = forth as PlannedPipe;
      const end = back ? pipeInterface(run, back.pipe) : deadEnd(run, pipe);
      return `link add name ${pipeInterface(run, pipe)} netns ${inits[from]} type veth peer name ${end} netns ${inits[to]}`;
    }),
  );
}

/** A router's ends of links, with the numbers of those. */
export function endsOf(run: RunId, { pipes }: RouterPlan, router: number): { device: string; link: number }[] {
  const ways = new Map<number, number>();
  for (const { link } of pipes) ways.set(link, (ways.get(link) ?? 0) + 1);
  return pipes.flatMap(({ pipe, from, to, link }) => [
    ...(from === router ? [{ device: pipeInterface(run, pipe), link }] : []),
    ...(to === router && ways.get(link) === 1 ? [{ device: deadEnd(run, pipe), link }] : []),
  ]);
}

/**
 * In a router: its ends of links go up. Both ends of a link have the same hardware address and ask nobody for it: what
 * one sends the other takes as its own.
 */
export const configureLinks = (run: RunId, router: number, routed: RouterPlan, mtu: number): Command =>
  batch(
    endsOf(run, routed, router).map(
      ({ device, link }) => `link set ${device} address ${hardwareAddress('link', link)} mtu ${mtu} arp off up`,
    ),
  );

/** In a router: where each vnode is reached, by shortest paths over what works. A vnode without a way is a black hole. */
export function routerRoutes(run: RunId, router: PlannedRouter, plan: RangePlan, routing: Routing): Command {
  const { routers, home } = plan.routed as RouterPlan;
  return batch(
    plan.vnodes.map(({ address }, vnode) => {
      const there = routers[home[vnode] as number] as PlannedRouter;
      if (there.index === router.index)
        return `route replace ${address}/32 dev ${vnodeInterface(run, router.index)} scope link`;
      const pipe = routing.next(router.place, there.place);
      return pipe === NO_PIPE
        ? `route replace blackhole ${address}/32`
        : `route replace ${address}/32 dev ${pipeInterface(run, pipe)} scope link`;
    }),
  );
}

/** Where its interface is: up or down. */
export const setLink = (device: string, up: boolean): Command => ({
  program: 'ip',
  args: ['link', 'set', device, up ? 'up' : 'down'],
});

/** In the vnode: what the kernel says of its route, as JSON. */
export const readRoute = (): Command => ({ program: 'ip', args: ['-json', 'route', 'show'] });

/** Congestion control that the kernel reports for the vnode's route; undefined: it is the machine's default. */
export function pinnedCongestionControl(json: string): string | undefined {
  const routes = JSON.parse(json || '[]') as { metrics?: { congestion?: string }[] }[];
  const metrics = routes.flatMap((route) => route.metrics ?? []);
  return metrics.find((metric) => metric.congestion !== undefined)?.congestion;
}
