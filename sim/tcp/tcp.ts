// TCP as its neighbours see it: streams above, packets below, one row of state per endpoint in between.

import type { Endpoints } from '../endpoints.js';
import { ACK, FIN, type Packets, SYN } from '../packets.js';
import { RttHistogram } from '../rtt-histogram.js';
import type { Simulator } from '../simulator.js';
import type { PacketCarrier, PacketReceiver, StreamEvents, Streams } from '../transport.js';
import { takeAcknowledgement } from './acknowledge.js';
import { sendWindows } from './congestion/index.js';
import {
  abandon,
  answerFin,
  connect,
  discard,
  finished,
  handshake,
  initialiseRow,
  inOrderEnd,
  peerClosed,
  queueFin,
} from './connect.js';
import { restartAfterIdle } from './cwnd.js';
import { acknowledgeArrivals, takeData, takeTimestamp } from './deliver.js';
import { transmitExpired } from './expire.js';
import { DEFAULT_OPTIONS, type TcpOptions } from './options.js';
import { heldBack, push } from './output.js';
import { isPaced, paceReached } from './pacing.js';
import { noteApplicationLimit } from './rate-sample.js';
import {
  ACK_NOW,
  CLOSED,
  DISCARDS,
  ENDED,
  ESTABLISHED,
  INT,
  INTS,
  NO_SPACE,
  REAL,
  REALS,
  SYN_SENT,
  THROTTLED,
} from './record.js';
import { retransmitLost } from './retransmit.js';
import { sendAck } from './send.js';
import { Stack } from './stack.js';
import { expired } from './timers.js';

const { SND_UNA, WRITTEN, SEND_BUFFER, RCV_NXT, RCV_READ, RCV_EDGE, RCV_WUP, RCV_BUFFER } = REAL;
const { RCV_BUFFER_MAX, RCV_RTT, SPACE_SEQ, SPACE_TIME, SPACE_BYTES, BYTES_ACKED } = REAL;
const { TIMER_DEADLINE, TIMER_PENDING, ACK_DEADLINE, ACK_PENDING, SRTT } = REAL;
const { STATE, FLAGS, MSS, CWND, SSTHRESH, PACKETS_OUT, FIN_QUEUED, QDISC_BYTES } = INT;
const { PACKETS_SENT, RETRANSMITTED, LOSSES } = INT;

/** Bounds of an autotuned send buffer: what a writer may have pending, bytes (tcp_wmem in Linux). */
const LEAST_SEND_BUFFER = 65_536;
const MOST_SEND_BUFFER = 4_194_304;
/** Extra segments that receive autotuning allows a round trip (tcp_rcv_space_adjust). */
const EXTRA_SEGMENTS = 16;

/** Counters of one end: packets with and without data, payload bytes the peer acknowledged, segments. */
export interface TcpCounters {
  readonly packetsSent: number;
  readonly segmentsRetransmitted: number;
  readonly bytesAcknowledged: number;
  readonly lossesDetected: number;
}

/** How an end stands: window and threshold in segments (the threshold's largest value: never set), srtt in ns. */
export interface TcpView {
  readonly established: boolean;
  readonly congestionWindow: number;
  readonly slowStartThreshold: number;
  readonly smoothedRtt: number;
}

export interface TcpSetup {
  readonly simulator: Simulator;
  readonly packets: Packets;
  readonly endpoints: Endpoints;
  readonly events: StreamEvents;
  /** May be set later: the carrier's receiver is this object. */
  readonly carrier?: PacketCarrier;
  /** Of what a congestion control draws. */
  readonly seed?: string;
  /** For all vnodes, or by vnode. Absent: Linux 6.1 on an Ethernet, without super-packets and small queues. */
  readonly options?: TcpOptions | ((vnode: number) => TcpOptions);
}

const UNWIRED: PacketCarrier = {
  send() {
    throw new Error('TCP has no carrier yet');
  },
};

/**
 * The carrier must not deliver a packet within `send`; it may tell `departed` within it. A packet that the carrier
 * refuses is the carrier's to drop from the pool. With small queues it must tell `departed` for every packet it took.
 */
