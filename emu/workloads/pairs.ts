// Pairs by iperf3: each client sends to its server over TCP as fast as it can, or UDP datagrams at a rate.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  ETHERNET_HEADER,
  IP_TCP_HEADERS,
  IP_UDP_HEADERS,
  type PairsWorkload,
  type Scenario,
} from '../../models/index.js';
import { type InterfaceCounters, interfaces } from '../counters.js';
import { hostInterface } from '../names.js';
import type { Range, Vnode } from '../range.js';
import { inRealTime } from '../real-time.js';
import { type Command, inParallel } from '../shell.js';
import { openSockets, ownTables, unreadOn } from '../sockets.js';
import { launchIn } from '../vnode-programs.js';
import { type Barrier, createBarrier } from './barrier.js';
import { nothingHappened, type RunClock, untilListening, type VnodeOutcome, type Workload } from './workload.js';

const PORT = 5201;
/** A server's: the one that listens, the one for control, and that of the stream, which ends first. */
const SOCKETS = 3;
/** ms between looks at whose stream has ended. */
const LOOK = 50;
/** First look, ms before the traffic ends at the earliest: on a full machine looks take from the range's CPU. */
const BEFORE_END = 10;
const RESULT = 'iperf3.json';
/** Seconds that overloaded clients get to finish after their time is up. */
const PATIENCE = 60;

/** One test and out. Pure. */
export const iperfServer = (address: string): Command => ({
  program: '/usr/bin/iperf3',
  args: ['--server', '--one-off', '--bind', address, '--port', String(PORT), '--json', '--logfile', `/data/${RESULT}`],
});

/** us between datagrams. iperf3 sends what is due once a millisecond unless told; the scenario's are evenly spaced. */
const pacing = ({ packet, rate = 0 }: PairsWorkload): number => Math.max(1, Math.round((packet * 8e6) / rate));

/** Pure. */
export function iperfClient(workload: PairsWorkload, server: string, window: number | undefined): Command {
  const udp = workload.transport === 'udp';
  return {
    program: '/usr/bin/iperf3',
    args: [
      ...['--client', server, '--port', String(PORT), '--json', '--logfile', `/data/${RESULT}`],
      ...(workload.bytes === undefined
        ? ['--time', String(workload.duration / 1e9)]
        : ['--bytes', String(workload.bytes)]),
      ...(udp ? ['--udp', '--length', String(workload.packet), '--pacing-timer', String(pacing(workload))] : []),
      ...(workload.rate === undefined ? [] : ['--bitrate', String(Math.round(workload.rate))]),
      ...(window === undefined || udp ? [] : ['--window', String(window)]),
    ],
  };
}

interface IperfEnd {
  readonly bytes: number;
  readonly seconds: number;
  readonly bits_per_second: number;
  readonly packets?: number;
  readonly lost_packets?: number;
  readonly retransmits?: number;
}

interface IperfResult {
  readonly error?: string;
  readonly intervals?: readonly { readonly streams: readonly { readonly rtt?: number }[] }[];
  readonly end?: { readonly sum?: IperfEnd; readonly sum_sent?: IperfEnd; readonly sum_received?: IperfEnd };
}

export interface PairOutcome {
  readonly sent: number;
  readonly received: number;
  readonly seconds: number;
  /** bit/s at the receiver. */
  readonly goodput: number;
  /** Seconds. */
  readonly rtts: readonly number[];
}

/** Reads a client's JSON; undefined: it did not get as far as a result. */
export function readIperf(json: string, packet: number): PairOutcome | undefined {
  let result: IperfResult;
  try {
    result = JSON.parse(json) as IperfResult;
  } catch {
    return undefined;
  }
  const { sum, sum_sent: sent, sum_received: got } = result.end ?? {};
  const rtts = (result.intervals ?? []).flatMap(({ streams }) =>
    streams.flatMap(({ rtt }) => (rtt ? [rtt / 1e6] : [])),
  );
  if (sum?.packets !== undefined) {
    const received = (sum.packets - (sum.lost_packets ?? 0)) * packet;
    return { sent: sum.bytes, received, seconds: sum.seconds, goodput: (received * 8) / sum.seconds, rtts: [] };
  }
  if (!sent || !got) return undefined;
  return { sent: sent.bytes, received: got.bytes, seconds: got.seconds, goodput: got.bits_per_second, rtts };
}

/** The value that a share `q` of the sorted samples does not exceed. */
export const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))] as number;

