// simulate(scenario, host, seed) -> run record: deterministic, packet by packet.

import type { Host, RunRecord, Scenario } from '../models/index.js';
import { Assembly } from './assembly.js';
import type { Composition } from './placement.js';
import { runRecord } from './record.js';
import type { PacketTrace } from './trace.js';

export interface SimulationOptions {
  /** Vnodes a host; the range takes as many hosts as that needs. Absent: all on one. */
  readonly perHost?: number;
  /** Virtual time after which the run stops, ns. Absent: when the workload is done, or at its deadline. */
  readonly window?: number;
  /** The event queue: the typed one, or the reference on heap-js. Both give the same record. */
  readonly queue?: 'typed' | 'reference';
  /** ns between rows of the time series; absent: one second, or a hundredth of a short run. */
  readonly seriesInterval?: number;
  /** One exactly simulated host out of a larger range. */
  readonly composition?: Composition;
  /** Called for every packet that a vnode sends. */
  readonly trace?: PacketTrace;
}

/**
 * Runs the scenario on hosts of this kind. `seed` names all random streams.
 * @throws Error when a conservation law is broken.
 */
export function simulate(scenario: Scenario, host: Host, seed: string, options: SimulationOptions = {}): RunRecord {
  const run = new Assembly(scenario, host, seed, options);
  run.start();
  run.simulator.run(Math.min(run.end, options.window ?? Number.POSITIVE_INFINITY));
  conserve(run);
  return runRecord(run);
}

/** Packets sent = delivered + dropped + in flight, and those in flight are found by counting. */
function conserve({ packets, network }: Assembly): void {
  const { sent, delivered, dropped, inFlight } = packets;
  if (sent !== delivered + dropped + inFlight)
    throw new Error(`packets: ${sent} sent, ${delivered} delivered, ${dropped} dropped, ${inFlight} in flight`);
  const found = network.census();
  if (found !== inFlight) throw new Error(`packets: ${inFlight} in flight, ${found} found in the network`);
}
