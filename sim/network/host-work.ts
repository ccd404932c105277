// Packet work on hosts with costs. A packet is carried as far as it gets in one go: from the socket to the shaper that
// holds it up, or to the receiver's socket, all on the core where that began (softirq, net/core/dev.c).

import type { Host } from '../../models/index.js';
import type { PacketWork } from '../cpu/index.js';
import { type Access, NONE } from './access.js';
import type { NetworkParts, Passage } from './parts.js';
import { Shapers } from './shapers.js';
import { splitPacket } from './split.js';
import { Timers } from './timers.js';
import { KINDS, WORK } from './work-kinds.js';

/** What follows when the work of a packet is done. */
const NEXT = {
  deliver: 0,
  waitUp: 1,
  upTail: 2,
  cross: 3,
  waitDown: 4,
  downTail: 5,
  dropDown: 6,
  splitDown: 7,
  splitUp: 8,
} as const;

export class HostWork implements PacketWork {
  readonly shapers: Shapers;
  private readonly timers: Timers;
  private readonly shaperVnode: number[] = [];
  private readonly shaperUp: boolean[] = [];
  private readonly vnodesOn: readonly number[];
  /** Per core: what follows its present work. */
  private readonly following: number[] = [];
  private access: Access | undefined;
  private readonly cuts: boolean;

  constructor(
    private readonly parts: NetworkParts,
    private readonly network: Passage,
  ) {
    this.timers = new Timers(parts.simulator, parts.cores);
    this.shapers = new Shapers(parts.simulator, parts.packets, this.timers);
    this.cuts = !parts.scenario.network.gso;
    this.vnodesOn = parts.hosts.map((_, host) => parts.hostOf.filter((other) => other === host).length);
  }

  /** The access links whose shapers these are. */
  own(access: Access): void {
    this.access = access;
    for (const up of [true, false])
      for (const [vnode, shaper] of (up ? access.upShaper : access.downShaper).entries()) {
        if (shaper === NONE) continue;
        this.shaperVnode[shaper] = vnode;
        this.shaperUp[shaper] = up;
      }
  }

  /** Whether packets cost anything where this vnode lives. */
  costs(vnode: number): boolean {
    return this.parts.cores.homeCore(vnode) >= 0;
  }

  /** A place in the sender's own queueing discipline; false: it is full. */
  reserve(vnode: number, wire: number): boolean {
    const shaper = this.links.upShaper[vnode];
    return shaper === NONE || this.shapers.reserve(shaper, wire);
  }

  cancel(vnode: number, wire: number): void {
    const shaper = this.links.upShaper[vnode];
    if (shaper !== NONE) this.shapers.cancel(shaper, wire);
  }

  transmit(packet: number, vnode: number): void {
    this.raise(this.contextCore(vnode), packet, WORK.transmit);
  }

  /** Behind the delay of the sender's link. */
  forward(packet: number, vnode: number): void {
    this.raiseBacklogged(this.contextCore(vnode), packet, WORK.forward);
  }

  /** From the NIC, whose interrupts go to the host's first core. */
  arrive(packet: number, host: number): void {
    this.raiseBacklogged(this.parts.cores.coresOf(host)[0].id, packet, WORK.arrive);
  }

  /** From a core of pipes. */
  arriveAtAccess(packet: number, vnode: number): void {
    this.raiseBacklogged(this.contextCore(vnode), packet, WORK.access);
  }

  /** Behind the delay of the receiver's link. */
  receive(packet: number, vnode: number): void {
    this.raiseBacklogged(this.contextCore(vnode), packet, WORK.receive);
  }

  /** A timer of one of this vnode's connections: as much as a shaper's. */
  timer(endpoint: number, vnode: number): void {
    this.timers.ofConnection(endpoint, this.contextCore(vnode));
  }

  sleep(task: number, core: number, until: number): void {
    this.timers.sleep(task, core, until);
  }

  inInterrupt(item: number): boolean {
    const kind = item % KINDS;
    return kind === WORK.rouse || kind === WORK.sharedRouse;
  }

  /** To be done after the packet work at hand, by the core that is at it; false: none of this vnode's host is. */
  tasklet(endpoint: number, vnode: number): boolean {
    const { cores, hostOf } = this.parts;
    const core = cores.all[cores.current];
    if (core?.hostIndex !== hostOf[vnode] || !core.host.kernel.taskletsYield) return false;
    cores.leave(core, endpoint * KINDS + WORK.tasklet);
    return true;
  }

  /** A broadcast: every port of every bridge in the range gets a copy. */
  flood(vnode: number): void {
    const { hostOf, hosts, scenario } = this.parts;
    const host = hostOf[vnode];
    this.raise(this.contextCore(vnode), host, WORK.flood);
    if (scenario.network.attach !== 'bridge') return;
    for (const [other, { ideal }] of hosts.entries()) if (other !== host && !ideal) this.floodFromOutside(other);
  }

