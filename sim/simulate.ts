// simulate(scenario, host, seed) -> run record: deterministic, packet by packet.

import type { Host, RunRecord, Scenario } from '../models/index.js';
import { Assembly } from './assembly.js';
import type { SimulationOptions } from './options.js';
import { runRecord } from './record.js';

export type { SimulationOptions } from './options.js';

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
