// Core machines, which emulate the pipes of a network: packets that are in are moved on at each tick before any new ones
// are received, so that an overloaded core loses packets at its NIC and none that it has accepted (OSDI 2002, 2.2).

import { Heap } from 'heap-js';
import type { Assignment, CoreMachine, CoreRecord, DistilledNetwork } from '../../models/index.js';
import type { Packets } from '../packets.js';
import type { Simulator } from '../simulator.js';
import { CorePipes } from './core-pipes.js';
import { distilledPipe } from './routed-paths.js';
import type { Routes } from './routes.js';
import type { DropReason } from './traffic.js';

/** Where packets go that the cores are done with. */
export interface CoreDoor {
  /** Out of the core that the packet came in by, towards its receiver's host. */
  emerge(packet: number, core: number): void;
  drop(packet: number, reason: DropReason): void;
}

export interface CoreParts {
  readonly simulator: Simulator;
  readonly packets: Packets;
  readonly routes: Routes;
  readonly network: DistilledNetwork;
  readonly machine: CoreMachine;
  readonly count: number;
  readonly assignment: Assignment;
  /** ns. */
  readonly tick: number;
  readonly debt: boolean;
  readonly mtu: number;
  readonly seed: string;
  /** The core by which a packet comes in, and leaves. */
  entryOf(packet: number): number;
}

/** A frame at a NIC is a packet, or only the descriptor of one that another core keeps. */
const FRAMES = 2;
const DESCRIPTOR = 1;

/** Frames gone from the front of a ring after which it is moved up. */
const RING_SLACK = 4096;

class Core {
  /** Its pipes that hold packets, by deadline. */
  readonly due: Heap<number>;
  /** Frames at the NIC, the first at `next`. */
  ring: number[] = [];
  next = 0;
  /** The frame that is being received; -1: none. */
  receiving = -1;
  /** When it is in; moving packets puts it off. */
  receivedAt = 0;
  /** The CPU moves packets until then. */
  movingUntil = 0;
  /** When the scheduler looks next; Infinity: it has no reason to. */
  ticksAt = Number.POSITIVE_INFINITY;
  busy = 0;
  received = 0;
  moved = 0;
  lost = 0;
  sentAcross = 0;
  detours = 0;
  lateness = 0;
  latest = 0;

  constructor(deadline: (pipe: number) => number) {
    this.due = new Heap<number>((a, b) => deadline(a) - deadline(b) || a - b);
  }

  get waiting(): number {
    return this.ring.length - this.next;
  }
}

export class CoreMachines {
  private readonly cores: Core[];
  private readonly pipes: CorePipes;
  /** Per pipe of the distilled network: the pipe that it is here. */
  private readonly made: number[] = [];
  /** Per pipe here: whether it is in its core's heap, and its core. */
  private readonly queued: boolean[] = [];
  private readonly coreOf: number[] = [];
  /** Per packet: when it would have left its last pipe on an exact clock. */
  private exact = new Float64Array(4096);
  /** Per packet: the pipe that it enters when its descriptor is received. */
  private upcoming = new Int32Array(4096);
  /** Descriptors between two cores. */
  private between = 0;
  private readonly tickKind: number;
  private readonly receiveKind: number;
  private readonly acrossKind: number;

  constructor(
    private readonly parts: CoreParts,
    private readonly door: CoreDoor,
  ) {
    const { simulator, packets, count } = parts;
    this.pipes = new CorePipes(packets);
    this.cores = Array.from({ length: count }, () => new Core((pipe) => this.pipes.deadline(pipe)));
    this.tickKind = simulator.register({ handle: (core) => this.tick(core) });
    this.receiveKind = simulator.register({ handle: (core) => this.received(core) });
    this.acrossKind = simulator.register({ handle: (element) => this.across(element) });
  }

  /** A packet has come through the NIC of a core. */
  arrive(packet: number, core: number): void {
    this.atNic(core, packet * FRAMES);
  }