  /** A broadcast of a host that is not simulated. */
  floodAll(): void {
    for (const [host, { ideal }] of this.parts.hosts.entries()) if (!ideal) this.floodFromOutside(host);
  }

  /** A broadcast that comes in through the NIC of `host`. */
  floodFromOutside(host: number): void {
    this.raise(this.parts.cores.coresOf(host)[0].id, host, WORK.flood);
  }

  start(item: number, core: number): number {
    const id = Math.floor(item / KINDS);
    const { cpu } = (this.parts.cores.all[core] as { host: Host }).host;
    switch (item % KINDS) {
      case WORK.transmit:
        return cpu.transmitPerPacket + this.throughUp(id, core);
      case WORK.forward:
        return this.throughBridge(id, core);
      case WORK.releasedUp:
        return cpu.shaperPerPacket + this.throughBridge(id, core);
      case WORK.releasedWhole:
        return cpu.shaperPerPacket + this.cut(id, core);
      case WORK.arrive:
        this.network.traffic.hosts[this.parts.cores.all[core].hostIndex].bytesIn += this.parts.packets.wire[id];
        return cpu.nicPerPacket + this.bridgeCost(id, core) + this.throughDown(id, core);
      case WORK.access:
        return this.throughDown(id, core);
      case WORK.receive:
        this.following[core] = NEXT.deliver;
        return cpu.receivePerPacket;
      case WORK.releasedDown:
        this.following[core] = NEXT.deliver;
        return cpu.shaperPerPacket + cpu.receivePerPacket;
      case WORK.tasklet:
        return 0;
      case WORK.flood:
        return this.startFlood(id, cpu.broadcastPerPort);
      default:
        return this.timers.cost(item % KINDS, id, cpu);
    }
  }

  finish(item: number, core: number): void {
    const id = Math.floor(item / KINDS);
    const kind = item % KINDS;
    if (kind === WORK.flood) return;
    if (kind === WORK.release || kind === WORK.sharedRelease) this.releaseAll(id, core);
    else if (kind === WORK.timer || kind === WORK.sharedTimer || kind === WORK.tasklet) this.network.timed(id);
    else if (this.inInterrupt(item)) this.parts.cores.wake(id);
    else this.proceed(id, core);
  }

  /** Packets that wait for packet work or for tokens, by counting. */
  census(): number {
    let count = this.shapers.census();
    for (const core of this.parts.cores.all) {
      for (const item of core.softirqs) if (item % KINDS < WORK.release) count++;
      if (core.inPacketWork && core.item % KINDS < WORK.release) count++;
    }
    return count;
  }

  private get links(): Access {
    return this.access as Access;
  }

  /** The core that asked for the work, if it is one of this vnode's host; otherwise the vnode's own. */
  private contextCore(vnode: number): number {
    const { cores, hostOf } = this.parts;
    const { current } = cores;
    if (current >= 0 && cores.all[current].hostIndex === hostOf[vnode]) return current;
    return cores.homeCore(vnode);
  }

  private raise(core: number, id: number, kind: number): void {
    this.parts.cores.raise(core, id * KINDS + kind);
  }

  /** Work for a veth's receive side or a NIC goes through the core's backlog, which may be full. */
  private raiseBacklogged(core: number, packet: number, kind: number): void {
    const { host, softirqs } = this.parts.cores.all[core];
    if (softirqs.length >= host.limits.backlog) this.network.drop(packet, 'backlog');
    else this.raise(core, packet, kind);
  }

  private throughUp(packet: number, core: number): number {
    const { packets, endpoints } = this.parts;
    const vnode = endpoints.vnode[packets.endpoint[packet] ^ 1];
    const shaper = this.links.upShaper[vnode];
    if (shaper !== NONE && !this.shapers.passes(shaper, packets.wire[packet])) {
      this.following[core] = NEXT.waitUp;
      return 0;
    }
    this.network.departed(packet);
    if (this.cutsAtDevice(packet)) return this.cut(packet, core);
    if (this.links.upTail[vnode] === NONE) return this.throughBridge(packet, core);
    this.following[core] = NEXT.upTail;
    return 0;
  }

  /** The vnode's end of the veth takes no super-packets (validate_xmit_skb in net/core/dev.c). */
  cutsAtDevice(packet: number): boolean {
    return this.cuts && this.parts.packets.segments[packet] > 1;
  }

  private cut(packet: number, core: number): number {
    this.following[core] = NEXT.splitUp;
    return this.parts.packets.segments[packet] * this.parts.cores.all[core].host.segmentCost;
  }

  private throughBridge(packet: number, core: number): number {
    const { packets, endpoints, hostOf, scenario } = this.parts;
    const cost = this.bridgeCost(packet, core);
    const away = scenario.network.topology?.cores !== undefined;
    const local =
      !away && this.network.hostOfReceiver(packet) === hostOf[endpoints.vnode[packets.endpoint[packet] ^ 1]];
    if (local && !scenario.network.core && !scenario.network.topology) return cost + this.throughDown(packet, core);
    this.following[core] = NEXT.cross;
    if (!local) this.network.traffic.hosts[this.parts.cores.all[core].hostIndex].bytesOut += packets.wire[packet];
    return local ? cost : cost + this.parts.cores.all[core].host.cpu.nicPerPacket;
  }

