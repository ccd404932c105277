// The kernel's counters as /proc shows them, parsed. Pure; files are read by the callers.

/** Clock ticks a second in /proc (USER_HZ, the same on every Linux architecture Debian supports). */
const USER_HZ = 100;

/** CPU seconds since boot, summed over cores. All but idle and iowait are sampled by the tick on most kernels. */
export interface CpuTimes {
  readonly user: number;
  readonly system: number;
  readonly idle: number;
  readonly iowait: number;
  readonly irq: number;
  readonly softirq: number;
  readonly steal: number;
  readonly contextSwitches: number;
  readonly interrupts: number;
}

/** /proc/stat (proc(5)). */
export function cpuTimes(stat: string): CpuTimes {
  const lines = stat.split('\n');
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] = (lines[0] ?? '')
    .split(/\s+/)
    .slice(1)
    .map((ticks) => Number(ticks) / USER_HZ);
  const first = (name: string) => Number(lines.find((line) => line.startsWith(`${name} `))?.split(' ')[1] ?? 0);
  return {
    user: user + nice,
    system,
    idle,
    iowait,
    irq,
    softirq,
    steal,
    contextSwitches: first('ctxt'),
    interrupts: first('intr'),
  };
}

export interface InterfaceCounters {
  readonly receivedBytes: number;
  readonly receivedPackets: number;
  readonly receivedDrops: number;
  readonly sentBytes: number;
  readonly sentPackets: number;
  readonly sentDrops: number;
}

/** /proc/PID/net/dev. A super-packet counts as one packet with one header. */
export function interfaces(dev: string): Map<string, InterfaceCounters> {
  const found = new Map<string, InterfaceCounters>();
  for (const line of dev.split('\n').slice(2)) {
    const colon = line.indexOf(':');
    if (colon < 0) continue;
    const fields = line
      .slice(colon + 1)
      .trim()
      .split(/\s+/)
      .map(Number);
    found.set(line.slice(0, colon).trim(), {
      receivedBytes: fields[0] ?? 0,
      receivedPackets: fields[1] ?? 0,
      receivedDrops: fields[3] ?? 0,
      sentBytes: fields[8] ?? 0,
      sentPackets: fields[9] ?? 0,
      sentDrops: fields[11] ?? 0,
    });
  }
  return found;
}

/** /proc/net/softnet_stat: one row a core, hexadecimal; packets that met a full backlog, rounds that ran out of budget. */
export function softnet(content: string): { dropped: number; squeezed: number } {
  let dropped = 0;
  let squeezed = 0;
  for (const row of content.trim().split('\n')) {
    const [, drops = '0', squeezes = '0'] = row.split(' ');
    dropped += Number.parseInt(drops, 16);
    squeezed += Number.parseInt(squeezes, 16);
  }
  return { dropped, squeezed };
}

/** /proc/net/stat/arp_cache: entries of all namespaces together, and how often the table was full. */
export function neighbourTable(content: string): { entries: number; overflows: number } {
  const [header = '', ...rows] = content.trim().split('\n');
  const names = header.trim().split(/\s+/);
  const column = (row: string, name: string) =>
    Number.parseInt(row.trim().split(/\s+/)[names.indexOf(name)] ?? '0', 16) || 0;
  return {
    entries: rows.length > 0 ? column(rows[0] as string, 'entries') : 0,
    overflows: rows.reduce((sum, row) => sum + column(row, 'table_fulls'), 0),
  };
}

/**
 * /proc/slabinfo: bytes of the objects in use. Slabs are counted by what lies in them, because those that earlier work left
 * half empty hide the first containers of a run: objects grow with containers, slabs do not. Null: the file is not there.
 */
export function slabObjects(slabinfo: string): number | null {
  const caches = slabinfo.split('\n').slice(2);
  let bytes = 0;
  for (const cache of caches) {
    const [, active = 0, , size = 0] = cache.split(/\s+/).map(Number);
    bytes += active * size;
  }
  return bytes > 0 ? bytes : null;
}

/** /proc/PID/net/snmp: TCP segments of a namespace, each segment of a super-packet counted, and UDP datagrams. */
export function segments(snmp: string): { sent: number; received: number; retransmitted: number } {
  const table = (name: string): Record<string, number> => {
    const [names = '', values = ''] = snmp.split('\n').filter((line) => line.startsWith(`${name}: `));
    const keys = names.split(' ');
    return Object.fromEntries(values.split(' ').map((value, i) => [keys[i] as string, Number(value)]));
  };
  const tcp = table('Tcp');
  const udp = table('Udp');
  return {
    sent: (tcp.OutSegs ?? 0) + (tcp.RetransSegs ?? 0) + (udp.OutDatagrams ?? 0),
    received: (tcp.InSegs ?? 0) + (udp.InDatagrams ?? 0),
    retransmitted: tcp.RetransSegs ?? 0,
  };
}

/** Nanoseconds that a task has run, from /proc/PID/schedstat. */
export const ranFor = (schedstat: string): number => Number(schedstat.split(' ')[0] ?? 0);
