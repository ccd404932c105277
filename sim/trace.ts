// A packet trace: every packet that a vnode sends, as a capture on its interface would see it.

import type { Endpoints } from './endpoints.js';
import { ACK, ARP, DATAGRAM, FIN, type Packets, SYN } from './packets.js';

/** What the flags of a summary mean. */
export const PacketFlag = { syn: SYN, ack: ACK, fin: FIN, arp: ARP } as const;

export interface PacketTrace {
  packet(time: number, sourceVnode: number, targetVnode: number, summary: PacketSummary): void;
}

export interface PacketSummary {
  readonly sourcePort: number;
  readonly targetPort: number;
  readonly sequence: number;
  readonly acknowledged: number;
  readonly flags: number;
  readonly payload: number;
  readonly window: number;
  readonly udp: boolean;
}

/** Holds back what parts of a run tell one after another, until all have come equally far: a capture is in order of time. */
export class TraceInOrder implements PacketTrace {
  private held: Parameters<PacketTrace['packet']>[] = [];

  constructor(private readonly trace: PacketTrace) {}

  packet(...packet: Parameters<PacketTrace['packet']>): void {
    this.held.push(packet);
  }

  release(): void {
    for (const packet of this.held.sort(([a], [b]) => a - b)) this.trace.packet(...packet);
    this.held = [];
  }
}

/** Where listening vnodes listen; the ephemeral ports of their peers (net.ipv4.ip_local_port_range). */
const LISTEN_PORT = 6881;
const FIRST_EPHEMERAL = 32_768;
const EPHEMERAL = 28_232;

export function tracePacket(
  trace: PacketTrace,
  now: number,
  packet: number,
  packets: Packets,
  endpoints: Endpoints,
): void {
  const endpoint = packets.endpoint[packet];
  const ephemeral = FIRST_EPHEMERAL + ((endpoint >> 1) % EPHEMERAL);
  const fromClient = endpoint % 2 === 1;
  trace.packet(now, endpoints.vnode[endpoint ^ 1], endpoints.vnode[endpoint], {
    sourcePort: fromClient ? ephemeral : LISTEN_PORT,
    targetPort: fromClient ? LISTEN_PORT : ephemeral,
    sequence: packets.sequence[packet],
    acknowledged: packets.acknowledged[packet],
    flags: packets.flags[packet],
    payload: packets.payload[packet],
    window: packets.window[packet],
    udp: (packets.flags[packet] & DATAGRAM) !== 0,
  });
}