export class Tcp implements Streams, PacketReceiver {
  /** Round-trip samples by the sender's vnode. */
  readonly rtt = new RttHistogram();
  private readonly t: Stack;
  private readonly optionsOf: (vnode: number) => TcpOptions;
  /** Some connection's end has small queues. */
  private countsQueued = false;

  constructor(setup: TcpSetup) {
    const { simulator, packets, endpoints, events, options = DEFAULT_OPTIONS } = setup;
    this.optionsOf = typeof options === 'function' ? options : () => options;
    this.t = new Stack(simulator, packets, endpoints, this.rtt, events, setup.carrier ?? UNWIRED, setup.seed ?? '');
    this.t.transmitTimer = simulator.register({ handle: (endpoint) => this.transmitTimer(endpoint) });
    this.t.acknowledgeTimer = simulator.register({ handle: (endpoint) => this.acknowledgeTimer(endpoint) });
    this.t.heldBack = simulator.register({ handle: (endpoint) => this.sendHeldBack(endpoint) });
  }

  set carrier(carrier: PacketCarrier) {
    this.t.carrier = carrier;
  }

  open(client: number, server: number): number {
    const { t } = this;
    const endpoint = t.endpoints.pair(client, server);
    t.reserve(endpoint + 2);
    const options = this.optionsOf(client);
    const serverOptions = this.optionsOf(server);
    initialiseRow(t, endpoint, client, options);
    initialiseRow(t, endpoint + 1, server, serverOptions);
    if (options.smallQueues || serverOptions.smallQueues) this.countsQueued = true;
    connect(t, endpoint);
    return endpoint;
  }

  write(endpoint: number, bytes: number): void {
    const { t } = this;
    const { reals, ints } = t;
    const i = endpoint * INTS;
    if (!(Number.isInteger(bytes) && bytes >= 0)) throw new Error(`write of ${bytes} bytes`);
    if (ints[i + FIN_QUEUED] !== 0 || (ints[i + FLAGS] & ENDED) !== 0 || bytes === 0) return;
    if (isPaced(t, endpoint)) noteApplicationLimit(t, endpoint);
    reals[endpoint * REALS + WRITTEN] += bytes;
    if (ints[i + STATE] === ESTABLISHED) {
      if (ints[i + PACKETS_OUT] === 0) restartAfterIdle(t, endpoint);
      push(t, endpoint);
    }
    this.space(endpoint);
  }

  space(endpoint: number): number {
    const { reals } = this.t;
    const r = endpoint * REALS;
    const free = this.sendBuffer(endpoint) - (reals[r + WRITTEN] - reals[r + SND_UNA]);
    if (free > 0) return free;
    // Whoever hears that there is none is told when there is some again (SOCK_NOSPACE).
    this.t.ints[endpoint * INTS + FLAGS] |= NO_SPACE;
    return 0;
  }

  readable(endpoint: number): number {
    return inOrderEnd(this.t, endpoint) - this.t.reals[endpoint * REALS + RCV_READ];
  }

  read(endpoint: number): number {
    const { t } = this;
    const { reals, ints } = t;
    const r = endpoint * REALS;
    const i = endpoint * INTS;
    const end = inOrderEnd(t, endpoint);
    const bytes = end - reals[r + RCV_READ];
    if (bytes <= 0) return 0;
    reals[r + RCV_READ] = end;
    if (ints[i + STATE] !== ESTABLISHED) return bytes;
    if (reals[r + RCV_BUFFER] < reals[r + RCV_BUFFER_MAX]) this.tuneReceiveBuffer(endpoint);
    this.tellWindow(endpoint);
    return bytes;
  }

  close(endpoint: number): void {
    if ((this.t.ints[endpoint * INTS + FLAGS] & ENDED) === 0) queueFin(this.t, endpoint);
  }

