// One run put together: placement, cores, network, TCP, workload and measurement, each told only of its neighbours.

import { clientOn, clientProfile, type Host, isPrivateRange, nearSelection, type Scenario } from '../models/index.js';
import { Background } from './background.js';
import { Changes } from './changes.js';
import { Cores } from './cpu/index.js';
import { Endpoints } from './endpoints.js';
import { type EventQueue, QuaternaryQueue, ReferenceQueue } from './event-queue.js';
import { independentParts } from './independent-parts.js';
import { Measure } from './measure.js';
import { Network } from './network/index.js';
import type { Composition, SimulationOptions } from './options.js';
import { DATAGRAM, Packets } from './packets.js';
import { type Placement, place } from './placement.js';
import { randomStream } from './random.js';
import type { RttHistogram } from './rtt-histogram.js';
import { ruledHosts } from './shaping-rules.js';
import { Simulator } from './simulator.js';
import { streamOptions, Tcp } from './tcp/index.js';
import { type PacketTrace, TraceInOrder, tracePacket } from './trace.js';
import type { PacketCarrier, PacketReceiver, StreamEvents } from './transport.js';
import { WheelQueue } from './wheel-queue.js';
import { Computing, Flood, Interference, Pairs, Ring, Swarming, Web, type Workload } from './workloads/index.js';

const SECOND = 1e9;
/** Events of a part that there is room for at first. */
const PART_EVENTS = 16;
/** cpu.shares of 1024 is the weight of an ordinary task; a scenario's shares only count against each other. */
const SHARES_UNIT = 1024 / 50;

export class Assembly implements StreamEvents, PacketReceiver, PacketCarrier {
  readonly simulator: Simulator;
  readonly packets = new Packets();
  readonly endpoints = new Endpoints();
  readonly cores: Cores;
  readonly network: Network;
  readonly placement: Placement;
  readonly workload: Workload;
  readonly measure: Measure;
  readonly tcp: Tcp;
  /** When the run ends at the latest, ns. */
  readonly end: number;
  private readonly lost: boolean[];
  /** Vnodes whose link has failed; undefined: none ever does. */
  private readonly cutOff: boolean[] | undefined;
  private readonly changes: Changes | undefined;
  private readonly swarming: Swarming | undefined;
  private readonly trace: PacketTrace | undefined;

  constructor(
    readonly scenario: Scenario,
    host: Host,
    readonly seed: string,
    options: SimulationOptions,
  ) {
    const { workload } = scenario;
    const reference = options.queue === 'reference';
    const placed = place(scenario, host, options);
    this.placement = { ...placed, hosts: ruledHosts(placed) };
    const divisions = options.together ? 0 : independentParts(scenario, this.placement);
    // Of a divided run the common queue is small, too.
    const few = () => (reference ? new ReferenceQueue() : new QuaternaryQueue(PART_EVENTS));
    this.simulator = new Simulator(divisions > 0 ? few() : reference ? new ReferenceQueue() : new WheelQueue());
    this.trace = this.divide(divisions, options.trace, few);
    this.cores = new Cores(this.simulator, seed);
    this.addTasks();
    const { simulator, packets, endpoints, cores, placement } = this;
    const { hosts, hostOf, surroundings, outsideBroadcasts } = placement;
    const parts = {
      simulator,
      packets,
      endpoints,
      cores,
      scenario,
      seed,
      topology: placement,
      apart: divisions > 0,
      hosts,
      hostOf,
      surroundings,
    };
    this.network = new Network({ ...parts, outsideBroadcasts, routers: placement.routers });
    this.network.connect(this);
    const { transport } = workload.kind === 'swarm' ? clientProfile(workload.client) : { transport: undefined };
    this.tcp = new Tcp({
      simulator,
      packets,
      endpoints,
      carrier: this,
      events: this,
      options: streamOptions(host.kernel, scenario, transport),
      seed,
    });
    this.swarming = workload.kind === 'swarm' ? this.newSwarm(options) : undefined;
    this.workload = this.swarming ?? this.newWorkload();
    this.cores.connect(this.network.work, this.workload);
    this.end = workload.kind === 'swarm' ? scenario.deadline : workload.duration;
    this.lost = hostOf.map(() => false);
    if (scenario.changes) {
      const cutOff = hostOf.map(() => false);
      this.cutOff = cutOff;
      this.changes = new Changes(simulator, scenario.changes, placement, this.network, (vnode, off) => {
        cutOff[vnode] = off;
      });
    }
    const interval = options.seriesInterval ?? Math.min(SECOND, Math.ceil(this.end / 100));
    this.measure = new Measure(simulator, placement, cores, this.network, this.workload, interval, (vnode) =>
      this.lose(vnode),
    );
  }

