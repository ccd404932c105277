// A link joins a vnode to its network: one pipe up, one pipe down. Defaults here hold in both worlds.

/** Ethernet header; tc's token bucket counts it, and not the preamble or checksum (net/sched/sch_tbf.c). */
export const ETHERNET_HEADER = 14;
/** IPv4 without options (RFC 791) plus TCP with timestamps (RFC 9293, RFC 7323). */
export const IP_TCP_HEADERS = 20 + 32;
/** IPv4 and UDP (RFC 768). */
export const IP_UDP_HEADERS = 28;

const frame = (mtu: number): number => mtu + ETHERNET_HEADER;

/** Bytes a token bucket saves up: two frames, or what the rate carries in 4 ms (a tick at 250 Hz), the larger. */
export function defaultBurst(bitsPerSecond: number, mtu: number): number {
  return Math.max(2 * frame(mtu), Math.ceil((bitsPerSecond / 8) * 0.004));
}

/** Bytes that may wait in a shaper: twenty frames, or what the rate carries in 20 ms, the larger. */
export function defaultQueue(bitsPerSecond: number, mtu: number): number {
  return Math.max(20 * frame(mtu), Math.ceil((bitsPerSecond / 8) * 0.02));
}
