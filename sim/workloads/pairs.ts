// Pairs: in each, a client sends to a server as fast as its link and TCP let it, or datagrams at a rate.

import {
  ETHERNET_HEADER,
  type Host,
  IP_UDP_HEADERS,
  type PairsWorkload,
  type VnodeRecord,
} from '../../models/index.js';
import type { Endpoints } from '../endpoints.js';
import { DATAGRAM, type Packets } from '../packets.js';
import { randomStream } from '../random.js';
import type { EventHandler, Simulator } from '../simulator.js';
import type { PacketCarrier, Streams, Tasks } from '../transport.js';
import { KeepsNothing } from './keeps-nothing.js';
import type { VnodeOutcome, Workload } from './workload.js';

/** iperf3's default length of a TCP read or write. */
const CHUNK = 131_072;
/** Pairs start within this time of each other, ns: nobody starts a hundred processes at the same instant. */
const START_SPREAD = 20_000_000;
/** net.core.rmem_default: what a UDP socket holds before it drops, counted in buffer sizes. */
const UDP_BUFFER = 212_992;
/** Buffer that a frame of up to 1,500 bytes takes (SKB_TRUESIZE of a 2 KiB head). */
const UDP_TRUESIZE = 2304;
/** ns by which a sender that sleeps until its next datagram is due wakes late (PR_SET_TIMERSLACK's default, prctl(2)). */
const TIMER_SLACK = 50_000;

export interface PairsParts {
  readonly simulator: Simulator;
  readonly packets: Packets;
  readonly endpoints: Endpoints;
  readonly streams: Streams;
  readonly carrier: PacketCarrier;
  readonly tasks: Tasks;
  readonly workload: PairsWorkload;
  readonly seed: string;
  /** Per vnode: its host, for what a system call and a copy cost there. */
  readonly hosts: readonly Host[];
  readonly hostOf: readonly number[];
  /** A datagram found the receiver's socket buffer full. */
  readonly overflow: (packet: number) => void;
}

export class Pairs extends KeepsNothing implements Workload, EventHandler {
  payloadDelivered = 0;
  completed = 0;
  private readonly kind: number;
  private readonly count: number;
  /** Per pair: the client's endpoint, payload handed over and read, start, end. */
  private readonly endpoint: Int32Array;
  private readonly written: Float64Array;
  private readonly received: Float64Array;
  private readonly startedAt: Float64Array;
  private readonly completedAt: Float64Array;
  /** Per pair, UDP: datagrams to send now, and those in the server's socket. */
  private readonly due: Int32Array;
  /** Per pair, UDP: when the next datagram is due, ns. */
  private readonly nextDue: Float64Array;
  private readonly inSocket: Int32Array;
  /** Per endpoint: its pair. */
  private readonly pairOf = new Map<number, number>();

  constructor(private readonly parts: PairsParts) {
    super();
    this.kind = parts.simulator.register(this);
    this.count = parts.workload.pairs;
    this.endpoint = new Int32Array(this.count).fill(-1);
    this.written = new Float64Array(this.count);
    this.received = new Float64Array(this.count);
    this.startedAt = new Float64Array(this.count).fill(-1);
    this.completedAt = new Float64Array(this.count).fill(-1);
    this.due = new Int32Array(this.count);
    this.nextDue = new Float64Array(this.count);
    this.inSocket = new Int32Array(this.count);
  }

  get unfinished(): number {
    return this.parts.workload.bytes === undefined ? 0 : this.count - this.completed;
  }

  start(): void {
    const random = randomStream(this.parts.seed, 'pairs/start');
    for (let pair = 0; pair < this.count; pair++)
      this.parts.simulator.begin(pair, random.below(START_SPREAD), this.kind, pair);
  }

  /** A pair starts, or (UDP) its next datagram is due. */
  handle(pair: number): void {
    const { workload, simulator, streams, endpoints } = this.parts;
    if (workload.transport === 'tcp') {
      this.startedAt[pair] = simulator.now;
      this.endpoint[pair] = streams.open(2 * pair, 2 * pair + 1);
      this.pairOf.set(this.endpoint[pair], pair);
      return;
    }
    if (this.startedAt[pair] < 0) {
      this.startedAt[pair] = simulator.now;
      this.endpoint[pair] = endpoints.pair(2 * pair, 2 * pair + 1);
      this.pairOf.set(this.endpoint[pair], pair);
    }
    const first = this.nextDue[pair] === 0;
    this.due[pair]++;
    this.nextDue[pair] = simulator.now + Math.round((workload.packet * 8e9) / (workload.rate as number));
    simulator.schedule(this.nextDue[pair], this.kind, pair);
    if (first) this.parts.tasks.wake(2 * pair);
  }

  opened(endpoint: number): void {
    if (endpoint % 2 === 0) this.wakeOwner(endpoint);
  }

