// What a vnode's kernel does with TCP: the options of a connection's end.

import {
  type ClientProfile,
  type CongestionControl,
  ETHERNET_HEADER,
  InputError,
  IP_TCP_HEADERS,
  type Kernel,
  type Scenario,
} from '../../models/index.js';

/** What a scenario may ask of TCP, and what uTP does. */
export type Control = CongestionControl | 'ledbat';

export interface TcpOptions {
  readonly control: Control;
  /** Payload of a full segment, bytes. */
  readonly mss: number;
  /** Segments (RFC 6928, RFC 3390). */
  readonly initialWindow: number;
  /** The most this end advertises, bytes. */
  readonly receiveWindow: number;
  /** The window grows with what the application reads, from 64 KB (Linux); otherwise it is `receiveWindow` at once. */
  readonly receiveAutotuning: boolean;
  /** Bytes written and not yet acknowledged before a writer would block; absent: twice the window, 64 KB to 4 MB. */
  readonly sendBuffer?: number;
  /** RTO floor, ns, and the delayed acknowledgement's delay. */
  readonly minimumRto: number;
  readonly delayedAck: number;
  /** Losses by time, with a tail-loss probe (RFC 8985); otherwise by three segments above the hole (RFC 6675). */
  readonly rack: boolean;
  /** Hold data back while the vnode's own qdisc has enough of this connection; the carrier must tell `departed`. */
  readonly smallQueues: boolean;
  /** Super-packets of up to 64 KB. */
  readonly gso: boolean;
  /** Reading sends the acknowledgement where data waits to be read. */
  readonly readerAcknowledges: boolean;
  /** Leave slow start when delay grows (cubic only; Linux 2.6.29). */
  readonly hystart: boolean;
}

/** What Linux 6.1 does on an Ethernet. */
export const DEFAULT_OPTIONS: TcpOptions = {
  control: 'cubic',
  mss: 1448,
  initialWindow: 10,
  receiveWindow: 3_145_728,
  receiveAutotuning: true,
  minimumRto: 200_000_000,
  delayedAck: 40_000_000,
  rack: true,
  smallQueues: false,
  gso: false,
  readerAcknowledges: false,
  hystart: true,
};

/** The options that a kernel gives its vnodes in a scenario. */
function tcpOptions(kernel: Kernel, scenario: Pick<Scenario, 'network' | 'tcp'>): TcpOptions {
  const { network, tcp } = scenario;
  if (tcp === 'bbr' && !kernel.bbr)
    throw new InputError(
      'scenario.tcp',
      `a congestion control of ${kernel.title}: cubic or reno`,
      'bbr, which came with Linux 4.9',
    );
  return {
    control: tcp,
    mss: network.mtu - IP_TCP_HEADERS,
    initialWindow: kernel.initialWindow,
    receiveWindow: network.window ?? kernel.receiveWindow,
    receiveAutotuning: network.window === undefined,
    minimumRto: kernel.minimumRto,
    delayedAck: kernel.delayedAck,
    rack: kernel.rack,
    smallQueues: kernel.smallQueues,
    gso: kernel.gsoOverVeth && (network.gso || kernel.lateSegmentation),
    readerAcknowledges: kernel.readerAcknowledges,
    hystart: kernel.id !== 'linux-2.6.18' && kernel.id !== 'freebsd-4.10',
  };
}

/** libtorrent's receive buffer of a uTP connection, and its least timeout (utp_min_timeout). */
const UTP_WINDOW = 1_048_576;
const UTP_MINIMUM_RTO = 500_000_000;

/**
 * A client's connections: its kernel's TCP, or uTP in its own process (BEP 29), of which this has what shapes traffic: LEDBAT
 * on single packets, acknowledged at once, repeated after three later ones or a timeout of half a second at least. Headers
 * are TCP's (4 bytes more), and what its packets cost is the kernel's TCP's.
 */
export function streamOptions(
  kernel: Kernel,
  scenario: Pick<Scenario, 'network' | 'tcp'>,
  transport: ClientProfile['transport'] = 'tcp',
): TcpOptions {
  const tcp = tcpOptions(kernel, scenario);
  if (transport === 'tcp') return tcp;
  return {
    ...tcp,
    control: 'ledbat',
    initialWindow: 1,
    receiveWindow: UTP_WINDOW,
    receiveAutotuning: false,
    minimumRto: UTP_MINIMUM_RTO,
    delayedAck: 1,
    rack: false,
    smallQueues: false,
    gso: false,
    readerAcknowledges: false,
    hystart: false,
  };
}

/** Bits of the OPTIONS field. */
export const WITH_RACK = 1;
export const WITH_SMALL_QUEUES = 2;
export const WITH_GSO = 4;
export const WITH_HYSTART = 8;
export const WITH_READER_ACKS = 16;

export const optionBits = (options: TcpOptions): number =>
  (options.rack ? WITH_RACK : 0) |
  (options.smallQueues ? WITH_SMALL_QUEUES : 0) |
  (options.gso ? WITH_GSO : 0) |
  (options.hystart ? WITH_HYSTART : 0) |
  (options.readerAcknowledges ? WITH_READER_ACKS : 0);

/** Headers of one frame on the wire. */
export const FRAME_HEADERS = ETHERNET_HEADER + IP_TCP_HEADERS;
/** The largest super-packet, headers included (GSO_MAX_SIZE in Linux). */
export const LARGEST_PACKET = 65_536;
/** Where receive autotuning starts: half of tcp_rmem's default of 131,072 bytes. */
export const FIRST_RECEIVE_WINDOW = 65_536;
