// How packets get from vnode to vnode: the sender's queueing discipline, veth and bridge, the NICs and the fabric or
// a core of pipes, the shaper towards the receiver, its socket. On hosts with costs each step is packet work.

import type { Host } from '../../models/index.js';
import { chargeOfCuts } from '../packets.js';
import type { PacketCarrier, PacketReceiver } from '../transport.js';
import { Access, NONE, ROLE } from './access.js';
import { CoreFabric } from './core-fabric.js';
import { CorePaths } from './core-paths.js';
import { HostWork } from './host-work.js';
import { OutsideSource } from './outside-broadcasts.js';
import type { NetworkParts, Passage } from './parts.js';
import { type PipeExit, type PipeLoss, Pipes } from './pipes.js';
import { Resolution, type Surface } from './resolution.js';
import { RoutedPaths } from './routed-paths.js';
import { Routes } from './routes.js';
import { splitPacket } from './split.js';
import { type DropReason, Traffic } from './traffic.js';

/** txqueuelen of a physical NIC, in full frames. */
const NIC_QUEUE_FRAMES = 1000;
/** A request, its answer, and two idle stacks between vnodes of one host, ns. */
const LOCAL_ANSWER = 100_000;

export class Network implements PacketCarrier, Passage, PipeExit, Surface {
  readonly traffic: Traffic;
  readonly resolution: Resolution;
  readonly access: Access;
  readonly work: HostWork;
  private readonly pipes: Pipes;
  private readonly paths: CorePaths | undefined;
  private readonly routed: RoutedPaths | undefined;
  /** The machines that emulate the network between hosts. */
  readonly cores: CoreFabric | undefined;
  private readonly nicOut: number[] = [];
  private readonly nicIn: number[] = [];
  private receiver: PacketReceiver | undefined;

  constructor(private readonly parts: NetworkParts) {
    const { simulator, packets, scenario, hosts, hostOf, seed } = parts;
    this.traffic = new Traffic(hosts.length, hostOf.length);
    this.pipes = new Pipes(simulator, packets, this);
    this.work = new HostWork(parts, this);
    this.access = new Access(this.pipes, this.work.shapers, parts.topology, scenario.network.mtu, seed);
    this.resolution = new Resolution(simulator, hosts, hostOf, this, seed);
    for (const host of hostOf) this.access.addVnode(hosts[host] as Host, parts.surroundings[host]);
    this.work.own(this.access);
    // Super-packets that are cut between the links do not come out of the second as one.
    const streams = scenario.workload.kind === 'pairs' && scenario.workload.transport === 'tcp';
    if (parts.apart && streams && scenario.network.gso)
      for (const vnode of hostOf.keys()) this.access.join(vnode, vnode ^ 1);
    if (parts.outsideBroadcasts && !hosts[0].ideal)
      new OutsideSource(simulator, parts.outsideBroadcasts, () => this.work.floodAll());
    const asked = scenario.network.topology?.cores;
    if (hosts.length > 1 || asked) for (const [index, host] of hosts.entries()) this.addNic(host, index);
    const { core, mtu } = scenario.network;
    if (core) this.paths = new CorePaths(this.pipes, this.access, core, mtu);
    const { routers, endpoints } = parts;
    if (routers && asked) this.cores = new CoreFabric(this.pipes, this.access, parts, routers, asked, this);
    else if (routers) {
      const routes = new Routes(packets, endpoints, routers, false);
      this.routed = new RoutedPaths(this.pipes, this.access, routes, routers, mtu, seed);
    }
  }

  /** Packets sent on links until now. */
  packetHops(): number {
    return this.traffic.packetHops + this.pipes.framesBetween();
  }

  connect(receiver: PacketReceiver): void {
    this.receiver = receiver;
  }

  /** Packets inside the network, by counting. */
  census(): number {
    return this.pipes.census() + this.resolution.census() + this.work.census() + (this.cores?.census() ?? 0);
  }

  send(packet: number): boolean {
    const { packets, endpoints, hostOf, hosts } = this.parts;
    const endpoint = packets.endpoint[packet];
    const vnode = endpoints.vnode[endpoint ^ 1];
    this.traffic.wireSent[vnode] += packets.wire[packet];
    this.traffic.packetsSent[vnode] += packets.segments[packet];
    if (packets.segments[packet] > 1 && packets.wire[packet] > this.access.burst(vnode))
      return this.sendPieces(packet, vnode);
    if ((hosts[hostOf[vnode]] as Host).ideal) return this.pipes.enqueue(this.access.upPipe[vnode], packet);
    return this.sendOne(packet, vnode);
  }

  /** A timer of the transport costs its host an interrupt. */
  timer(endpoint: number): boolean {
    const vnode = this.parts.endpoints.vnode[endpoint];
    if (!this.work.costs(vnode)) return false;
    this.work.timer(endpoint, vnode);
    return true;
  }