  readableNow(endpoint: number): void {
    this.wakeOwner(endpoint);
  }

  writableNow(endpoint: number): void {
    this.wakeOwner(endpoint);
  }

  closed(): void {}

  datagram(packet: number): void {
    const { packets, workload } = this.parts;
    const pair = this.pairOf.get(packets.endpoint[packet] ^ 1) as number;
    if ((this.inSocket[pair] + 1) * UDP_TRUESIZE > UDP_BUFFER + workload.packet) {
      this.parts.overflow(packet);
      return;
    }
    this.inSocket[pair]++;
    packets.deliver(packet);
    this.wakeOwner(packets.endpoint[packet]);
  }

  begin(vnode: number): number {
    const { ideal, cpu } = this.parts.hosts[this.parts.hostOf[vnode]];
    if (ideal) return 0;
    const { systemCall, copyPerByte } = cpu;
    const pair = vnode >> 1;
    if (this.parts.workload.transport === 'udp') {
      const datagrams = vnode % 2 === 0 ? Math.min(1, this.due[pair]) : this.inSocket[pair];
      return datagrams * (systemCall + copyPerByte * this.parts.workload.packet);
    }
    const bytes = vnode % 2 === 0 ? this.nextWrite(pair) : this.parts.streams.readable(this.endpoint[pair] + 1);
    return Math.max(1, Math.ceil(bytes / CHUNK)) * systemCall + copyPerByte * bytes;
  }

  finish(vnode: number): boolean {
    const pair = vnode >> 1;
    if (this.parts.workload.transport === 'udp') {
      if (vnode % 2 === 1) {
        this.readDatagrams(pair);
        return false;
      }
      this.sendDatagram(pair);
      if (this.due[pair] > 0) return true;
      this.parts.tasks.sleep(vnode, this.nextDue[pair] + TIMER_SLACK);
      return false;
    }
    if (vnode % 2 === 1) {
      this.read(pair);
      return false;
    }
    const bytes = this.nextWrite(pair);
    if (bytes === 0) return false;
    this.written[pair] += bytes;
    this.parts.streams.write(this.endpoint[pair], bytes);
    return this.nextWrite(pair) > 0;
  }

  outcome(vnode: number): VnodeOutcome {
    const pair = vnode >> 1;
    const client = vnode % 2 === 0;
    const { workload, simulator } = this.parts;
    const end = this.completedAt[pair] >= 0 ? this.completedAt[pair] : Math.min(simulator.now, workload.duration);
    const seconds = (end - this.startedAt[pair]) / 1e9;
    const started = this.startedAt[pair] >= 0 && seconds > 0;
    const role: VnodeRecord['role'] = client ? 'client' : 'server';
    return {
      role,
      sent: client ? this.written[pair] : 0,
      received: client ? 0 : this.received[pair],
      startedAt: started ? this.startedAt[pair] / 1e9 : null,
      completedAt: this.completedAt[pair] >= 0 ? this.completedAt[pair] / 1e9 : null,
      milestones: [],
      goodput: started && !client ? (this.received[pair] * 8) / seconds : null,
    };
  }

  private wakeOwner(endpoint: number): void {
    const { tasks, endpoints } = this.parts;
    tasks.wake(endpoints.vnode[endpoint]);
  }

  private nextWrite(pair: number): number {
    const { streams, workload } = this.parts;
    const left = workload.bytes === undefined ? CHUNK : workload.bytes - this.written[pair];
    const space = streams.space(this.endpoint[pair]);
    return Math.max(0, Math.min(CHUNK, left, space));
  }

  private read(pair: number): void {
    const { simulator, streams, workload } = this.parts;
    const bytes = streams.read(this.endpoint[pair] + 1);
    this.received[pair] += bytes;
    this.payloadDelivered += bytes;
    if (workload.bytes === undefined || this.received[pair] < workload.bytes || this.completedAt[pair] >= 0) return;
    this.completedAt[pair] = simulator.now;
    this.completed++;
  }

  /** One at a time: when several are due, the first may be read before the second is sent. */
  private sendDatagram(pair: number): void {
    const { packets, carrier, workload, simulator } = this.parts;
    if (this.due[pair] === 0) return;
    this.due[pair]--;
    const packet = packets.allocate(this.endpoint[pair] + 1, DATAGRAM);
    packets.payload[packet] = workload.packet;
    packets.wire[packet] = workload.packet + IP_UDP_HEADERS + ETHERNET_HEADER;
    packets.sentAt[packet] = simulator.now;
    this.written[pair] += workload.packet;
    carrier.send(packet);
  }

  private readDatagrams(pair: number): void {
    const bytes = this.inSocket[pair] * this.parts.workload.packet;
    this.inSocket[pair] = 0;
    this.received[pair] += bytes;
    this.payloadDelivered += bytes;
  }
}