  start(): void {
    this.changes?.start();
    this.workload.start();
    this.measure.start();
  }

  get rtt(): RttHistogram {
    return this.tcp.rtt;
  }

  /** Segments that each vnode sent again. */
  retransmissions(): Float64Array {
    const { endpoints, tcp } = this;
    const sent = new Float64Array(this.placement.hostOf.length);
    const { workload } = this.scenario;
    if (workload.kind === 'pairs' && workload.transport === 'udp') return sent;
    for (let endpoint = 0; endpoint < endpoints.count; endpoint++)
      sent[endpoints.vnode[endpoint]] += tcp.counters(endpoint).segmentsRetransmitted;
    return sent;
  }

  send(packet: number): boolean {
    const { packets, endpoints, trace, simulator } = this;
    if (this.lost[endpoints.vnode[packets.endpoint[packet] ^ 1]]) {
      this.network.drop(packet, 'vnode-lost');
      return true;
    }
    if (this.cutOff?.[endpoints.vnode[packets.endpoint[packet] ^ 1]]) {
      this.network.drop(packet, 'link-down');
      return false;
    }
    if (trace) tracePacket(trace, simulator.now, packet, packets, endpoints);
    return this.network.send(packet);
  }

  receive(packet: number): void {
    const { packets, endpoints } = this;
    if (this.lost[endpoints.vnode[packets.endpoint[packet]]]) this.network.drop(packet, 'vnode-lost');
    else if (this.cutOff?.[endpoints.vnode[packets.endpoint[packet]]]) this.network.drop(packet, 'link-down');
    else if ((packets.flags[packet] & DATAGRAM) !== 0) this.workload.datagram(packet);
    else this.tcp.receive(packet);
  }

  departed(endpoint: number, charged: number): void {
    this.tcp.departed(endpoint, charged);
  }

  timer(endpoint: number): boolean {
    return !this.lost[this.endpoints.vnode[endpoint]] && this.network.timer(endpoint);
  }

  tasklet(endpoint: number): boolean {
    return !this.lost[this.endpoints.vnode[endpoint]] && this.network.tasklet(endpoint);
  }

  timed(endpoint: number): void {
    this.tcp.timed(endpoint);
  }

  recharged(endpoint: number, more: number): void {
    this.tcp.recharged(endpoint, more);
  }

  opened(endpoint: number): void {
    this.workload.opened(endpoint);
  }

  readableNow(endpoint: number): void {
    this.workload.readableNow(endpoint);
  }

  writableNow(endpoint: number): void {
    this.workload.writableNow(endpoint);
  }

  closed(endpoint: number): void {
    this.workload.closed(endpoint);
  }

  /** Divides the run into parts that never meet. Returns where packets are traced. */
  private divide(parts: number, trace: PacketTrace | undefined, newQueue: () => EventQueue): PacketTrace | undefined {
    if (parts === 0) return trace;
    const inOrder = trace && new TraceInOrder(trace);
    this.simulator.divide(Array.from({ length: parts }, newQueue), () => inOrder?.release());
    return inOrder;
  }

  private lose(vnode: number): void {
    this.lost[vnode] = true;
    this.cores.stop(vnode);
    this.swarming?.lose(vnode);
  }

