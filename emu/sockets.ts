// TCP sockets of a vnode, as /proc/net/tcp lists them (Linux, net/ipv4/tcp_ipv4.c) and as /proc/net/sockstat counts them
// (net/ipv4/proc.c). The list goes through the hash table of all namespaces: milliseconds at rest, and two seconds on full
// cores. The count costs next to nothing; a list of a namespace with a table of its own costs a millisecond there.

import { existsSync, readFileSync } from 'node:fs';

/** Set in a network namespace, it gives those made in it tables of their own with so many entries (Linux 6.1 and later). */
export const OWN_TABLE = { setting: 'net.ipv4.tcp_child_ehash_entries', entries: 512 };
export const ownTables = (): boolean => existsSync(`/proc/sys/${OWN_TABLE.setting.replaceAll('.', '/')}`);

/** State in that list (include/net/tcp_states.h). */
const LISTEN = '0A';

interface TcpSocket {
  readonly localPort: number;
  readonly state: string;
  /** Bytes that have arrived in sequence and that nobody has read. */
  readonly unread: number;
}

/** Pure. */
export function tcpSockets(table: string): TcpSocket[] {
  return table
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [, local = '', , state = '', queues = ''] = line.trim().split(/\s+/);
      return {
        localPort: Number.parseInt(local.slice(local.lastIndexOf(':') + 1), 16),
        state,
        unread: Number.parseInt(queues.slice(queues.indexOf(':') + 1), 16),
      };
    });
}

/** Those of the namespace that the process is in; none when it has ended. */
function socketsOf(process: number, tables = ['tcp', 'tcp6']): TcpSocket[] {
  return tables.flatMap((table) => {
    try {
      return tcpSockets(readFileSync(`/proc/${process}/net/${table}`, 'latin1'));
    } catch {
      return [];
    }
  });
}

export const listens = (process: number, port: number): boolean =>
  socketsOf(process).some(({ localPort, state }) => localPort === port && state === LISTEN);

/** Bytes in the receive queues of a port's IPv4 connections; cheap only in a namespace with a table of its own. */
export const unreadOn = (process: number, port: number): number =>
  socketsOf(process, ['tcp'])
    .filter(({ localPort, state }) => localPort === port && state !== LISTEN)
    .reduce((sum, { unread }) => sum + unread, 0);

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
