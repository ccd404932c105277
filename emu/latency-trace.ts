// The containers' own share of a round trip, from kernel tracepoints: what MACE did with a module, here with bpftrace.

/** Bytes of an echo request of ping's default size: IPv4 and ICMP headers with 56 bytes, and with Ethernet's header. */
export const ECHO_PACKET = 84;
const ECHO_FRAME = ECHO_PACKET + 14;

/** Of an interface's name, bytes (linux/if.h). */
const IFNAMSIZ = 16;

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
 * there, its leaving for the prober, and the return of the system call that reads it. What a request's own way pays for
 * is one store a moment, all in one map; the sums are made when the prober, its clock read, writes its line of the
 * answer, and kept until the end, for a line printed here would wake bpftrace beside the next request. Lengths are
 * compared first: names are strings, and a flood would pay for them. Pure; `pid` is a number and the names are ours.
 */
export function latencyProgram(pid: number, proberEnd: string, otherEnd: string): string {
  const [requests, sent, arrived, left, answered, returned, read] = [0, 1, 2, 3, 4, 5, 6].map((key) => `@of[${key}]`);
  const moments = (tracepoint: string, length: number, atProber: string | undefined, atOther: string | undefined) =>
    `tracepoint:net:${tracepoint} /args->len == ${length}/ { $name = str(args->name, ${IFNAMSIZ}); ` +
    `if ($name == "${proberEnd}") { ${atProber} = nsecs; } else if ($name == "${otherEnd}") { ${atOther} = nsecs; } }`;
  return [
    `tracepoint:syscalls:sys_enter_sendto /pid == ${pid}/ { ${requests}++; ${sent} = nsecs; }`,
    moments('netif_receive_skb', ECHO_PACKET, arrived, answered),
    moments('net_dev_start_xmit', ECHO_FRAME, returned, left),
    `tracepoint:syscalls:sys_exit_recvmsg /pid == ${pid} && args->ret > 0/ { ${read} = nsecs; }`,
    // A moment that was missed is one of an earlier request, and out of order.
    `tracepoint:syscalls:sys_enter_write /pid == ${pid} && ${read} > 0/ { if (${sent} < ${arrived} && ` +
      `${arrived} < ${left} && ${left} < ${answered} && ${answered} < ${returned} && ${returned} < ${read}) { ` +
      `@egress[${requests}] = ${arrived} - ${sent}; @remote[${requests}] = ${answered} - ${left}; ` +
      `@ingress[${requests}] = ${read} - ${returned}; } ${read} = 0; }`,
    'END { clear(@of); }',
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
  return [...egress.keys()]
    .map((sequence): Traversal => {
      const of = (share: Map<number, number>) => share.get(sequence) ?? 0;
      return { sequence, egress: of(egress), remote: of(remote), ingress: of(ingress) };
    })
    .filter((one) => [one.egress, one.remote, one.ingress].every((share) => share > 0 && share < 1e9))
    .sort((a, b) => a.sequence - b.sequence);
}