  receive(packet: number): void {
    const { t } = this;
    const { packets } = t;
    if (t.sender >= 0) throw new Error('a packet was delivered while another one was being sent');
    const endpoint = packets.endpoint[packet];
    const flags = packets.flags[packet];
    let opened = false;
    if (t.ints[endpoint * INTS + STATE] !== ESTABLISHED || (flags & SYN) !== 0) {
      opened = handshake(t, endpoint, packet);
      if (!opened || (flags & SYN) !== 0) {
        packets.deliver(packet);
        if (opened) this.begin(endpoint);
        return;
      }
    }
    let news = false;
    t.receiving = endpoint;
    takeTimestamp(t, endpoint, packet);
    if ((flags & ACK) !== 0) takeAcknowledgement(t, endpoint, packet);
    if (packets.payload[packet] > 0 || (flags & FIN) !== 0) news = takeData(t, endpoint, packet);
    else if (packets.sequence[packet] < t.reals[endpoint * REALS + RCV_WUP]) t.ints[endpoint * INTS + FLAGS] |= ACK_NOW;
    packets.deliver(packet);
    if (opened) this.begin(endpoint);
    push(t, endpoint);
    if (news) this.tellArrival(endpoint);
    if ((t.ints[endpoint * INTS + FLAGS] & NO_SPACE) !== 0) this.tellSpace(endpoint);
    t.receiving = -1;
    acknowledgeArrivals(t, endpoint);
    if (t.ints[endpoint * INTS + FIN_QUEUED] !== 0 && finished(t, endpoint)) abandon(t, endpoint);
  }

  recharged(endpoint: number, more: number): void {
    if (this.countsQueued) this.t.ints[endpoint * INTS + QDISC_BYTES] += more;
  }

  departed(endpoint: number, charged: number): void {
    // Where nobody counts what is queued, the connection's record need not be fetched.
    if (!this.countsQueued) return;
    const { t } = this;
    const i = endpoint * INTS;
    const queued = t.ints[i + QDISC_BYTES];
    if (queued === 0) return;
    t.ints[i + QDISC_BYTES] = queued > charged ? queued - charged : 0;
    if ((t.ints[i + FLAGS] & THROTTLED) === 0) return;
    // Not from within the carrier's work, which this would enter again: Linux leaves it to a tasklet (tcp_wfree), too, which
    // may find that there is no room yet.
    const left = t.carrier.tasklet?.(endpoint) ?? false;
    if (!left && heldBack(t, endpoint)) return;
    t.ints[i + FLAGS] &= ~THROTTLED;
    if (left) return;
    t.simulator.schedule(t.simulator.now, t.heldBack, endpoint);
  }

  counters(endpoint: number): TcpCounters {
    const { reals, ints } = this.t;
    const i = endpoint * INTS;
    return {
      packetsSent: ints[i + PACKETS_SENT],
      segmentsRetransmitted: ints[i + RETRANSMITTED],
      bytesAcknowledged: reals[endpoint * REALS + BYTES_ACKED],
      lossesDetected: ints[i + LOSSES],
    };
  }

  view(endpoint: number): TcpView {
    const { reals, ints } = this.t;
    const i = endpoint * INTS;
    return {
      established: ints[i + STATE] === ESTABLISHED,
      congestionWindow: ints[i + CWND],
      slowStartThreshold: ints[i + SSTHRESH],
      smoothedRtt: Math.floor(reals[endpoint * REALS + SRTT] / 8),
    };
  }

  private begin(endpoint: number): void {
    const { t } = this;
    t.events.opened(endpoint);
    push(t, endpoint);
  }

  private tellArrival(endpoint: number): void {
    const { t } = this;
    const ended = peerClosed(t, endpoint);
    if ((t.ints[endpoint * INTS + FLAGS] & DISCARDS) !== 0) discard(t, endpoint);
    else if (this.readable(endpoint) > 0) t.events.readableNow(endpoint);
    if (!ended || (t.ints[endpoint * INTS + FLAGS] & ENDED) !== 0) return;
    t.ints[endpoint * INTS + FLAGS] |= ENDED;
    answerFin(t, endpoint);
    t.events.closed(endpoint);
  }

  private tellSpace(endpoint: number): void {
    if (this.space(endpoint) * 3 < this.sendBuffer(endpoint)) return;
    this.t.ints[endpoint * INTS + FLAGS] &= ~NO_SPACE;
    if (this.t.ints[endpoint * INTS + FIN_QUEUED] === 0) this.t.events.writableNow(endpoint);
  }

