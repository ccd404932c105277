// A view: what of the range is simulated to judge one of its hosts at a density, and for how long.

import { clientProfile, resized, type Scenario, type SwarmWorkload } from '../../models/index.js';
import type { Composition, SimulationOptions } from '../../sim/index.js';
import { plural } from '../wording.js';
import { type Question, stepOf } from './question.js';

/** What a remote peer's host does to its packets: ns of delay both ways together, share lost, share of rate left. */
export interface Outside {
  readonly delay: number;
  readonly loss: number;
  readonly rate: number;
}

export const IDEAL_OUTSIDE: Outside = { delay: 0, loss: 0, rate: 1 };

/**
 * ns. Of a swarm's download after its last leecher has started: the first pieces take about a minute on access links
 * of 32 KB/s shared by eight slots, and only pieces that are complete can be passed on.
 */
export const SWARM_WINDOW = 280e9;
/** ns. Of pairs and idle ranges, which are steady after a second or two; shorter ones run to their end. */
export const STEADY_WINDOW = 10e9;
/** ns. Of a glimpse: links of swarms are full by then, pairs steady. */
const SWARM_GLIMPSE = 90e9;
const STEADY_GLIMPSE = 2e9;
/** Pairs that stand for any number of them where they cannot meet: on ideal hosts, without a core network. */
const TWIN_PAIRS = 8;
/** Peers on simulated hosts, so that a few unlucky ones do not decide: of hosts with fewer, several are simulated. */
const ENOUGH_PEERS = 40;

export interface View {
  readonly scenario: Scenario;
  readonly options: Pick<SimulationOptions, 'perHost' | 'window' | 'composition'>;
}

/** Hosts of a swarm that are simulated. */
const simulatedHosts = (density: number, vnodes: number): number =>
  Math.max(1, Math.min(Math.ceil(ENOUGH_PEERS / density), Math.floor(vnodes / density)));

/** Ideal hosts that an exact range's twin lives on: as few of its packets stay on a host as of a large range. */
const TWIN_HOSTS = 100;

/** Peers of a swarm that live on simulated hosts. */
export const ownPeers = (density: number, vnodes: number): number => density * simulatedHosts(density, vnodes);

/** Peers that the question's runs at this density judge. */
export const judgedPeers = ({ exact, vnodes }: Pick<Question, 'exact' | 'vnodes'>, density: number): number =>
  exact ? Math.max(density, vnodes) : ownPeers(density, vnodes);

/**
 * Remote peers that stand for all others: enough for every peer to have all the connections that its client makes in a
 * large range, and at least as many as the simulated hosts have (`own`).
 */
export function remotePeers(workload: SwarmWorkload, own: number, vnodes: number): number {
  const { maxConnections } = clientProfile(workload.client);
  return Math.max(0, Math.min(vnodes - own, Math.max(maxConnections + 1 - own, own)));
}

function simulatedPeers(workload: SwarmWorkload, density: number, vnodes: number): number {
  const own = ownPeers(density, vnodes);
  return own + remotePeers(workload, own, vnodes);
}

/** ns in which so many peers start: in proportion to them, as the scenario starts its own. */
const startOf = (workload: SwarmWorkload, peers: number): number =>
  Math.round((workload.start * peers) / workload.peers);

/** ns of virtual time; undefined: to the end. */
export function windowOf(question: Question, density: number): number | undefined {
  const { scenario, vnodes, whole, exact } = question;
  const { workload } = scenario;
  if (whole || workload.kind === 'busy' || workload.kind === 'interference') return undefined;
  if (workload.kind === 'swarm') {
    const peers = exact ? Math.max(density, vnodes) : simulatedPeers(workload, density, vnodes);
    return startOf(workload, peers) + SWARM_WINDOW;
  }
  if (workload.kind === 'pairs' && workload.bytes !== undefined) return undefined;
  return workload.duration > STEADY_WINDOW ? STEADY_WINDOW : undefined;
}

/** A swarm's seeders keep their share when it is asked how many peers one host holds beyond the range. */
export function enlarged(scenario: Scenario, from: number, density: number): Scenario {
  const { workload } = scenario;
  if (workload.kind !== 'swarm' || workload.seeders < 1) return resized(scenario, density);
  const seeders = Math.min(density, Math.max(1, Math.round((workload.seeders * density) / from)));
  return resized({ ...scenario, workload: { ...workload, seeders } }, density);
}

/**
 * Pairs, idle and busy vnodes: one host alone, for no traffic crosses hosts. A swarm that fits on the host: all of
 * it. A larger one: the host exactly, with remote peers for all others.
 */