  /** Packets inside, by counting. */
  census(): number {
    return (
      this.cores.reduce((sum, core) => sum + core.waiting + (core.receiving < 0 ? 0 : 1), this.between) +
      this.pipes.census()
    );
  }

  /** What each core did until `now`, ns. */
  record(now: number): CoreRecord[] {
    return this.cores.map(({ busy, received, moved, lost, sentAcross, detours, lateness, latest }) => ({
      cpuPercent: now === 0 ? 0 : Math.min(100, (100 * busy) / now),
      received,
      moved,
      physicalDrops: lost,
      crossings: sentAcross,
      detours,
      lateness: { mean: moved === 0 ? 0 : lateness / moved / 1e9, most: latest / 1e9 },
    }));
  }

  private atNic(index: number, frame: number): void {
    const core = this.cores[index];
    if (core.waiting >= this.parts.machine.ring) {
      core.lost++;
      this.door.drop(Math.floor(frame / FRAMES), 'core-nic');
      return;
    }
    core.ring.push(frame);
    this.receiveNext(index);
  }

  private receiveNext(index: number): void {
    const core = this.cores[index];
    if (core.receiving >= 0 || core.waiting === 0) return;
    const { simulator, machine } = this.parts;
    core.receiving = core.ring[core.next++];
    if (core.next === core.ring.length) {
      core.ring.length = 0;
      core.next = 0;
    } else if (core.next > RING_SLACK) {
      core.ring.splice(0, core.next);
      core.next = 0;
    }
    const cost = core.receiving % FRAMES === DESCRIPTOR ? machine.perCrossing : machine.perPacket;
    core.busy += cost;
    core.receivedAt = Math.max(simulator.now, core.movingUntil) + cost;
    simulator.schedule(core.receivedAt, this.receiveKind, index);
  }

  /** A frame is in, unless packets were moved in the meantime. */
  private received(index: number): void {
    const core = this.cores[index];
    const { simulator, packets, routes } = this.parts;
    const { now } = simulator;
    if (now < core.receivedAt) {
      simulator.schedule(core.receivedAt, this.receiveKind, index);
      return;
    }
    const packet = Math.floor(core.receiving / FRAMES);
    const descriptor = core.receiving % FRAMES === DESCRIPTOR;
    core.receiving = -1;
    core.received++;
    if (descriptor) this.onwards(packet, this.upcoming[packets.ordinal(packet)], index);
    else {
      const ordinal = packets.ordinal(packet);
      this.reserve(ordinal);
      this.exact[ordinal] = now;
      if (routes.enter(packet)) this.onwards(packet, routes.next(packet), index, true);
      else this.door.drop(packet, 'no-route');
    }
    this.receiveNext(index);
  }

  /** To its next pipe (-1: out), here or on another core. */
  private onwards(packet: number, pipe: number, index: number, entering = false): void {
    const here = pipe < 0 ? -1 : (this.made[pipe] ?? this.make(pipe));
    const where = here < 0 ? this.parts.entryOf(packet) : this.coreOf[here];
    if (where === index) {
      if (here < 0) this.door.emerge(packet, index);
      else this.enter(packet, here, index);
      return;
    }
    const core = this.cores[index];
    const { simulator, packets, machine } = this.parts;
    if (entering || here < 0) core.detours++;
    else core.sentAcross++;
    this.work(core, machine.perCrossing);
    const ordinal = packets.ordinal(packet);
    this.upcoming[ordinal] = pipe;
    this.between++;
    simulator.schedule(simulator.now + machine.switchDelay, this.acrossKind, ordinal * this.cores.length + where);
  }

  private across(element: number): void {
    const count = this.cores.length;
    this.between--;
    this.atNic(element % count, this.parts.packets.at(Math.floor(element / count)) * FRAMES + DESCRIPTOR);
  }

