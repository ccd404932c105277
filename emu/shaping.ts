// Shaping: a token bucket up on the vnode's side of its veth and down on the host's side, super-packets on or off. Pure.

import { defaultBurst, defaultQueue, type Scenario } from '../models/index.js';
import type { RunId } from './names.js';
import { hostInterface, vnodeInterface } from './names.js';
import type { PlannedVnode, RangePlan } from './range-plan.js';
import type { Command } from './shell.js';

export interface TokenBucket {
  /** Bits per second. */
  readonly rate: number;
  /** Bytes. */
  readonly burst: number;
  readonly queue: number;
}

/** null: that way is not shaped. The simulator takes the same defaults. */
export function tokenBucket(scenario: Scenario, side: 'up' | 'down'): TokenBucket | null {
  const rate = scenario.link[side];
  if (rate === 'unshaped') return null;
  const { mtu } = scenario.network;
  return {
    rate: Math.round(rate),
    burst: scenario.link.burst ?? defaultBurst(rate, mtu),
    queue: scenario.link.queue ?? defaultQueue(rate, mtu),
  };
}

const bucketLine = (device: string, { rate, burst, queue }: TokenBucket): string =>
  `qdisc add dev ${device} root handle 1: tbf rate ${rate}bit burst ${burst} limit ${queue}`;

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
  const down = tokenBucket(scenario, 'down');
  return tc(
    plan.vnodes.flatMap((vnode) => [
      ...(down ? [bucketLine(hostInterface(run, vnode.index), down)] : []),
      ...joinLines(run, vnode),
    ]),
  );
}

/** In the vnode; null: nothing to do. */
export function shapeVnode(run: RunId, vnode: PlannedVnode, scenario: Scenario): Command | null {
  const up = tokenBucket(scenario, 'up');
  return up ? tc([bucketLine(vnodeInterface(run, vnode.index), up)]) : null;
}

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
