// What changes while a range runs: qualities of links on a schedule, cross traffic, and links, vnodes and hosts that
// fail and come back (ModelNet, OSDI 2002, section 4.3). The same in both worlds.

import { z } from 'zod';
import { duration, rate, ratio, size } from '../units.js';
import type { PipeQuality, TargetNetwork } from './target.js';

const name = z.string().min(1).max(200);

export const changeSchema = z
  .strictObject({
    at: duration,
    /** When all is again as it was; absent: never. */
    until: duration.optional(),
    /** A link between two routers, by their names. */
    link: z.tuple([name, name]).optional(),
    /** A vnode, by its name: peer-3, client-1. It is cut off, or its own link gets other rates. */
    vnode: name.optional(),
    /** A host, by its number from 1: all vnodes on it. */
    host: z.int().min(1).max(1_000_000).optional(),
    /** Carries nothing. Routers know at once and go around; what is on the way is lost. */
    fails: z.boolean().optional(),
    /** Of a link, both ways. */
    rate: rate.optional(),
    delay: duration.optional(),
    loss: ratio.optional(),
    queue: size.optional(),
    /** Of what others send over a link: so much less is left of its rate, and as much less of its queue in proportion. */
    crossTraffic: rate.optional(),
    /** Of a vnode's own link. */
    up: rate.optional(),
    down: rate.optional(),
  })
  .superRefine((change, context) => {
    const reject = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
    const { at, until, link, vnode, host, fails } = change;
    const ofLinks = (['rate', 'delay', 'loss', 'queue', 'crossTraffic'] as const).filter(
      (key) => change[key] !== undefined,
    );
    const ofVnodes = (['up', 'down'] as const).filter((key) => change[key] !== undefined);
    if ([link, vnode, host].filter((one) => one !== undefined).length !== 1) reject([], 'one of link, vnode, host');
    if (until !== undefined && until <= at) reject(['until'], 'a time after `at`');
    if (fails === undefined && ofLinks.length + ofVnodes.length === 0) reject([], 'what changes: fails, or a rate');
    if (ofLinks[0] && !link) reject([ofLinks[0]], 'a link to have it');
    if (ofVnodes[0] && vnode === undefined) reject([ofVnodes[0]], 'a vnode whose link has it');
    for (const key of ['rate', 'up', 'down'] as const) {
      const asked = change[key];
      if (asked !== undefined && (asked < 1000 || asked > 1e12)) reject([key], 'a rate from 1kbit/s to 1Tbit/s');
    }
    if (change.loss !== undefined && change.loss >= 1) reject(['loss'], 'a loss below 100%');
  });

export type Change = z.output<typeof changeSchema>;

/** Whether the change is in force then. */
const holds = ({ at, until = Number.POSITIVE_INFINITY }: Change, time: number): boolean => at <= time && time < until;

/** All times at which something changes, in order, each once. */
export const momentsOf = (changes: readonly Change[]): number[] =>
  [...new Set(changes.flatMap(({ at, until }) => (until === undefined ? [at] : [at, until])))].sort((a, b) => a - b);

/** The changes that begin or end at this time. */
export const changesAt = (changes: readonly Change[], time: number): Change[] =>
  changes.filter(({ at, until }) => at === time || until === time);

/** Those for the same link, vnode or host. */
export const sameTarget = (changes: readonly Change[], { link, vnode, host }: Change): Change[] =>
  changes.filter((other) => {
    if (link) return other.link !== undefined && [...other.link].sort().join('\n') === [...link].sort().join('\n');
    return vnode === undefined ? other.host === host : other.vnode === vnode;
  });

/** Whether, of the changes of one target, none has it fail. */
export const worksAt = (changes: readonly Change[], time: number): boolean =>
  !changes.some((change) => change.fails === true && holds(change, time));

/** The least that cross traffic leaves of a link, bits per second: a pipe has a rate. */
const LEFT_OVER = 1000;

/** One way of a link under those of its changes that are in force; the later ones in the list win. */
export function qualityAt(base: PipeQuality, changes: readonly Change[], time: number): PipeQuality {
  let { rate: bits, delay, loss, queue } = base;
  let taken = 0;
  for (const change of changes) {
    if (!holds(change, time)) continue;
    bits = change.rate ?? bits;
    delay = change.delay ?? delay;
    loss = change.loss ?? loss;
    queue = change.queue ?? queue;
    taken += change.crossTraffic ?? 0;
  }
  if (taken === 0 || !Number.isFinite(bits)) return { rate: bits, delay, loss, queue };
  const left = Math.max(LEFT_OVER, bits - taken);
  return { rate: left, delay, loss, queue: queue === undefined ? undefined : Math.ceil((queue * left) / bits) };
}

/** The rate of one side of a vnode's own link. */
export const accessRateAt = (
  base: number | 'unshaped',
  side: 'up' | 'down',
  changes: readonly Change[],
  time: number,
): number | 'unshaped' =>
  changes.reduce<number | 'unshaped'>((asked, change) => (holds(change, time) ? (change[side] ?? asked) : asked), base);

/** Both ways of all links between two routers; none: there is no link. */
export function pipesOf({ places, pipes }: TargetNetwork, [a, b]: readonly [string, string]): number[] {
  const [first, second] = [a, b].map((wanted) =>
    places.findIndex((place) => place.name === wanted && place.kind !== 'vnode'),
  );
  return pipes.flatMap(({ from, to }, pipe) =>
    (from === first && to === second) || (from === second && to === first) ? [pipe] : [],
  );
}

/** The changes that are about a vnode: those of its name and those of its host, by index. */
export const changesOf = (changes: readonly Change[], name: string, host: number): Change[] =>
  changes.filter((change) => change.vnode === name || change.host === host + 1);