  private enter(packet: number, pipe: number, index: number): void {
    const { simulator, packets, debt } = this.parts;
    const { now } = simulator;
    const lost = this.pipes.put(pipe, packet, debt ? this.exact[packets.ordinal(packet)] : now, now);
    if (lost) {
      this.door.drop(packet, lost === 'queue' ? 'pipe-queue' : lost === 'loss' ? 'link-loss' : 'link-down');
      return;
    }
    const core = this.cores[index];
    if (!this.queued[pipe]) {
      this.queued[pipe] = true;
      core.due.push(pipe);
    }
    this.wakeScheduler(index);
  }

  /** Moves all packets that are due. What this takes is taken from receiving. */
  private tick(index: number): void {
    const core = this.cores[index];
    const { simulator, routes, machine } = this.parts;
    const { now } = simulator;
    if (now < core.ticksAt) return;
    if (now < core.movingUntil) {
      core.ticksAt = Number.POSITIVE_INFINITY;
      this.wakeScheduler(index);
      return;
    }
    let hops = 0;
    for (let pipe = core.due.peek(); pipe !== undefined && this.pipes.deadline(pipe) <= now; pipe = core.due.peek()) {
      core.due.pop();
      const exit = this.pipes.deadline(pipe);
      const doomed = this.pipes.doomed(pipe);
      const packet = this.pipes.take(pipe, now);
      if (this.pipes.deadline(pipe) < Number.POSITIVE_INFINITY) core.due.push(pipe);
      else this.queued[pipe] = false;
      if (doomed) {
        this.door.drop(packet, 'link-down');
        continue;
      }
      hops++;
      core.lateness += now - exit;
      if (now - exit > core.latest) core.latest = now - exit;
      this.exact[this.parts.packets.ordinal(packet)] = exit;
      this.onwards(packet, routes.next(packet), index);
    }
    core.moved += hops;
    this.work(core, hops * machine.perHop);
    core.ticksAt = Number.POSITIVE_INFINITY;
    this.wakeScheduler(index);
  }

  /** CPU that comes before receiving. */
  private work(core: Core, cost: number): void {
    const { now } = this.parts.simulator;
    core.busy += cost;
    core.movingUntil = Math.max(now, core.movingUntil) + cost;
    if (core.receiving >= 0) core.receivedAt += cost;
  }

  /** The first tick at which a pipe is due; one that fell into moving is seen when that is done, as interrupts are. */
  private wakeScheduler(index: number): void {
    const core = this.cores[index];
    const { simulator, tick } = this.parts;
    const first = core.due.peek();
    if (first === undefined) return;
    const due = Math.ceil(Math.max(this.pipes.deadline(first), simulator.now + 1) / tick) * tick;
    const at = Math.max(due, core.movingUntil);
    if (at >= core.ticksAt) return;
    core.ticksAt = at;
    simulator.schedule(at, this.tickKind, index);
  }

  /** Takes over what has changed in these pipes of the distilled network. */
  refresh(pipes: readonly number[]): void {
    this.parts.routes.forget();
    for (const pipe of pipes) if (this.made[pipe] !== undefined) this.renew(pipe);
  }

  private renew(pipe: number): void {
    const { network, mtu, seed } = this.parts;
    if (network.works(pipe)) this.pipes.change(this.made[pipe], distilledPipe(network, pipe, mtu, seed));
    else this.pipes.fail(this.made[pipe]);
  }

  private make(pipe: number): number {
    const { network, assignment, mtu, seed } = this.parts;
    const here = this.pipes.create(distilledPipe(network, pipe, mtu, seed));
    this.coreOf[here] = assignment[network.network.pipes[network.origins[pipe]].link];
    this.made[pipe] = here;
    this.queued[here] = false;
    if (!network.works(pipe)) this.pipes.fail(here);
    return here;
  }

  private reserve(ordinal: number): void {
    if (ordinal < this.exact.length) return;
    const size = 2 * Math.max(ordinal, this.exact.length);
    const [exact, upcoming] = [new Float64Array(size), new Int32Array(size)];
    exact.set(this.exact);
    upcoming.set(this.upcoming);
    this.exact = exact;
    this.upcoming = upcoming;
  }
}
