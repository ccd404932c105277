// A super-packet is cut into its segments: where it is larger than a token bucket (tbf_segment in net/sched/sch_tbf.c), and
// where the device takes none (validate_xmit_skb in net/core/dev.c).

import { ETHERNET_HEADER, IP_TCP_HEADERS } from '../../models/index.js';
import { chargeOf, type Packets } from '../packets.js';

/**
 * The packet's segments as packets of their own, in order; the first keeps the packet's id. Each is charged to the sender
 * like any other, so together they are charged more than the packet was (tcp_gso_segment in net/ipv4/tcp_offload.c).
 */
export function splitPacket(packets: Packets, packet: number): number[] {
  const count = packets.segments[packet];
  const payload = packets.payload[packet];
  const charged = packets.charged[packet];
  const size = Math.ceil(payload / count);
  const headers = ETHERNET_HEADER + IP_TCP_HEADERS;
  const pieces = [packet];
  for (let offset = size; offset < payload; offset += size) {
    const piece = packets.allocate(packets.endpoint[packet], packets.flags[packet]);
    packets.payload[piece] = Math.min(size, payload - offset);
    packets.wire[piece] = packets.payload[piece] + headers;
    packets.sequence[piece] = packets.sequence[packet] + offset;
    packets.acknowledged[piece] = packets.acknowledged[packet];
    packets.window[piece] = packets.window[packet];
    packets.sentAt[piece] = packets.sentAt[packet];
    packets.echo[piece] = packets.echo[packet];
    packets.charged[piece] = charged === 0 ? 0 : chargeOf(packets.payload[piece]);
    pieces.push(piece);
  }
  packets.payload[packet] = Math.min(size, payload);
  packets.wire[packet] = packets.payload[packet] + headers;
  packets.segments[packet] = 1;
  packets.charged[packet] = charged === 0 ? 0 : chargeOf(packets.payload[packet]);
  return pieces;
}
