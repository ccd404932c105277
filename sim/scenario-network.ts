// The network of routers that a scenario asks for, with its vnodes on it.

import { DistilledNetwork, type Scenario, type TargetNetwork, targetNetwork, vnodeCount } from '../models/index.js';
import { randomStream } from './random.js';

/**
 * The routers between the scenario's vnodes, and the vnodes on them; the tracker of a swarm is its first vnode.
 * @param vnodes how many there are, the tracker among them; absent: as the workload says.
 * @throws InputError when the network is too small for them. Error when the scenario has no routers.
 */
export function scenarioTarget(
  { network: { topology }, link, workload }: Scenario,
  vnodes = vnodeCount(workload) + (workload.kind === 'swarm' ? 1 : 0),
): TargetNetwork {
  if (!topology) throw new Error('a scenario without routers');
  const { delay, loss, queue } = link;
  const way = (rate: number | 'unshaped') => ({
    rate: rate === 'unshaped' ? Number.POSITIVE_INFINITY : rate,
    delay,
    loss,
    queue,
  });
  const chance = randomStream(topology.seed, 'topology');
  return targetNetwork(topology, vnodes, way(link.up), way(link.down), chance);
}

/** The same, distilled as the scenario asks. @throws InputError as `scenarioTarget` does, and where that is to be chosen. */
export const scenarioNetwork = (scenario: Scenario, vnodes?: number): DistilledNetwork =>
  new DistilledNetwork(scenarioTarget(scenario, vnodes), scenario.network.topology?.distill ?? 'hop-by-hop');
