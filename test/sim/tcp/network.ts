// A tiny network to try TCP on: pairs of vnodes, each joined by two pipes (rate, delay, byte queue, scripted loss).
// The departure of a packet is known when it arrives, so a packet costs one event.

import { Endpoints } from '../../../sim/endpoints.js';
import { type EventQueue, QuaternaryQueue } from '../../../sim/event-queue.js';
import { Packets } from '../../../sim/packets.js';
import { Simulator } from '../../../sim/simulator.js';
import { DEFAULT_OPTIONS, Tcp, type TcpOptions } from '../../../sim/tcp/index.js';
import type { PacketCarrier, StreamEvents } from '../../../sim/transport.js';

export const MS = 1_000_000;
export const SECOND = 1_000_000_000;

export interface PipeSettings {
  /** Bits per second; 0: no serialisation. */
  rate: number;
  /** ns. */
  delay: number;
  /** Bytes that may wait; packets beyond are lost. */
  queue: number;
  /** True: the packet is lost. Called once per packet that enters, with its number from 0. */
  lose?: (packet: number, index: number) => boolean;
  /** Extra delay of a packet in ns (reordering). */
  late?: (packet: number, index: number) => number;
  /** The sender's own qdisc: a packet that does not fit is refused instead of lost. */
  own?: boolean;
}

export interface Settings {
  up?: Partial<PipeSettings>;
  down?: Partial<PipeSettings>;
  /** All flows share the two pipes; otherwise each flow has its own. */
  shared?: boolean;
  tcp?: Partial<TcpOptions>;
  queue?: EventQueue;
  events?: Partial<StreamEvents>;
  /** Applications read what arrives at once. Default: true. */
  reads?: boolean;
}

interface Pipe extends PipeSettings {
  free: number;
  entered: number;
  /** Departures not yet past: wire bytes in the queue, from `first` on. */
  waiting: { at: number; wire: number }[];
  first: number;
  bytes: number;
}

const DEFAULTS: PipeSettings = { rate: 0, delay: 0, queue: Number.POSITIVE_INFINITY };

export class Network implements PacketCarrier {
  readonly simulator: Simulator;
  readonly packets = new Packets();
  readonly endpoints = new Endpoints();
  readonly tcp: Tcp;
  /** Payload bytes read by the application, per endpoint; times of the stream's events, ns. */
  readonly received: number[] = [];
  readonly openedAt: number[] = [];
  readonly closedAt: number[] = [];
  readonly log: { at: number; endpoint: number; sequence: number; payload: number; flags: number; ack: number }[] = [];
  logging = false;
  private readonly pipes: Pipe[] = [];
  private readonly arrival: number;
  private readonly departure: number;

  constructor(readonly settings: Settings = {}) {
    this.simulator = new Simulator(settings.queue ?? new QuaternaryQueue());
    const events: StreamEvents = {
      opened: (endpoint) => {
        this.openedAt[endpoint] = this.simulator.now;
        settings.events?.opened?.(endpoint);
      },
      readableNow: (endpoint) => {
        if (settings.reads !== false) this.take(endpoint);
        settings.events?.readableNow?.(endpoint);
      },
      writableNow: (endpoint) => settings.events?.writableNow?.(endpoint),
      closed: (endpoint) => {
        this.closedAt[endpoint] = this.simulator.now;
        settings.events?.closed?.(endpoint);
      },
    };
    this.tcp = new Tcp({
      simulator: this.simulator,
      packets: this.packets,
      endpoints: this.endpoints,
      events,
      options: { ...DEFAULT_OPTIONS, ...settings.tcp },
    });
    this.tcp.carrier = this;
    this.arrival = this.simulator.register({ handle: (packet) => this.tcp.receive(packet) });
    this.departure = this.simulator.register({ handle: (element) => this.depart(element) });
  }

  /** A connection between two fresh vnodes. */
  connect(): number {
    const vnode = this.endpoints.count;
    return this.tcp.open(vnode, vnode + 1);
  }

  take(endpoint: number): number {
    const bytes = this.tcp.read(endpoint);
    this.received[endpoint] = (this.received[endpoint] ?? 0) + bytes;
    return bytes;
  }

  /** Bytes waiting in the pipe that an endpoint sends into. */
  queued(endpoint: number): number {
    const pipe = this.pipe(endpoint);
    this.drain(pipe);
    return pipe.bytes;
  }

  /** Nothing that an endpoint sends from now on leaves its pipe before `until`. */
  block(endpoint: number, until: number): void {
    const pipe = this.pipe(endpoint);
    pipe.free = Math.max(pipe.free, until);
  }

  run(until = 10_000 * SECOND): void {
    this.simulator.run(until);
  }

  send(packet: number): boolean {
    const { packets, simulator } = this;
    const receiver = packets.endpoint[packet];
    const sender = receiver ^ 1;
    const pipe = this.pipe(sender);
    const index = pipe.entered++;
    const { now } = simulator;
    const wire = packets.wire[packet];
    if (this.logging)
      this.log.push({
        at: now,
        endpoint: sender,
        sequence: packets.sequence[packet],
        payload: packets.payload[packet],
        flags: packets.flags[packet],
        ack: packets.acknowledged[packet],
      });
    this.drain(pipe);
    if (pipe.bytes + wire > pipe.queue) {
      const charged = packets.charged[packet];
      packets.drop(packet);
      if (pipe.own) return false;
      if (this.settings.tcp?.smallQueues) simulator.schedule(now, this.departure, sender * 131_072 + charged);
      return true;
    }
    const start = Math.max(now, pipe.free);
    pipe.free = start + (pipe.rate > 0 ? Math.round((wire * 8e9) / pipe.rate) : 0);
    if (pipe.queue !== Number.POSITIVE_INFINITY) {
      pipe.waiting.push({ at: pipe.free, wire });
      pipe.bytes += wire;
    }
    if (this.settings.tcp?.smallQueues)
      simulator.schedule(pipe.free, this.departure, sender * 131_072 + packets.charged[packet]);
    if (pipe.lose?.(packet, index)) {
      packets.drop(packet);
      return true;
    }
    simulator.schedule(pipe.free + pipe.delay + (pipe.late?.(packet, index) ?? 0), this.arrival, packet);
    return true;
  }

  private depart(element: number): void {
    this.tcp.departed(Math.floor(element / 131_072), element % 131_072);
  }

  private pipe(sender: number): Pipe {
    const id = this.settings.shared ? sender & 1 : sender;
    this.pipes[id] ??= {
      ...DEFAULTS,
      ...((sender & 1) === 0 ? this.settings.up : this.settings.down),
      free: 0,
      entered: 0,
      waiting: [],
      first: 0,
      bytes: 0,
    };
    return this.pipes[id] as Pipe;
  }

  private drain(pipe: Pipe): void {
    const { now } = this.simulator;
    for (let next = pipe.waiting[pipe.first]; next && next.at <= now; next = pipe.waiting[pipe.first]) {
      pipe.bytes -= next.wire;
      pipe.first++;
    }
    if (pipe.first > 1000) {
      pipe.waiting.splice(0, pipe.first);
      pipe.first = 0;
    }
  }
}