  private bridgeCost(packet: number, core: number): number {
    const { packets, scenario } = this.parts;
    const { host, hostIndex } = this.parts.cores.all[core];
    const traffic = this.network.traffic.hosts[hostIndex];
    traffic.forwarded++;
    traffic.bytesForwarded += packets.wire[packet];
    const saved = scenario.network.attach === 'direct' ? host.cpu.bridgePerPacket : 0;
    return host.cpu.forwardPerPacket - saved + host.cpu.packetPerByte * packets.wire[packet];
  }

  private throughDown(packet: number, core: number): number {
    const { packets, endpoints } = this.parts;
    const vnode = endpoints.vnode[packets.endpoint[packet]];
    const shaper = this.links.downShaper[vnode];
    const wire = packets.wire[packet];
    if (shaper !== NONE) {
      if (packets.segments[packet] > 1 && wire > this.shapers.burst(shaper)) {
        this.following[core] = NEXT.splitDown;
        return 0;
      }
      if (!this.shapers.reserve(shaper, wire)) {
        this.following[core] = NEXT.dropDown;
        return 0;
      }
      if (!this.shapers.passes(shaper, wire)) {
        this.following[core] = NEXT.waitDown;
        return 0;
      }
    }
    if (this.links.downTail[vnode] !== NONE) {
      this.following[core] = NEXT.downTail;
      return 0;
    }
    this.following[core] = NEXT.deliver;
    return this.parts.cores.all[core].host.cpu.receivePerPacket;
  }

  private proceed(packet: number, core: number): void {
    const { packets, endpoints } = this.parts;
    const sender = endpoints.vnode[packets.endpoint[packet] ^ 1];
    const receiver = endpoints.vnode[packets.endpoint[packet]];
    const following = this.following[core];
    // What is cut has not gone any further.
    if (following !== NEXT.splitUp && following !== NEXT.splitDown)
      this.network.traffic.packetHops += packets.segments[packet];
    switch (following) {
      case NEXT.deliver:
        this.network.deliver(packet, receiver);
        return;
      case NEXT.waitUp:
        this.wait(this.links.upShaper[sender], packet, core);
        return;
      case NEXT.upTail:
        this.network.intoPipe(this.links.upTail[sender], packet);
        return;
      case NEXT.cross:
        this.network.crossHost(packet, sender);
        return;
      case NEXT.waitDown:
        this.wait(this.links.downShaper[receiver], packet, core);
        return;
      case NEXT.downTail:
        this.network.intoPipe(this.links.downTail[receiver], packet);
        return;
      case NEXT.splitUp:
        for (const piece of splitPacket(packets, packet))
          if (this.links.upTail[sender] === NONE) this.raise(core, piece, WORK.forward);
          else this.network.intoPipe(this.links.upTail[sender], piece);
        return;
      case NEXT.splitDown:
        for (const piece of splitPacket(packets, packet)) this.raise(core, piece, WORK.access);
        return;
      default:
        this.network.drop(packet, 'shaper-queue');
    }
  }

  private wait(shaper: number, packet: number, core: number): void {
    const { kernel } = (this.parts.cores.all[core] as { host: Host }).host;
    this.shapers.wait(shaper, packet);
    if (kernel.enqueueRunsQdisc && this.shapers.overdue(shaper)) this.releaseAll(shaper, core);
    else this.shapers.arm(shaper, core);
  }

  /** Everything there are tokens for goes on. */
  private releaseAll(shaper: number, core: number): void {
    const vnode = this.shaperVnode[shaper];
    const up = this.shaperUp[shaper];
    const tail = up ? this.links.upTail[vnode] : this.links.downTail[vnode];
    for (;;) {
      const packet = this.shapers.release(shaper, core);
      if (packet < 0) return;
      if (up) this.network.departed(packet);
      if (up && this.cutsAtDevice(packet)) this.raiseBacklogged(core, packet, WORK.releasedWhole);
      else if (tail !== NONE) this.network.intoPipe(tail, packet);
      else this.raiseBacklogged(core, packet, up ? WORK.releasedUp : WORK.releasedDown);
    }
  }

  private startFlood(host: number, perPort: number): number {
    const { hosts, scenario } = this.parts;
    const traffic = this.network.traffic.hosts[host];
    const ports = scenario.network.attach === 'bridge' ? this.vnodesOn[host] + 1 : 1;
    const { backlog } = (hosts[host] as Host).limits;
    traffic.broadcasts++;
    if (ports > backlog) traffic.broadcastDrops += ports - backlog;
    return perPort * Math.min(ports, backlog);
  }
}
