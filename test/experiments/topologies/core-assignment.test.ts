// Sharing links out among cores: k-clusters against random over 20 seeds, and the optimum below both, all measured.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareAssignments, optimalAssignment } from '../../../experiments/core-assignment.js';
import { LocalRuns } from '../../../experiments/pool.js';
import {
  attachVnodes,
  crossing,
  generate,
  generatorSchema,
  hostCatalogue,
  kClusters,
  linkCount,
  randomAssignment,
  resolveHost,
  scenarioSchema,
} from '../../../models/index.js';
import { randomStream } from '../../../sim/index.js';

const host = resolveHost(hostCatalogue.pc3000!, undefined, 'raised');
const seeds = Array.from({ length: 20 }, (_, i) => String(i + 1));

const scenario = scenarioSchema.parse({
  name: 'assigned',
  workload: { kind: 'pairs', pairs: 8, transport: 'udp', rate: '500kbit/s', packet: '1000B', duration: '400ms' },
  link: { up: '10Mbit/s', down: '10Mbit/s', delay: '1ms' },
  network: {
    attach: 'two-port-bridge',
    topology: { generate: { kind: 'transit-stub', transits: 2, stubs: 2, routers: 3 }, spread: 'shuffled' },
  },
});

describe('links shared out among cores', () => {
  it.each([2, 3])('%i cores: k-clusters beats random over 20 seeds, and the optimum bounds both', async (cores) => {
    const tried = await compareAssignments(scenario, host, cores, seeds, new LocalRuns());
    const of = (method: string) => tried.filter((one) => one.method === method).map(({ crossings }) => crossings);
    const [clusters, random, [optimum]] = [of('k-clusters'), of('random'), of('optimum')];
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(clusters).toHaveLength(20);
    expect(mean(clusters)).toBeLessThan(0.8 * mean(random));
    expect(clusters.filter((value, i) => value < random[i]!).length).toBeGreaterThanOrEqual(18);
    expect(optimum).toBeGreaterThan(0);
    expect(optimum).toBeLessThanOrEqual(Math.min(...clusters, ...random));
  });

  it('are as many on each core, give or take one, and each on one', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 3, max: 20 }),
        fc.string(),
        (cores, routers, seed) => {
          const quality = { rate: 1e6, delay: 1000, loss: 0, queue: undefined };
          const bare = generate(generatorSchema.parse({ kind: 'waxman', routers }), randomStream(seed, 'topology'));
          const network = attachVnodes(bare, 10, quality, quality);
          for (const assign of [kClusters, randomAssignment]) {
            const coreOf = assign(network, cores, randomStream(seed, 'assignment'));
            const held = Array.from({ length: cores }, (_, core) => coreOf.filter((one) => one === core).length);
            expect(held.reduce((sum, count) => sum + count, 0)).toBe(linkCount(network));
            expect(Math.max(...held) - Math.min(...held)).toBeLessThanOrEqual(1);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('have the optimum that trying all assignments finds', async () => {
    const links = 6;
    for (const seed of ['a', 'b', 'c']) {
      const random = randomStream(seed, 'weights');
      const weights = new Map<number, number>();
      for (let i = 0; i < 12; i++) weights.set(random.below(links) * links + random.below(links), 1 + random.below(9));
      let least = Number.POSITIVE_INFINITY;
      for (let code = 0; code < 2 ** links; code++) {
        const coreOf = Array.from({ length: links }, (_, link) => (code >> link) & 1);
        if (coreOf.filter((core) => core === 1).length === links / 2)
          least = Math.min(least, crossing(weights, links, coreOf));
      }
      expect(crossing(weights, links, (await optimalAssignment(weights, links, 2))!)).toBe(least);
    }
  });
});
