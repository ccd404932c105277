// simulate(scenario, host, seed) -> run record: deterministic, packet by packet.

import type { Host, RunRecord, Scenario } from '../models/index.js';

export interface SimulationOptions {
  /** Vnodes a host; the range takes as many hosts as that needs. Absent: all on one. */
  readonly perHost?: number;
  /** Virtual time after which the run stops, ns. Absent: when the workload is done, or at its deadline. */
  readonly window?: number;
  /** The event queue: the typed one, or the reference on heap-js. Both give the same record. */
  readonly queue?: 'typed' | 'reference';
  /** Seconds between rows of the time series. */
  readonly seriesInterval?: number;
  /** One exactly simulated host out of a larger range; see `Composition`. */
  readonly composition?: Composition;
  /** Called for every packet that a vnode's access link carries. */
  readonly trace?: PacketTrace;
}

/** A range seen from one of its hosts: `perHost` vnodes here, `remotePeers` stand for all the others. */
export interface Composition {
  readonly rangePeers: number;
  readonly remotePeers: number;
  /** What a remote peer's host does to its packets: delay in ns, share lost, share of the rate left. */
  readonly remoteDelay: number;
  readonly remoteLoss: number;
  readonly remoteRate: number;
}

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

export function simulate(_scenario: Scenario, _host: Host, _seed: string, _options: SimulationOptions = {}): RunRecord {
  throw new Error('being written');
}
