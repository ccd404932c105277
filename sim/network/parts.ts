// What a simulated network is made of, and what the packet work of its hosts asks of it.

import type { CompiledTopology, DistilledNetwork, Host, Scenario } from '../../models/index.js';
import type { Cores } from '../cpu/index.js';
import type { Endpoints } from '../endpoints.js';
import type { Packets } from '../packets.js';
import type { Simulator } from '../simulator.js';
import type { Surroundings } from './access.js';
import type { OutsideBroadcasts } from './outside-broadcasts.js';
import type { DropReason, Traffic } from './traffic.js';

export interface NetworkParts {
  readonly simulator: Simulator;
  readonly packets: Packets;
  readonly endpoints: Endpoints;
  readonly cores: Cores;
  readonly scenario: Scenario;
  readonly seed: string;
  readonly topology: CompiledTopology;
  /** Vnodes 2i and 2i + 1 send to each other alone, on ideal hosts, over links that never change. */
  readonly apart: boolean;
  readonly hosts: readonly Host[];
  /** Per vnode: its host. */
  readonly hostOf: readonly number[];
  /** Per host: conditions of the hosts it stands for. */
  readonly surroundings: readonly (Surroundings | undefined)[];
  /** The routers between vnodes; absent: there are none. */
  readonly routers: DistilledNetwork | undefined;
  /** Broadcasts from hosts that are not simulated; absent: there are none. */
  readonly outsideBroadcasts: OutsideBroadcasts | undefined;
}

/** The way of packets around the hosts' work on them. */
export interface Passage {
  readonly traffic: Traffic;
  /** The sender's own queueing discipline is rid of the packet. */
  departed(packet: number): void;
  /** The interrupt of an endpoint's timer is done. */
  timed(endpoint: number): void;
  /** Past the veth and bridge of its sender, `vnode`: on to wherever the receiver is. */
  crossHost(packet: number, vnode: number): void;
  intoPipe(pipe: number, packet: number): void;
  deliver(packet: number, vnode: number): void;
  drop(packet: number, reason: DropReason): void;
  /** The host that the packet's receiver lives on. */
  hostOfReceiver(packet: number): number;
}