  private sendBuffer(endpoint: number): number {
    const { reals, ints } = this.t;
    const fixed = reals[endpoint * REALS + SEND_BUFFER];
    if (fixed > 0) return fixed;
    const windows = sendWindows(this.t, endpoint) * ints[endpoint * INTS + CWND] * ints[endpoint * INTS + MSS];
    return windows < LEAST_SEND_BUFFER ? LEAST_SEND_BUFFER : windows > MOST_SEND_BUFFER ? MOST_SEND_BUFFER : windows;
  }

  /** Once a round trip: room for twice what the application took, more while that grows (tcp_rcv_space_adjust). */
  private tuneReceiveBuffer(endpoint: number): void {
    const { t } = this;
    const { reals } = t;
    const r = endpoint * REALS;
    const { now } = t.simulator;
    const rtt = reals[r + RCV_RTT];
    if (rtt === 0 || now - reals[r + SPACE_TIME] < rtt / 8) return;
    const taken = reals[r + RCV_READ] - reals[r + SPACE_SEQ];
    const before = reals[r + SPACE_BYTES];
    if (taken > before) {
      const room = 2 * taken + EXTRA_SEGMENTS * t.ints[endpoint * INTS + MSS];
      const wanted = room + 2 * Math.floor((room * (taken - before)) / before);
      if (wanted > reals[r + RCV_BUFFER]) reals[r + RCV_BUFFER] = Math.min(wanted, reals[r + RCV_BUFFER_MAX]);
      reals[r + SPACE_BYTES] = taken;
    }
    reals[r + SPACE_SEQ] = reals[r + RCV_READ];
    reals[r + SPACE_TIME] = now;
  }

  /** After a read: an acknowledgement when the window can at least double, or one is overdue (tcp_cleanup_rbuf). */
  private tellWindow(endpoint: number): void {
    const { reals, ints } = this.t;
    const r = endpoint * REALS;
    const next = reals[r + RCV_NXT];
    const mss = ints[endpoint * INTS + MSS];
    const overdue = reals[r + ACK_DEADLINE] !== Number.POSITIVE_INFINITY && next - reals[r + RCV_WUP] > mss;
    if (!overdue && !this.doublesWindow(endpoint)) return;
    ints[endpoint * INTS + FLAGS] |= ACK_NOW;
    if (this.t.receiving !== endpoint) sendAck(this.t, endpoint);
  }

  private doublesWindow(endpoint: number): boolean {
    const { reals, ints } = this.t;
    const r = endpoint * REALS;
    const window = reals[r + RCV_EDGE] - reals[r + RCV_NXT];
    const buffer = reals[r + RCV_BUFFER];
    if (2 * window > buffer) return false;
    const possible = reals[r + RCV_READ] + buffer - reals[r + RCV_NXT];
    return possible >= 2 * window && possible >= Math.min(ints[endpoint * INTS + MSS], buffer / 2);
  }

  private transmitTimer(endpoint: number): void {
    const { t } = this;
    if (!expired(t, endpoint, TIMER_DEADLINE, TIMER_PENDING, t.transmitTimer)) return;
    if (transmitExpired(t, endpoint)) return;
    const state = t.ints[endpoint * INTS + STATE];
    const told = (t.ints[endpoint * INTS + FLAGS] & ENDED) !== 0;
    abandon(t, endpoint);
    if ((state === SYN_SENT || state === ESTABLISHED) && !told) t.events.closed(endpoint);
  }

  /** The own qdisc has room again, or the next packet's time has come (tcp_tsq_handler). */
  private sendHeldBack(endpoint: number): void {
    const { t } = this;
    if (isPaced(t, endpoint) && paceReached(t, endpoint) && t.carrier.timer?.(endpoint)) return;
    this.timed(endpoint);
  }

  timed(endpoint: number): void {
    const { t } = this;
    if (t.ints[endpoint * INTS + STATE] !== ESTABLISHED) return;
    retransmitLost(t, endpoint);
    push(t, endpoint);
  }

  private acknowledgeTimer(endpoint: number): void {
    const { t } = this;
    if (!expired(t, endpoint, ACK_DEADLINE, ACK_PENDING, t.acknowledgeTimer)) return;
    if (t.ints[endpoint * INTS + STATE] !== CLOSED) sendAck(t, endpoint);
  }
}
