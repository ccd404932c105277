// Who lives where: the scenario's vnodes on hosts, in order and evenly mixed; or one host of a larger range, with
// remote peers that stand for everybody else.

import {
  type AccessLink,
  type CompiledTopology,
  clientProfile,
  type DistilledNetwork,
  type Host,
  idealHost,
  type PipeAttributes,
  RangeTopology,
  type Scenario,
  type SwarmWorkload,
  seederCount,
  vnodeCount,
} from '../models/index.js';
import { hostCount, membersOf, peerRoles } from './members.js';
import type { OutsideBroadcasts, Surroundings } from './network/index.js';
import type { Composition, SimulationOptions } from './options.js';
import { scenarioNetwork } from './scenario-network.js';

export interface Placement extends CompiledTopology {
  /** The routers between the vnodes; undefined: there are none. */
  readonly routers: DistilledNetwork | undefined;
  readonly hosts: readonly Host[];
  /** Per host: its vnodes are part of the record. */
  readonly recorded: readonly boolean[];
  readonly surroundings: readonly (Surroundings | undefined)[];
  /** Broadcasts from hosts that are not simulated. */
  readonly outsideBroadcasts: OutsideBroadcasts | undefined;
  /** Share of the range's peers that are simulated, which start in this share of its start. */
  readonly simulatedShare: number;
  /** Peers the tracker hears of, for each one simulated. */
  readonly announceWeight: number;
}

/** `options.perHost`: vnodes a host (the tracker apart); absent: all on one, unless they are bound. */
export function place(
  scenario: Scenario,
  host: Host,
  { perHost, composition, binding }: Pick<SimulationOptions, 'perHost' | 'composition' | 'binding'> = {},
): Placement {
  const density = perHost ?? vnodeCount(scenario.workload);
  if (composition) return placeComposed(scenario, host, density, composition);
  const routers = scenario.network.topology && scenarioNetwork(scenario);
  const topology = rangeTopology(scenario, routers);
  const members = membersOf(scenario, density);
  const count = binding?.hosts.length ?? hostCount(scenario, density);
  const names = binding?.hostNames ?? Array.from({ length: count }, (_, index) => `${host.name}-${index + 1}`);
  for (const name of names) topology.addHost(name);
  for (const [vnode, { name, role, host: inOrder }] of members.entries())
    topology.addVnode(name, role, names[binding?.hostOf[vnode] ?? inOrder]);
  const each = <T>(value: T): T[] => Array.from({ length: count }, () => value);
  return {
    ...topology.compile(),
    routers,
    hosts: binding?.hosts ?? each(host),
    recorded: each(true),
    surroundings: each(undefined),
    outsideBroadcasts: undefined,
    simulatedShare: 1,
    announceWeight: 1,
  };
}

/**
 * Vnodes of a network of routers have the links that it gives them, unless those are part of their paths: end to end, and
 * where machines of their own emulate all pipes.
 */
function rangeTopology({ link, network }: Scenario, routers: DistilledNetwork | undefined): RangeTopology {
  if (!routers) return new RangeTopology(link, network.attach);
  const own = routers.sharesAccess && !network.topology?.cores;
  const way = (pipe: number): PipeAttributes => {
    const { rate, delay, loss, queue } = own ? routers.qualities[pipe] : NO_LINK;
    return { rate: Number.isFinite(rate) ? rate : 'unshaped', delay, loss, burst: link.burst, queue };
  };
  const accessOf = (vnode: number): AccessLink => ({ up: way(routers.up[vnode]), down: way(routers.down[vnode]) });
  return new RangeTopology(link, network.attach, accessOf);
}

const NO_LINK = { rate: Number.POSITIVE_INFINITY, delay: 0, loss: 0, queue: undefined };

function placeComposed(scenario: Scenario, host: Host, perHost: number, composition: Composition): Placement {
  const { workload } = scenario;
  if (workload.kind !== 'swarm') throw new Error('only swarms are composed');
  const { rangePeers, hosts, remotePeers, remoteDelay, remoteLoss, remoteRate } = composition;
  const own = hosts * perHost;
  const together = own + remotePeers;
  const share = seederCount({ ...workload, peers: rangePeers }) / rangePeers;
  const seeders = (peers: number) => Math.min(peers, Math.max(1, Math.round(peers * share)));
  const routers = scenario.network.topology && scenarioNetwork(scenario, together + 1);
  const topology = rangeTopology(scenario, routers);
  const names = Array.from({ length: hosts }, (_, index) => `${host.name}-${index + 1}`);
  for (const name of names) topology.addHost(name);
  topology.addHost('elsewhere');
  topology.addVnode('tracker', 'tracker', names[0]);
  // Those that live here are mixed among the others: who starts first, and who seeds, must not hang on where one lives.
  const local = peerRoles(own, seeders(own));
  const remote = peerRoles(remotePeers, seeders(remotePeers));
  let locals = 0;
  for (let peer = 0; peer < together; peer++) {
    if (Math.floor(((peer + 1) * own) / together) > locals) {
      topology.addVnode(`peer-${locals + 1}`, local[locals], names[Math.floor(locals / perHost)]);
      locals++;
    } else topology.addVnode(`remote-${peer - locals + 1}`, remote[peer - locals], 'elsewhere');
  }
  const here = names.map(() => undefined);
  return {
    ...topology.compile(),
    routers,
    hosts: [...here.map(() => host), idealHost(host)],
    recorded: [...here.map(() => true), false],
    surroundings: [...here, { delay: remoteDelay, loss: remoteLoss, rate: remoteRate }],
    outsideBroadcasts: outsideBroadcasts(workload, rangePeers, own),
    simulatedShare: together / rangePeers,
    announceWeight: rangePeers / together,
  };
}

/** While the rest of the range starts, each of its peers asks for the addresses of those it connects to: half of them. */
function outsideBroadcasts(workload: SwarmWorkload, rangePeers: number, here: number): OutsideBroadcasts | undefined {
  if (workload.start === 0) return undefined;
  const asked = Math.min(clientProfile(workload.client).maxConnections, rangePeers - 1) / 2;
  return { perSecond: ((rangePeers - here) * asked) / (workload.start / 1e9), until: workload.start };
}
