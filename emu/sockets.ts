// TCP sockets of a vnode, as /proc/net/tcp lists them (Linux, net/ipv4/tcp_ipv4.c) and as /proc/net/sockstat counts them
// (net/ipv4/proc.c). The list takes milliseconds, for it goes through the hash table of all namespaces; the count does not.

import { readFileSync } from 'node:fs';

/** State in that list (include/net/tcp_states.h). */
const LISTEN = '0A';

interface TcpSocket {
  readonly localPort: number;
  readonly state: string;
}

/** Pure. */
export function tcpSockets(table: string): TcpSocket[] {
  return table
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [, local = '', , state = ''] = line.trim().split(/\s+/);
      return { localPort: Number.parseInt(local.slice(local.lastIndexOf(':') + 1), 16), state };
    });
}

/** Those of the namespace that the process is in; none when it has ended. */
function socketsOf(process: number): TcpSocket[] {
  return ['tcp', 'tcp6'].flatMap((table) => {
    try {
      return tcpSockets(readFileSync(`/proc/${process}/net/${table}`, 'latin1'));
    } catch {
      return [];
    }
  });
}

export const listens = (process: number, port: number): boolean =>
  socketsOf(process).some(({ localPort, state }) => localPort === port && state === LISTEN);

/** TCP sockets in use, of /proc/net/sockstat. Pure. */
export const tcpInUse = (counts: string): number => Number(/^TCP: inuse (\d+)/m.exec(counts)?.[1] ?? 0);

/** TCP sockets, listening ones included, in the namespace that the process is in; none when it has ended. */
export function openSockets(process: number): number {
  try {
    return tcpInUse(readFileSync(`/proc/${process}/net/sockstat`, 'latin1'));
  } catch {
    return 0;
  }
}
