// The containers' own share of a round trip, from kernel tracepoints: what MACE did with a module, here with bpftrace.

/** Bytes of an echo request of ping's default size: IPv4 and ICMP headers with 56 bytes, and with Ethernet's header. */
export const ECHO_PACKET = 84;
const ECHO_FRAME = ECHO_PACKET + 14;

/** ns, of one echo request and its answer. */
export interface Traversal {
  /** As ping counts, from 1. */
  readonly sequence: number;
  readonly egress: number;
  readonly remote: number;
  readonly ingress: number;
}

/**
 * Six moments of each request, kept one at a time (requests follow each other slower than their answers): the prober's
 * system call, its arrival at the host's end of the veth, its leaving for the other vnode, the answer's arrival from
 * there, its leaving for the prober, and the return of the system call that reads it. Lengths are compared first: names
 * are strings, and a flood would pay for them. Pure; `pid` is a number and the names are ours.
 */
export function latencyProgram(pid: number, proberEnd: string, otherEnd: string): string {
  const at = (length: number, device: string) => `args->len == ${length} && str(args->name) == "${device}"`;
  return [
    `tracepoint:syscalls:sys_enter_sendto /pid == ${pid}/ { @n = @n + 1; @a = nsecs; @b = 0; @c = 0; @d = 0; @e = 0; }`,
    `tracepoint:net:netif_receive_skb /${at(ECHO_PACKET, proberEnd)}/ { @b = nsecs; }`,
    `tracepoint:net:net_dev_start_xmit /${at(ECHO_FRAME, otherEnd)}/ { @c = nsecs; }`,
    `tracepoint:net:netif_receive_skb /${at(ECHO_PACKET, otherEnd)}/ { @d = nsecs; }`,
    `tracepoint:net:net_dev_start_xmit /${at(ECHO_FRAME, proberEnd)}/ { @e = nsecs; }`,
    // Kept in maps until the end: a line printed here would wake bpftrace before ping has read its clock.
    `tracepoint:syscalls:sys_exit_recvmsg /pid == ${pid} && args->ret > 0 && @e > 0/ ` +
      '{ @ingress[@n] = nsecs - @e; @egress[@n] = @b - @a; @remote[@n] = @d - @c; @e = 0; }',
    'END { clear(@n); clear(@a); clear(@b); clear(@c); clear(@d); clear(@e); }',
  ].join('\n');
}

export function traversals(output: string): Traversal[] {
  const shares = (name: string) =>
    new Map(
      [...output.matchAll(new RegExp(`^@${name}\\[(\\d+)\\]: (-?\\d+)$`, 'gm'))].map((match) => [
        Number(match[1]),
        Number(match[2]),
      ]),
    );
  const [egress, remote, ingress] = [shares('egress'), shares('remote'), shares('ingress')];
  return (
    [...egress.keys()]
      .map((sequence): Traversal => {
        const of = (share: Map<number, number>) => share.get(sequence) ?? 0;
        return { sequence, egress: of(egress), remote: of(remote), ingress: of(ingress) };
      })
      // An event that was missed leaves a moment at zero or out of order.
      .filter((one) => [one.egress, one.remote, one.ingress].every((share) => share > 0 && share < 1e9))
      .sort((a, b) => a.sequence - b.sequence)
  );
}