  private addTasks(): void {
    const { hosts, hostOf } = this.placement;
    const { workload } = this.scenario;
    for (const host of hosts) this.cores.addHost(host);
    for (const [vnode, host] of hostOf.entries()) {
      if (workload.kind === 'busy') this.cores.addTask(host, vnode, 0, workload.shares[vnode] * SHARES_UNIT, true);
      else this.cores.addTask(host, vnode);
    }
    const background = new Background(this.simulator, this.cores);
    for (const [vnode, host] of hostOf.entries())
      background.addContainer(host, hosts[host], randomStream(this.seed, `background/${vnode}`));
  }

  private newWorkload(): Workload {
    const { simulator, packets, endpoints, cores, seed, scenario, tcp } = this;
    const { hosts, hostOf } = this.placement;
    const { workload } = scenario;
    if (workload.kind === 'pairs')
      return new Pairs({
        simulator,
        packets,
        endpoints,
        streams: tcp,
        carrier: this,
        tasks: cores,
        workload,
        seed,
        hosts,
        hostOf,
        overflow: (packet) => this.network.drop(packet, 'socket-buffer'),
      });
    if (workload.kind === 'swarm' || workload.kind === 'latency') throw new Error(`${workload.kind} is none of these`);
    const own = { simulator, endpoints, streams: tcp, tasks: cores, seed, hosts, hostOf };
    if (workload.kind === 'web') return new Web({ ...own, workload, routers: this.placement.routers });
    if (workload.kind === 'flood') return new Flood({ ...own, workload });
    if (workload.kind === 'ring') return new Ring({ ...own, workload });
    if (workload.kind === 'interference') return new Interference(simulator, cores, workload, hosts[0]);
    return new Computing(simulator, cores, workload);
  }

  private newSwarm(options: SimulationOptions): Swarming {
    const { composition } = options;
    const { simulator, endpoints, cores, scenario, seed, tcp } = this;
    const { hosts, hostOf, names, roles, simulatedShare, announceWeight } = this.placement;
    const { workload } = scenario;
    if (workload.kind !== 'swarm') throw new Error('not a swarm');
    const sessions = new Map((workload.churn?.sessions ?? []).map((session) => [session.peer, session]));
    const client = clientProfile(workload.client);
    const { addresses, elsewhere = addresses } = scenario.network;
    const [here, there] = [isPrivateRange(addresses), isPrivateRange(elsewhere)];
    return new Swarming({
      workload: { ...workload, start: Math.round(workload.start * simulatedShare) },
      announceWeight,
      client,
      members: hostOf.map((on, vnode) => {
        const session = sessions.get(names[vnode]);
        const role = roles[vnode] as 'tracker' | 'seeder' | 'leecher';
        return { vnode, role, host: on, ...(session && { session }) };
      }),
      costs: hosts.map(({ ideal, cpu }) => (ideal ? null : cpu)),
      clients: hosts.map((host) => clientOn(host, client.name)),
      ...(composition && { selection: composedSelection(hostOf, options.perHost ?? 1, composition) }),
      sameNetwork: (_, other) => (hostOf[other] === 0 ? here : there),
      simulator,
      endpoints,
      streams: tcp,
      tasks: cores,
      random: (name) => randomStream(seed, `swarm/${name}`),
      finished: () => simulator.stop(),
    });
  }
}

/**
 * Peers of one host meet each other as rarely as in the whole range; remote ones meet as many of the simulated hosts'
 * as meet them.
 */
function composedSelection(hostOf: readonly number[], perHost: number, composition: Composition) {
  const { rangePeers, hosts, remotePeers } = composition;
  const localShare = (perHost - 1) / (rangePeers - 1);
  const own = hosts * perHost;
  const remoteToOwn = Math.min(1, (own * (1 - localShare)) / (remotePeers + own - perHost));
  return nearSelection(
    (asking, other) => hostOf[asking] === hostOf[other],
    (asking) => (hostOf[asking] < hosts ? localShare : 1 - remoteToOwn),
  );
}
