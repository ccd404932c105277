// TCP sockets of a vnode, as /proc/net/tcp lists them (Linux, net/ipv4/tcp_ipv4.c).

import { readFileSync } from 'node:fs';

/** TCP states in that file (include/net/tcp_states.h). */
const ESTABLISHED = '01';
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

export const openConnections = (process: number, port: number): number =>
  socketsOf(process).filter(({ localPort, state }) => localPort === port && state === ESTABLISHED).length;