export function viewOf(question: Question, density: number, outside: Outside = IDEAL_OUTSIDE): View {
  const { scenario, vnodes } = question;
  const window = windowOf(question, density);
  const until = window === undefined ? {} : { window };
  if (scenario.workload.kind !== 'swarm' || density >= vnodes)
    return { scenario: enlarged(scenario, vnodes, density), options: until };
  if (question.exact) return { scenario: resized(scenario, vnodes), options: { ...until, perHost: density } };
  const composition: Composition = {
    rangePeers: vnodes,
    hosts: simulatedHosts(density, vnodes),
    remotePeers: remotePeers(scenario.workload, ownPeers(density, vnodes), vnodes),
    remoteDelay: outside.delay,
    remoteLoss: outside.loss,
    remoteRate: outside.rate,
  };
  // The simulator starts those that it simulates in their share of the range's start, at the same rate a second.
  return { scenario: resized(scenario, vnodes), options: { ...until, perHost: density, composition } };
}

/** As little as tells a host's load at a low density: one host, and not for long. */
export function glimpseOf(question: Question, density: number): View {
  const { scenario, options } = viewOf(question, density);
  const { workload } = scenario;
  const swarm = workload.kind === 'swarm';
  const most = swarm ? startOf(workload, density) + SWARM_GLIMPSE : STEADY_GLIMPSE;
  const window = Math.min(options.window ?? Number.POSITIVE_INFINITY, most);
  if (!swarm || !options.composition) return { scenario, options: { ...options, window } };
  const composition = {
    ...options.composition,
    hosts: 1,
    remotePeers: remotePeers(workload, density, question.vnodes),
  };
  return { scenario, options: { ...options, window, composition } };
}

/**
 * The ideal twin's view. On ideal hosts it does not matter where the peers of a swarm live, nor how many pairs there are
 * that never meet: densities whose swarms are equally large share their twin where few peers live on the host, and where
 * every peer of the range is simulated.
 */
export function twinView(question: Question, density: number): View & { readonly density: number } {
  const { exact, vnodes } = question;
  const { workload, network } = question.scenario;
  if (exact && workload.kind === 'swarm' && density < vnodes)
    return { ...viewOf(question, Math.ceil(vnodes / TWIN_HOSTS)), density: vnodes };
  let twin = density;
  if (workload.kind === 'pairs' && !network.core && !network.topology)
    twin = Math.min(density, TWIN_PAIRS * stepOf(workload));
  if (workload.kind === 'swarm') {
    const together = (own: number) => simulatedPeers(workload, own, vnodes);
    if (together(density) === vnodes) twin = vnodes;
    else if (density < ENOUGH_PEERS && together(ENOUGH_PEERS) === together(density)) twin = ENOUGH_PEERS;
  }
  return { ...viewOf(question, twin), density: twin };
}

/** One sentence each: what is simulated, and what is composed from it. */
export function describeView(question: Question, density: number): { simulated: string; composed: string } {
  const { scenario, vnodes } = question;
  const window = windowOf(question, density);
  const time = window === undefined ? 'to its end' : `the first ${window / 1e9} s of virtual time`;
  if (scenario.workload.kind !== 'swarm') {
    const what =
      scenario.workload.kind === 'pairs' ? `${density / stepOf(scenario.workload)} pairs` : `${density} vnodes`;
    return {
      simulated: `one host with ${what}, packet by packet, ${time}`,
      composed: 'hosts do not exchange traffic, so each is judged by itself',
    };
  }
  if (density >= vnodes)
    return {
      simulated: `the whole swarm on one host with its tracker, packet by packet, ${time}`,
      composed: 'nothing: the range fits on one host',
    };
  if (question.exact)
    return {
      simulated: `all ${vnodes} peers on ${plural(Math.ceil(vnodes / density), 'host')} and the network between them, packet by packet, ${time}`,
      composed: 'nothing: every host is simulated',
    };
  const remote = remotePeers(scenario.workload, density, vnodes);
  const hosts = simulatedHosts(density, vnodes);
  const [others, each, those] = hosts > 1 ? [` and ${plural(hosts - 1, 'other')}`, ' each', 'hosts'] : ['', '', 'host'];
  return {
    simulated: `the tracker's host${others} with ${plural(density, 'peer')}${each}, and ${plural(remote, 'remote peer')}, packet by packet, ${time}`,
    composed: `the other ${vnodes - hosts * density} peers: remote peers stand for them, in the range's proportion of local to remote traffic, with the delay, loss and rate of the simulated ${those}`,
  };
}
