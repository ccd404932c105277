// Vnodes behind routers: delays add up, links are shared, distilling changes what it says and nothing else.

import { describe, expect, it } from 'vitest';
import {
  hostCatalogue,
  idealHost,
  type RunRecord,
  resolveHost,
  type Scenario,
  scenarioSchema,
} from '../../../models/index.js';
import { simulate } from '../../../sim/index.js';

const host = resolveHost(hostCatalogue.pc3000!, undefined, 'raised');

const scenario = (topology: object, more: object = {}): Scenario =>
  scenarioSchema.parse({
    name: 'routed',
    workload: { kind: 'pairs', pairs: 4, duration: '3s' },
    link: { up: '10Mbit/s', down: '10Mbit/s', delay: '1ms' },
    network: { topology },
    ...more,
  });

const goodput = ({ vnodes }: RunRecord): number => vnodes.reduce((sum, vnode) => sum + (vnode.goodput ?? 0), 0);
const dumbbell = { generate: { kind: 'dumbbell', left: 1, right: 1, bottleneck: '8Mbit/s', bottleneckDelay: '10ms' } };

describe('a network of routers', () => {
  it('delays packets by all pipes on their way', () => {
    const little = { workload: { kind: 'pairs', pairs: 1, duration: '3s', bytes: '10kB' } };
    const { vnodes } = simulate(scenario(dumbbell, little), idealHost(host), '1');
    // Each way 1 + 1 + 10 + 1 + 1 ms; the sender's full frames take 4 ms to be serialised on their way.
    for (const { rtt } of vnodes.filter(({ role }) => role === 'client')) {
      expect(rtt!.p50).toBeGreaterThan(0.028);
      expect(rtt!.p50).toBeLessThan(0.036);
    }
  });

  it('shares a bottleneck among the flows across it, on a host with costs as on an ideal one', () => {
    for (const on of [host, idealHost(host)]) {
      const total = goodput(simulate(scenario(dumbbell), on, '1'));
      expect(total).toBeLessThan(8e6);
      expect(total).toBeGreaterThan(0.8 * 8e6);
    }
  });

  it('has no contention end to end: each flow gets the lowest rate of its way', () => {
    const each = goodput(simulate(scenario({ ...dumbbell, distill: 'end-to-end' }), idealHost(host), '1')) / 4;
    expect(each).toBeLessThan(8e6);
    expect(each).toBeGreaterThan(0.8 * 8e6);
  });

  it('is walked over by vnodes of several hosts as by those of one', () => {
    const apart = goodput(simulate(scenario(dumbbell), idealHost(host), '1', { perHost: 2 }));
    expect(apart / goodput(simulate(scenario(dumbbell), idealHost(host), '1'))).toBeCloseTo(1, 1);
  });

  it('needs no neighbour entries for peers behind the router', () => {
    const [on] = simulate(scenario(dumbbell), host, '1').hosts;
    expect(on!.neighbours.peakEntries).toBe(0);
  });

  it('carries a swarm', () => {
    const swarm = { workload: { kind: 'swarm', peers: 6, file: '1MB', client: 'aria2' } };
    const { totals } = simulate(scenario({ generate: { kind: 'ring', routers: 3 } }, swarm), host, '1');
    expect(totals.unfinished).toBe(0);
  });

  it('refuses a network with too few vnodes of its own', () => {
    const inline = {
      places: [{ name: 'r' }, { name: 'v', kind: 'vnode' }],
      pipes: [
        { from: 0, to: 1, link: 0, rate: '1Mbit/s', delay: '1ms' },
        { from: 1, to: 0, link: 0, rate: '1Mbit/s', delay: '1ms' },
      ],
    };
    expect(() => simulate(scenario({ inline }), host, '1')).toThrow(/at least 8 vnodes, found 1/);
  });
});