  /** Where tasklets are told apart, it is packet work, of the core that made the room. */
  tasklet(endpoint: number): boolean {
    return this.work.tasklet(endpoint, this.parts.endpoints.vnode[endpoint]);
  }

  timed(endpoint: number): void {
    (this.receiver as PacketReceiver).timed(endpoint);
  }

  leave(pipe: number, packet: number): void {
    const role = this.access.role[pipe];
    const owner = this.access.owner[pipe];
    this.traffic.packetHops += this.parts.packets.segments[packet] * this.access.passed[pipe];
    switch (role) {
      case ROLE.up:
        this.departed(packet);
        if (this.work.cutsAtDevice(packet))
          for (const piece of splitPacket(this.parts.packets, packet)) this.leaveDevice(piece, owner);
        else this.leaveDevice(packet, owner);
        return;
      case ROLE.upTail:
        if (this.work.costs(owner)) this.work.forward(packet, owner);
        else this.crossHost(packet, owner);
        return;
      case ROLE.nicOut:
        if (this.cores) this.cores.fromHost(packet, owner);
        else this.intoNic(packet);
        return;
      case ROLE.coreIn:
        this.cores?.arrive(packet, owner);
        return;
      case ROLE.coreOut:
        this.intoNic(packet);
        return;
      case ROLE.nicIn:
        this.work.arrive(packet, owner);
        return;
      case ROLE.core:
        this.crossCore(packet);
        return;
      case ROLE.down:
        if (this.access.downTail[owner] === NONE) this.deliver(packet, owner);
        else this.pipes.enqueue(this.access.downTail[owner], packet);
        return;
      default:
        if (this.work.costs(owner)) this.work.receive(packet, owner);
        else this.deliver(packet, owner);
    }
  }

  lost(pipe: number, packet: number, reason: PipeLoss): void {
    const role = this.access.role[pipe];
    const nic = role === ROLE.nicOut || role === ROLE.nicIn || role === ROLE.coreIn || role === ROLE.coreOut;
    const queue = nic ? 'nic-queue' : role === ROLE.core ? 'pipe-queue' : 'shaper-queue';
    this.drop(packet, reason === 'queue' ? queue : reason === 'loss' ? 'link-loss' : 'link-down');
  }

  /** The packet has left its sender's queueing discipline. */
  departed(packet: number): void {
    const { packets } = this.parts;
    (this.receiver as PacketReceiver).departed(packets.endpoint[packet] ^ 1, packets.charged[packet]);
  }

  /** Past the sender's veth and bridge: on through the core, to another host, or to the receiver's shaper. */
  crossHost(packet: number, vnode: number): void {
    const { packets, hostOf } = this.parts;
    if (this.paths?.enqueue(packets.endpoint[packet], 0, packet)) {
      packets.hop[packet] = 1;
      return;
    }
    if (this.cores) for (const frame of this.frames(packet)) this.pipes.enqueue(this.nicOut[hostOf[vnode]], frame);
    else if (this.routed) this.crossRouters(packet, this.routed);
    else this.toReceiver(packet, hostOf[vnode]);
  }

  /** Puts a packet into a pipe that a host with costs hands it to. */
  intoPipe(pipe: number, packet: number): void {
    this.pipes.enqueue(pipe, packet);
  }

  /** Some pipes of the network of routers have another quality, have failed or work again. */
  refresh(pipes: readonly number[]): void {
    this.routed?.refresh(pipes);
    this.cores?.refresh(pipes);
  }

  deliver(packet: number, vnode: number): void {
    const { packets, endpoints } = this.parts;
    this.traffic.wireReceived[vnode] += packets.wire[packet];
    if (!this.parts.routers) this.resolution.heard(vnode, endpoints.vnode[packets.endpoint[packet] ^ 1]);
    (this.receiver as PacketReceiver).receive(packet);
  }

  /** Takes a packet out of the range; its endpoint will not see it. */
  drop(packet: number, reason: DropReason): void {
    const { packets, endpoints, hostOf } = this.parts;
    const vnode = endpoints.vnode[packets.endpoint[packet] ^ 1];
    this.traffic.drop(hostOf[vnode], vnode, reason);
    packets.drop(packet);
  }

  hostOfReceiver(packet: number): number {
    const { packets, endpoints, hostOf } = this.parts;
    return hostOf[endpoints.vnode[packets.endpoint[packet]]];
  }

  flood(vnode: number): void {
    this.work.flood(vnode);
  }

  roundTrip(vnode: number, other: number): number {
    const { hosts, hostOf } = this.parts;
    const host = hostOf[vnode];
    return LOCAL_ANSWER + (hostOf[other] === host ? 0 : 2 * (hosts[host] as Host).fabricDelay);
  }

  proceed(packet: number): void {
    const { packets, endpoints } = this.parts;
    this.work.transmit(packet, endpoints.vnode[packets.endpoint[packet] ^ 1]);
  }