export function pairs(scenario: Scenario, workload: PairsWorkload): Workload {
  let barrier: Barrier;
  let range: Range | undefined;
  let started = 0;
  const clients = () => (range?.vnodes ?? []).filter(({ role }) => role === 'client');
  const resultOf = (vnode: Vnode) => join(vnode.places.root, 'data', RESULT);
  /** iperf3 writes its JSON in one go at its end. */
  const finished = (vnode: Vnode) =>
    existsSync(resultOf(vnode)) && readFileSync(resultOf(vnode), 'utf8').trimEnd().endsWith('}');
  const serverOf = (client: Vnode) => range?.vnodes[client.partner as number] as Vnode;
  /** Payload by index of the server: at the last look, and where its stream has ended since, between that and the next. */
  const arrived = new Map<number, number>();
  /** Of that, at the last look before the stream's end. */
  const unread = new Map<number, number>();
  const ended = new Set<number>();
  /**
   * A server closes its stream when its client's time is up; what is still in the shaper then arrives for nobody, and on
   * full cores up to some MB lie unread in its receive queue. Its interface counts both, so what it counted is looked up
   * when the stream ends, and what lies unread is taken off.
   */
  const countStreams = (waiting: Iterable<Vnode>) => {
    const seen = interfaces(readFileSync(`/proc/${range?.holder.pid}/net/dev`, 'utf8'));
    for (const client of waiting) {
      const server = serverOf(client);
      if (ended.has(server.index)) continue;
      const before = arrived.get(server.index);
      const now = payloadOf(seen, server);
      const open = openSockets(server.init) >= SOCKETS;
      if (open) {
        arrived.set(server.index, now);
        if (ownTables()) unread.set(server.index, unreadOn(server.init, PORT));
      } else if (before !== undefined) {
        arrived.set(server.index, (before + now) / 2);
        ended.add(server.index);
      }
    }
  };
  const payloadOf = (seen: ReadonlyMap<string, InterfaceCounters>, server: Vnode): number => {
    const counters = seen.get(hostInterface(range?.run as Range['run'], server.index));
    return counters ? Math.max(0, counters.sentBytes - counters.sentPackets * headers) : 0;
  };
  const headers = ETHERNET_HEADER + (workload.transport === 'udp' ? IP_UDP_HEADERS : IP_TCP_HEADERS);
  const untilFinished = async (clock: RunClock, signal: AbortSignal): Promise<void> => {
    const limit = workload.bytes === undefined ? workload.duration / 1e9 + PATIENCE : scenario.deadline / 1e9;
    // Looking costs little, and not at all while the traffic runs for its known time.
    const quiet = workload.duration / 1e6 - BEFORE_END;
    if (workload.bytes === undefined && quiet > 0) await pause(quiet, undefined, { signal });
    const waiting = new Set(clients());
    while (waiting.size > 0 && clock.now() - started < limit) {
      countStreams(waiting);
      for (const vnode of waiting) if (finished(vnode)) waiting.delete(vnode);
      if (waiting.size > 0) await pause(LOOK, undefined, { signal });
    }
  };
  return {
    async prepare(folder) {
      barrier = createBarrier(folder);
    },
    shared: () => [barrier.shared],
    async ready(up) {
      range = up;
      await barrier.close(up.shell);
      const servers = up.vnodes.filter(({ role }) => role === 'server');
      await inParallel(servers, up.atOnce, (vnode) => launchIn(up, vnode, iperfServer(vnode.address)));
      await untilListening(servers, PORT, 'iperf3');
      await inParallel(clients(), up.atOnce, async (vnode) => {
        const { address } = serverOf(vnode);
        await launchIn(up, vnode, barrier.behind(iperfClient(workload, address, scenario.network.window)));
      });
      await barrier.settled();
    },
    run: ({ shell }, clock, signal) =>
      // A full machine must not make looks come late; what they cost is taken off.
      inRealTime(shell, async () => {
        await barrier.open();
        started = clock.now();
        await untilFinished(clock, signal);
      }),
    progress(seen) {
      const servers = (range?.vnodes ?? []).filter(({ role }) => role === 'server');
      const payloadBytes = servers.reduce((sum, server) => sum + payloadOf(seen, server), 0);
      return { payloadBytes, completed: 0, all: 0 };
    },
    async outcomes() {
      const outcomes = new Map<number, VnodeOutcome>();
      for (const client of clients()) {
        const got = finished(client) ? readIperf(readFileSync(resultOf(client), 'utf8'), workload.packet) : undefined;
        const server = serverOf(client);
        const came = workload.bytes === undefined ? arrived.get(server.index) : undefined;
        if (!got) {
          for (const vnode of [client, server]) outcomes.set(vnode.index, { ...nothingHappened, startedAt: started });
          continue;
        }
        const completedAt = workload.bytes === undefined ? null : started + got.seconds;
        const sorted = [...got.rtts].sort((a, b) => a - b);
        const rtt =
          sorted.length > 0
            ? { p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99), samples: sorted.length }
            : null;
        outcomes.set(client.index, { ...nothingHappened, sent: got.sent, startedAt: started, completedAt, rtt });
        outcomes.set(server.index, {
          ...nothingHappened,
          received: got.received,
          startedAt: started,
          completedAt,
          goodput: got.goodput,
          ...(came === undefined ? {} : { countedReceived: came - (unread.get(server.index) ?? 0) }),
        });
      }
      return outcomes;
    },
  };
}
