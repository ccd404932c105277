// The door of generators: a network's description, and the network that it describes.

import { z } from 'zod';
import type { Chance } from '../../chance.js';
import { duration, rate, ratio, size } from '../../units.js';
import type { PipeQuality, TargetNetwork } from '../target.js';
import { preferential, transitStub, waxman } from './random.js';
import { dumbbell, ring, star } from './regular.js';

const few = z.int().min(1).max(10_000);
const pipe = {
  /** Of every link between routers, each way. */
  rate: rate.prefault('100Mbit/s'),
  delay: duration.prefault('1ms'),
  loss: ratio.prefault('0%'),
  queue: size.optional(),
};
const share = z.number().gt(0).max(1);

export const generatorSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('ring'),
    routers: few.min(3).default(20),
    closed: z.boolean().default(true),
    ...pipe,
  }),
  z.strictObject({ kind: z.literal('star'), stubs: few.default(10), ...pipe }),
  z.strictObject({
    kind: z.literal('dumbbell'),
    left: few.default(5),
    right: few.default(5),
    ...pipe,
    /** Of the link in the middle. */
    bottleneck: rate.prefault('10Mbit/s'),
    bottleneckDelay: duration.prefault('10ms'),
  }),
  z.strictObject({
    kind: z.literal('transit-stub'),
    transits: few.default(4),
    stubs: few.default(3),
    routers: few.default(4),
    ...pipe,
    /** Of the links between transit routers. */
    transitRate: rate.prefault('1Gbit/s'),
    transitDelay: duration.prefault('10ms'),
  }),
  z.strictObject({
    kind: z.literal('waxman'),
    routers: few.max(2000).default(50),
    alpha: share.default(0.4),
    beta: share.default(0.14),
    ...pipe,
  }),
  z.strictObject({ kind: z.literal('preferential'), routers: few.default(50), links: few.max(50).default(2), ...pipe }),
]);

export type Generator = z.output<typeof generatorSchema>;
export const generatorKinds = ['ring', 'star', 'dumbbell', 'transit-stub', 'waxman', 'preferential'] as const;

/** The network of this description: the same for the same draws. */
export function generate(generator: Generator, chance: Chance): TargetNetwork {
  const { rate: bits, delay, loss, queue } = generator;
  const each: PipeQuality = { rate: bits, delay, loss, queue };
  switch (generator.kind) {
    case 'ring':
      return ring(generator.routers, each, generator.closed);
    case 'star':
      return star(generator.stubs, each);
    case 'dumbbell':
      return dumbbell(generator.left, generator.right, each, {
        ...each,
        rate: generator.bottleneck,
        delay: generator.bottleneckDelay,
      });
    case 'transit-stub':
      return transitStub(
        generator,
        each,
        { ...each, rate: generator.transitRate, delay: generator.transitDelay },
        chance,
      );
    case 'waxman':
      return waxman(generator.routers, generator.alpha, generator.beta, each, chance);
    case 'preferential':
      return preferential(generator.routers, generator.links, each, chance);
  }
}
