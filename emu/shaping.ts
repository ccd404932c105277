// Shaping: a token bucket up on the vnode's side of its veth and down on the host's side, super-packets on or off. Pure.

import { defaultBurst, defaultQueue, type PipeQuality, type Scenario } from '../models/index.js';
import type { RunId } from './names.js';
import { hostInterface, pipeInterface, vnodeInterface } from './names.js';
import type { PlannedPipe, PlannedVnode, RangePlan } from './range-plan.js';
import type { Command } from './shell.js';

export interface TokenBucket {
  /** Bits per second. */
  readonly rate: number;
  /** Bytes. */
  readonly burst: number;
  readonly queue: number;
}

/** One way of a link; Infinity: it has no rate of its own. */
interface Way {
  readonly rate: number;
  readonly delay: number;
  readonly loss: number;
  readonly queue: number | undefined;
}

/** One way of a vnode's own link. */
function wayOf({ link }: Scenario, side: 'up' | 'down', vnode?: Pick<PlannedVnode, 'access'>): Way {
  const { delay, loss, queue } = link;
  const rate = link[side] === 'unshaped' ? Number.POSITIVE_INFINITY : link[side];
  return vnode?.access?.[side] ?? { rate, delay, loss, queue };
}

/** null: there is no rate to keep. The simulator takes the same defaults. */
function bucketOf({ rate, queue }: Way, mtu: number, burst?: number): TokenBucket | null {
  if (!Number.isFinite(rate)) return null;
  return { rate: Math.round(rate), burst: burst ?? defaultBurst(rate, mtu), queue: queue ?? defaultQueue(rate, mtu) };
}

/** null: that way is not shaped. */
export const tokenBucket = (
  scenario: Scenario,
  side: 'up' | 'down',
  vnode?: Pick<PlannedVnode, 'access'>,
): TokenBucket | null => bucketOf(wayOf(scenario, side, vnode), scenario.network.mtu, scenario.link.burst);

/** Packets that may be under way on a link: more than any rate and delay here give. */
const UNDER_WAY = 100_000;

/** Delay and loss come first, then the bucket (tc-netem(8), rate control). */
function qdiscLines(
  verb: 'add' | 'change',
  device: string,
  bucket: TokenBucket | null,
  way: Way,
  netem: boolean,
): string[] {
  const at = netem ? 'parent 2:1' : 'root';
  const milliseconds = way.delay / 1e6;
  return [
    ...(netem
      ? [
          `qdisc ${verb} dev ${device} root handle 2: netem limit ${UNDER_WAY} delay ${milliseconds}ms loss ${way.loss * 100}%`,
        ]
      : []),
    ...(bucket
      ? [
          `qdisc ${verb} dev ${device} ${at} handle 1: tbf rate ${bucket.rate}bit burst ${bucket.burst} limit ${bucket.queue}`,
        ]
      : []),
  ];
}

const hasNetem = ({ delay, loss }: Way): boolean => delay > 0 || loss > 0;

function accessLines(
  device: string,
  scenario: Scenario,
  side: 'up' | 'down',
  vnode: Pick<PlannedVnode, 'access'>,
): string[] {
  const way = wayOf(scenario, side, vnode);
  return qdiscLines('add', device, tokenBucket(scenario, side, vnode), way, hasNetem(way));
}

/** In the router at which a pipe begins; null: nothing to do. `quality`: what it is to have now. */
export function shapePipe(
  run: RunId,
  { pipe, netem, quality: made }: PlannedPipe,
  { network: { mtu } }: Scenario,
  quality: PipeQuality = made,
  verb: 'add' | 'change' = 'add',
): Command | null {
  return tc(qdiscLines(verb, pipeInterface(run, pipe), bucketOf(quality, mtu), quality, netem));
}

/** One side of a vnode's link, at another rate; where its interface is. null: it has none. */
export function reshapeAccess(
  run: RunId,
  vnode: PlannedVnode,
  scenario: Scenario,
  side: 'up' | 'down',
  rate: number,
): Command | null {
  const way = { ...wayOf(scenario, side, vnode), rate };
  const device = side === 'up' ? vnodeInterface(run, vnode.index) : hostInterface(run, vnode.index);
  const bucket = bucketOf(way, scenario.network.mtu, scenario.link.burst);
  return tc(qdiscLines('change', device, bucket, way, hasNetem(way)));
}

/** Without a bridge the two host's ends are joined by redirection: what enters one leaves by the other. */
function joinLines(run: RunId, vnode: PlannedVnode): string[] {
  if (vnode.bridge !== null || vnode.partner === null) return [];
  const from = hostInterface(run, vnode.index);
  const to = hostInterface(run, vnode.partner);
  return [
    `qdisc add dev ${from} handle ffff: ingress`,
    `filter add dev ${from} parent ffff: protocol all u32 match u32 0 0 action mirred egress redirect dev ${to}`,
  ];
}

const tc = (lines: readonly string[]): Command | null =>
  lines.length === 0 ? null : { program: 'tc', args: ['-batch', '-'], input: `${lines.join('\n')}\n` };

/** In the range's namespace; null: nothing to do. */
export function shapeHostEnds(run: RunId, plan: RangePlan, scenario: Scenario): Command | null {
  return tc(
    plan.vnodes.flatMap((vnode) => [
      ...accessLines(hostInterface(run, vnode.index), scenario, 'down', vnode),
      ...joinLines(run, vnode),
    ]),
  );
}

/** In the vnode; null: nothing to do. */
export const shapeVnode = (run: RunId, vnode: PlannedVnode, scenario: Scenario): Command | null =>
  tc(accessLines(vnodeInterface(run, vnode.index), scenario, 'up', vnode));

/** One packet a segment everywhere on this device. */
export const withoutSuperPackets = (device: string): Command => ({
  program: 'ethtool',
  args: ['-K', device, 'tso', 'off', 'gso', 'off', 'gro', 'off'],
});

/** Statistics and settings of the token buckets of a namespace, as JSON. */
export const readShapers = (): Command => ({ program: 'tc', args: ['-statistics', '-json', 'qdisc', 'show'] });

export interface ShaperState {
  readonly device: string;
  /** As the kernel has it. */
  readonly bucket: TokenBucket;
  /** Bytes and packets that it let through, headers of every segment counted; packets that it dropped. */
  readonly bytes: number;
  readonly packets: number;
  readonly drops: number;
}

interface QdiscJson {
  readonly kind: string;
  readonly dev: string;
  readonly root?: boolean;
  readonly options?: {
    readonly rate?: number;
    readonly burst?: number;
    readonly limit?: number;
    readonly lat?: number;
  };
  readonly bytes?: number;
  readonly packets?: number;
  readonly drops?: number;
}

/** Reads `tc -s -j qdisc show`. tc gives a bucket's queue as a byte limit or as the latency it stands for. */
export function shaperStates(json: string): ShaperState[] {
  const qdiscs = JSON.parse(json || '[]') as QdiscJson[];
  return qdiscs
    .filter((qdisc) => qdisc.kind === 'tbf')
    .map(({ dev, options = {}, bytes = 0, packets = 0, drops = 0 }) => {
      const perSecond = options.rate ?? 0;
      const burst = options.burst ?? 0;
      // tc computes latency, in microseconds, as (limit - burst) / rate: undone here.
      const queue = options.limit ?? Math.round(((options.lat ?? 0) / 1e6) * perSecond + burst);
      return { device: dev, bucket: { rate: perSecond * 8, burst, queue }, bytes, packets, drops };
    });
}
