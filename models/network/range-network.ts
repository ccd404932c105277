// The network of a range: as a scenario describes it, and as the target network with the scenario's vnodes on it.

import { z } from 'zod';
import type { Chance } from '../chance.js';
import { InputError } from '../input-error.js';
import { duration, rate, ratio, size } from '../units.js';
import { coresSchema } from './core-machine.js';
import { distillationSchema } from './distillation.js';
import { generate, generatorSchema } from './generators/index.js';
import { attachVnodes, type PipeQuality, type TargetNetwork, vnodesOf } from './target.js';
import { flawOf } from './validity.js';

const place = z.int().min(0).max(1_000_000);
const coordinate = z.number().min(-1e9).max(1e9);

const inlineSchema = z.strictObject({
  places: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(200),
        kind: z.enum(['router', 'stub', 'vnode']).default('router'),
        x: coordinate.optional(),
        y: coordinate.optional(),
      }),
    )
    .max(200_000),
  /** One way each; the two ways of a link have the same number. */
  pipes: z
    .array(
      z.strictObject({
        from: place,
        to: place,
        link: place,
        rate,
        delay: duration,
        loss: ratio.prefault('0%'),
        queue: size.optional(),
      }),
    )
    .max(1_000_000),
});

export const rangeNetworkSchema = z
  .strictObject({
    /** GML, GraphML, GEXF or an experiment of Emulab, beside the scenario's file; read when the scenario is. */
    file: z.string().min(1).max(4096).optional(),
    generate: generatorSchema.optional(),
    /** Names the random stream of `generate`. */
    seed: z.string().max(200).default('1'),
    /** The network itself. */
    inline: inlineSchema.optional(),
    /** Which router each attached vnode is on: in turn, or mixed at random, evenly in both cases. */
    spread: z.enum(['in-turn', 'shuffled']).default('in-turn'),
    distill: distillationSchema.default('hop-by-hop'),
    /** Machines that emulate the pipes, those of the vnodes' links too; absent: pipes cost nothing. */
    cores: coresSchema.optional(),
  })
  .superRefine(({ file, generate: generator, inline }, context) => {
    const reject = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
    if ([file, generator, inline].filter((one) => one !== undefined).length !== 1)
      reject([], 'one of file, generate, inline');
    if (!inline) return;
    const { places, pipes } = inline;
    const pipe = pipes.findIndex(({ from, to }) => from >= places.length || to >= places.length);
    if (pipe >= 0) reject(['inline', 'pipes', pipe], `ends below ${places.length}, the number of places`);
    const slow = pipes.findIndex((one) => one.rate < 1000 || one.rate > 1e12 || one.loss >= 1);
    if (slow >= 0) reject(['inline', 'pipes', slow], 'a rate from 1kbit/s to 1Tbit/s, and a loss below 100%');
    const flaw = pipe >= 0 ? undefined : flawOf(inline as TargetNetwork);
    if (flaw) reject(['inline', ...(flaw.pipe === undefined ? [] : ['pipes', flaw.pipe])], flaw.expected);
  });

export type RangeNetwork = z.output<typeof rangeNetworkSchema>;

/** The network as a scenario holds it. */
export const inlineNetwork = ({ places, pipes }: TargetNetwork): NonNullable<RangeNetwork['inline']> => ({
  places: places.map((one) => ({ ...one })),
  pipes: pipes.map(({ queue, ...pipe }) => ({ ...pipe, ...(queue !== undefined && { queue }) })),
});

/**
 * The target network with at least `vnodes` vnodes: its own, or else as many as needed attached by links of the given
 * quality.
 * @throws InputError when the network has vnodes of its own and they are too few, or its file was not read.
 */
export function targetNetwork(
  { generate: generator, inline, file, spread }: RangeNetwork,
  vnodes: number,
  up: PipeQuality,
  down: PipeQuality,
  chance: Chance,
): TargetNetwork {
  const bare = generator ? generate(generator, chance) : (inline as TargetNetwork | undefined);
  if (!bare) throw new InputError('scenario.network.topology', 'a network that was read', `the file ${file}`);
  const own = vnodesOf(bare).length;
  if (own === 0) return attachVnodes(bare, vnodes, up, down, spread === 'shuffled' ? chance : undefined);
  if (own < vnodes)
    throw new InputError('scenario.network.topology', `a network with at least ${vnodes} vnodes`, `${own}`);
  return bare;
}