  refuse(packet: number, reason: 'neighbour-refused' | 'neighbour-unresolved'): void {
    const { packets, endpoints } = this.parts;
    this.work.cancel(endpoints.vnode[packets.endpoint[packet] ^ 1], packets.wire[packet]);
    this.departed(packet);
    this.drop(packet, reason);
  }

  /** One segment that found room is a success (tbf_segment); the others are losses like any. */
  private sendPieces(packet: number, vnode: number): boolean {
    const { packets } = this.parts;
    const receiver = this.receiver as PacketReceiver;
    const sender = packets.endpoint[packet] ^ 1;
    const counted = packets.charged[packet] > 0;
    const pieces = splitPacket(packets, packet);
    const more = counted ? chargeOfCuts(pieces.length) : 0;
    if (counted) receiver.recharged(sender, more);
    let accepted = false;
    let refused = 0;
    for (const piece of pieces) {
      const charged = packets.charged[piece];
      if (this.sendOne(piece, vnode)) accepted = true;
      else refused += charged;
    }
    // Of a packet that is refused as a whole the sender takes the charge back itself.
    if (refused > 0) receiver.recharged(sender, accepted ? -refused : -more);
    return accepted;
  }

  private sendOne(packet: number, vnode: number): boolean {
    const { packets, endpoints } = this.parts;
    if (!this.work.costs(vnode)) return this.pipes.enqueue(this.access.upPipe[vnode], packet);
    if (!this.work.reserve(vnode, packets.wire[packet])) {
      this.drop(packet, 'shaper-queue');
      return false;
    }
    // Behind a router there is one neighbour, whose entry is permanent.
    if (this.parts.routers || this.resolution.admit(packet, vnode, endpoints.vnode[packets.endpoint[packet]]))
      this.work.transmit(packet, vnode);
    return true;
  }

  /** Past the qdisc and the vnode's end of its veth. */
  private leaveDevice(packet: number, vnode: number): void {
    const tail = this.access.upTail[vnode];
    if (tail === NONE) this.crossHost(packet, vnode);
    else this.pipes.enqueue(tail, packet);
  }

  /** From the fabric. An ideal host's NIC takes no time, so nothing waits for it. */
  private intoNic(packet: number): void {
    const host = this.hostOfReceiver(packet);
    if ((this.parts.hosts[host] as Host).ideal) this.enterAccess(packet);
    else this.pipes.enqueue(this.nicIn[host], packet);
  }

  /** Towards the receiver: its shaper, on a host with costs as packet work. */
  private enterAccess(packet: number): void {
    const { packets, endpoints } = this.parts;
    const vnode = endpoints.vnode[packets.endpoint[packet]];
    if (this.work.costs(vnode)) this.work.arriveAtAccess(packet, vnode);
    else this.pipes.enqueue(this.access.downPipe[vnode], packet);
  }

  /** From `host`, past all routers: to another host, or to the receiver's shaper here. */
  private toReceiver(packet: number, host: number): void {
    if (this.hostOfReceiver(packet) !== host) this.pipes.enqueue(this.nicOut[host], packet);
    else this.enterAccess(packet);
  }

  /** Routers see frames, not super-packets. */
  private frames(packet: number): readonly number[] {
    const { packets } = this.parts;
    return packets.segments[packet] > 1 ? splitPacket(packets, packet) : [packet];
  }

  private crossRouters(packet: number, routed: RoutedPaths): void {
    for (const frame of this.frames(packet))
      if (!routed.enter(frame)) this.drop(frame, 'no-route');
      else if (!routed.forward(frame)) this.leaveCore(frame);
  }

  private leaveCore(packet: number): void {
    const { packets, endpoints, hostOf } = this.parts;
    this.toReceiver(packet, hostOf[endpoints.vnode[packets.endpoint[packet] ^ 1]]);
  }

  private crossCore(packet: number): void {
    const { packets } = this.parts;
    if (this.routed) {
      if (!this.routed.forward(packet)) this.leaveCore(packet);
      return;
    }
    const hop = packets.hop[packet]++;
    if (!(this.paths as CorePaths).enqueue(packets.endpoint[packet], hop, packet)) this.enterAccess(packet);
  }

  private addNic(host: Host, index: number): void {
    const { mtu } = this.parts.scenario.network;
    const bitsPerSecond = host.ideal ? Infinity : host.nicRate;
    const queue = host.ideal ? Infinity : NIC_QUEUE_FRAMES * mtu;
    const common = { bitsPerSecond, burst: 0, queue, loss: 0, tick: 0 };
    const create = (delay: number, role: number) =>
      this.access.pipe(this.pipes.create({ ...common, delay }), role, index);
    this.nicOut.push(create(host.fabricDelay, ROLE.nicOut));
    this.nicIn.push(create(0, ROLE.nicIn));
  }
}
