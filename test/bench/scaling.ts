// How the cost of an exact swarm grows with its peers: every peer, packet and host, a hundred peers a host.

import { hostCatalogue, resized, resolveHost, scenarioSchema } from '../../models/index.js';
import { simulate } from '../../sim/index.js';

/** Half a decade apart, from one host to a hundred. */
export const SCALES = [100, 316, 1000, 3162, 10_000] as const;
const PER_HOST = 100;

export interface ScaleFigures {
  readonly packetHops: number;
  readonly hopsPerSecond: number;
  readonly eventsPerSecond: number;
  readonly wallSeconds: number;
}

/** The swarm of the P2P paper with so many peers, to its end; the simulator checks conservation. */
export function measureScale(peers: number): ScaleFigures {
  const paper = scenarioSchema.parse({
    name: 'swarm',
    workload: { kind: 'swarm', peers: 100, seeders: '10%', file: '20MB' },
    link: { up: '32KB/s', down: '128KB/s', delay: '1ms' },
  });
  const host = resolveHost(hostCatalogue.pc3000, undefined, 'raised');
  const start = performance.now();
  const { totals } = simulate(resized(paper, peers), host, '1', { perHost: PER_HOST });
  const wallSeconds = (performance.now() - start) / 1000;
  const { packetHops, events } = totals;
  return {
    packetHops,
    hopsPerSecond: Math.round(packetHops / wallSeconds),
    eventsPerSecond: Math.round(events / wallSeconds),
    wallSeconds,
  };
}

/** Slope of log cost over log size, by least squares. */
export function exponent(points: readonly (readonly [size: number, cost: number])[]): number {
  const logs = points.map(([size, cost]) => [Math.log(size), Math.log(cost)] as const);
  const mean = (of: 0 | 1) => logs.reduce((sum, point) => sum + point[of], 0) / logs.length;
  const [x, y] = [mean(0), mean(1)];
  const along = logs.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0);
  return along / logs.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
}
