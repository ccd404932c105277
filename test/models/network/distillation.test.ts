// Routes and distillations: the shortest ways, ModelNet's published counts, and what collapsing may not change.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  attachVnodes,
  collapsed,
  type Distillation,
  DistilledNetwork,
  distilledSize,
  frontiers,
  generate,
  generatorSchema,
  Routing,
  type TargetNetwork,
} from '../../../models/index.js';
import { randomStream } from '../../../sim/index.js';

const access = { rate: 2e6, delay: 1e6, loss: 0, queue: undefined };
const make = (description: object, vnodes: number, seed = '1'): TargetNetwork =>
  attachVnodes(generate(generatorSchema.parse(description), randomStream(seed, 'topology')), vnodes, access, access);

const someNetwork = fc
  .record({
    kind: fc.constantFrom('waxman', 'preferential', 'transit-stub', 'ring'),
    routers: fc.integer({ min: 3, max: 12 }),
    seed: fc.string(),
  })
  .map(({ kind, routers, seed }) => make({ kind, routers: kind === 'transit-stub' ? 2 : routers }, 8, seed));

const delayOf = (network: TargetNetwork, path: readonly number[]): number =>
  path.reduce((sum, pipe) => sum + network.pipes[pipe]!.delay, 0);

describe('routes', () => {
  it('are as short as Floyd and Warshall say', () => {
    fc.assert(
      fc.property(someNetwork, (network) => {
        const routers = network.places.flatMap(({ kind }, place) => (kind === 'vnode' ? [] : [place]));
        const far = routers.map((a) => routers.map((b) => (a === b ? 0 : Number.POSITIVE_INFINITY)));
        for (const { from, to, delay } of network.pipes)
          if (from < routers.length && to < routers.length) far[from]![to] = Math.min(far[from]![to]!, delay);
        for (const k of routers)
          for (const i of routers)
            for (const j of routers) far[i]![j] = Math.min(far[i]![j]!, far[i]![k]! + far[k]![j]!);
        const routing = new Routing(network);
        for (const i of routers)
          for (const j of routers) expect(delayOf(network, routing.path(i, j)!)).toBe(far[i]![j]);
      }),
      { numRuns: 40 },
    );
  });

  it('go around a broken link, and are none when there is no way around', () => {
    const ring = make({ kind: 'ring', routers: 5 }, 0);
    const routing = new Routing(ring);
    expect(routing.path(0, 1)).toHaveLength(1);
    routing.mend(0, false);
    expect(routing.path(0, 1)).toHaveLength(4);
    routing.mend(8, false);
    routing.mend(9, false);
    expect(routing.path(0, 1)).toBeUndefined();
    routing.mend(0, true);
    expect(routing.path(0, 1)).toHaveLength(1);
  });

  it('of 10,000 vnodes take memory for routers, not for pairs', () => {
    const network = make({ kind: 'transit-stub', transits: 4, stubs: 4, routers: 10 }, 10_000);
    const distilled = new DistilledNetwork(network, 'hop-by-hop');
    for (let i = 0; i < 10_000; i++)
      expect(distilled.route(i, (i * 7919 + 1) % 10_000, true)!.length).toBeGreaterThan(1);
    expect(distilled.routing.size).toBeLessThan(0.02 * 10_000 ** 2);
  });
});

describe('a distilled network', () => {
  const ring = make({ kind: 'ring', routers: 20, rate: '20Mbit/s' }, 400);

  it.each<[string, Distillation, number, number]>([
    ['hop by hop: 400 edge links and a closed ring of 20', 'hop-by-hop', 420, 840],
    ['end to end: a link for each pair of vnodes', 'end-to-end', 79_800, 159_600],
    ['last mile: 400 edge links and a mesh of 20', 'last-mile', 400 + 190, 1180],
  ])("has ModelNet's numbers, %s", (_, distillation, links, pipes) => {
    expect(distilledSize(ring, distillation)).toMatchObject({ links, pipes });
  });

  it('takes at most 2w + 1 pipes a packet with walk-in w, whatever the network', () => {
    fc.assert(
      fc.property(someNetwork, fc.integer({ min: 1, max: 4 }), (network, walkIn) => {
        expect(distilledSize(network, { walkIn, walkOut: 0 }).pipesPerPacket.most).toBeLessThanOrEqual(2 * walkIn + 1);
      }),
      { numRuns: 60 },
    );
  });

  it('keeps the delay and the lowest rate of every path', () => {
    const kinds = fc.constantFrom<Distillation>(
      'end-to-end',
      'last-mile',
      { walkIn: 2, walkOut: 1 },
      { walkIn: 1, walkOut: 2 },
    );
    fc.assert(
      fc.property(someNetwork, kinds, (network, distillation) => {
        const [whole, less] = [
          new DistilledNetwork(network, 'hop-by-hop'),
          new DistilledNetwork(network, distillation),
        ];
        for (let a = 0; a < 8; a++)
          for (let b = 0; b < 8; b++) {
            if (a === b) continue;
            const through = (one: DistilledNetwork) =>
              collapsed(one.route(a, b, true)!.map((pipe) => one.qualities[pipe]!));
            expect(through(less).delay).toBe(through(whole).delay);
            if (network.pipes.every(({ rate }) => rate === network.pipes[0]!.rate || rate === 2e6))
              expect(through(less).rate).toBe(through(whole).rate);
          }
      }),
      { numRuns: 40 },
    );
  });

  it('loses as often as the pipes that it stands for', () => {
    expect(collapsed([0.1, 0.5].map((loss) => ({ ...access, loss }))).loss).toBeCloseTo(0.55, 12);
  });

  it('walks out from the middle: the inner core stays, what is between is one pipe', () => {
    // A line of nine routers, vnodes at both ends only: the frontiers meet in the middle.
    const line = make({ kind: 'ring', routers: 9, closed: false }, 0);
    const ends = attachVnodes(
      { ...line, places: line.places.map((place, i) => ({ ...place, kind: i % 8 === 0 ? 'stub' : 'router' })) },
      2,
      access,
      access,
    );
    expect(frontiers(ends).at(-1)).toEqual([4]);
    const lengths = [0, 1, 2].map((walkOut) => distilledSize(ends, { walkIn: 1, walkOut }).pipesPerPacket.most);
    // Two access links; one pipe; or one, the core's two or four pipes, and another one.
    expect(lengths).toEqual([3, 2 + 1 + 2 + 1, 2 + 1 + 4 + 1]);
  });
});
