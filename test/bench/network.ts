// The network with a host's costs: shaped TCP pairs that all live on one host.

import { performance } from 'node:perf_hooks';
import { hostCatalogue, resolveHost, scenarioSchema } from '../../models/index.js';
import { simulate } from '../../sim/index.js';

export interface NetworkJob {
  readonly name: string;
  readonly pairs: number;
  /** Of the catalogue. */
  readonly host: string;
}

export const networkJobs: readonly NetworkJob[] = [
  { name: 'pc3000-20', pairs: 20, host: 'pc3000' },
  { name: 'pc3000-200', pairs: 200, host: 'pc3000' },
];

export interface NetworkFigures {
  readonly hopsPerSecond: number;
  readonly eventsPerSecond: number;
  readonly packetHops: number;
  readonly events: number;
  readonly wallSeconds: number;
}

const REPEATS = 5;
/** Virtual pair-seconds of one repeat: a second or so of work whatever the number of pairs. */
const PAIR_SECONDS = 1000;

/** Warmed by one run, then the median of five. */
export function measureNetwork({ pairs, host }: NetworkJob): NetworkFigures {
  const profile = hostCatalogue[host];
  if (!profile) throw new Error(`no host ${host} in the catalogue`);
  const real = resolveHost(profile, undefined, 'raised');
  const milliseconds = Math.max(1000, Math.round((PAIR_SECONDS / pairs) * 1000));
  const scenario = scenarioSchema.parse({
    name: 'bench',
    workload: { kind: 'pairs', pairs, duration: `${milliseconds}ms` },
    link: { up: '10Mbit/s', down: '10Mbit/s', delay: '5ms' },
  });
  const run = (): NetworkFigures => {
    const start = performance.now();
    const { totals } = simulate(scenario, real, '1');
    const wallSeconds = (performance.now() - start) / 1000;
    const { packetHops, events } = totals;
    return {
      hopsPerSecond: Math.round(packetHops / wallSeconds),
      eventsPerSecond: Math.round(events / wallSeconds),
      packetHops,
      events,
      wallSeconds,
    };
  };
  run();
  const sorted = Array.from({ length: REPEATS }, run).sort((a, b) => a.wallSeconds - b.wallSeconds);
  return sorted[(REPEATS - 1) / 2] as NetworkFigures;
}
