// A scenario: what runs in the range (workload), over which links, under which TCP. The one file both worlds take.

import { z } from 'zod';
import { STRESSES } from './interference.js';
import { addressRange, changeSchema, rangeNetworkSchema } from './network/index.js';
import { duration, rate, ratio, size } from './units.js';

const count = z.int().min(1).max(1_000_000);

const swarm = z.strictObject({
  kind: z.literal('swarm'),
  /** Seeders and leechers together; the tracker comes on top. */
  peers: count.default(100),
  /** A share of the peers, or how many. */
  seeders: z
    .union([count, ratio.refine((share) => share < 1, { message: 'a share below 100%, or how many' })])
    .prefault('10%'),
  file: size.prefault('20MB'),
  piece: size.prefault('256KiB'),
  client: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*$/)
    .describe('the name of a client')
    .default('hrktorrent'),
  /** Leechers start evenly over this time; seeders and tracker are up before. A larger range takes longer in proportion. */
  start: duration.prefault('10s'),
  /** Who comes and goes; absent: leechers come evenly over `start`, and all stay. */
  churn: z
    .strictObject({
      /** Gaps between arrivals: all alike, or exponential with the same mean. */
      arrivals: z.enum(['even', 'poisson']).default('even'),
      /** Mean time that a leecher stays once it has everything (exponential); absent: for ever. */
      seeding: duration.optional(),
      /** Mean time after which a leecher that has not everything gives up (exponential); absent: never. */
      patience: duration.optional(),
      /** Peers with times of their own, as a trace has them. */
      sessions: z
        .array(
          z.strictObject({
            /** peer-7, as in records. */
            peer: z
              .string()
              .regex(/^peer-[1-9]\d{0,6}$/)
              .describe('the name of a peer, such as peer-7'),
            from: duration,
            /** When it leaves, done or not; absent: it stays. */
            until: duration.optional(),
          }),
        )
        .max(1_000_000)
        .default([]),
    })
    .optional(),
});

const pairs = z.strictObject({
  kind: z.literal('pairs'),
  /** Each pair is two vnodes: a client that sends to a server. */
  pairs: count.default(10),
  transport: z.enum(['tcp', 'udp']).default('tcp'),
  duration: duration.prefault('10s'),
  /** TCP: bytes each pair transfers, after which it stops; absent: it sends until the duration ends. */
  bytes: size.optional(),
  /** UDP: the rate a client sends at (payload), and the payload of each packet. */
  rate: rate.optional(),
  packet: size.prefault('1470B'),
});

const idle = z.strictObject({
  kind: z.literal('idle'),
  vnodes: count.default(100),
  duration: duration.prefault('30s'),
});

const busy = z.strictObject({
  kind: z.literal('busy'),
  /** CPU shares of the vnodes, one vnode each, all pinned to one core and always runnable. */
  shares: z.array(z.int().min(1).max(10_000)).min(1).max(64).default([25, 75]),
  duration: duration.prefault('10s'),
});

const latency = z.strictObject({
  kind: z.literal('latency'),
  /** Pairs that flood each other with echo requests beside the one that is measured. */
  floods: count.default(4),
  /** Of each of four phases: at rest and under flood, each without and with probes. */
  duration: duration.prefault('5s'),
  /** Between two echo requests of the measured pair. */
  interval: duration.prefault('10ms'),
});

const interference = z.strictObject({
  kind: z.literal('interference'),
  /** What a vnode does beside the one that computes; none: nothing, to compare with. */
  stress: z.enum(['none', ...STRESSES]).default('none'),
  duration: duration.prefault('5s'),
});

/** Sizes of documents from 1 to 100 kB, most of them small: what a site of pages and pictures answers (assumed). */
const SITE = ['1KB', '2KB', '3KB', '5KB', '8KB', '12KB', '20KB', '40KB', '100KB'];

const web = z.strictObject({
  kind: z.literal('web'),
  clients: count.default(20),
  /** They come first among the vnodes; each client asks the nearest. */
  replicas: count.default(1),
  /** Mean time between two requests of a client, which does not wait for answers. */
  interval: duration.prefault('1s'),
  duration: duration.prefault('30s'),
  /** Sizes of answers, each as likely as the others; the size of a request. */
  trace: z.array(size).min(1).max(100_000).prefault(SITE),
  request: size.prefault('300B'),
  /** CPU of the replica for a request, at the host's own speed. */
  work: duration.prefault('500us'),
});

const flood = z.strictObject({
  kind: z.literal('flood'),
  vnodes: count.default(100),
  /** Links that a vnode opens when it joins, one after the other over `join`. */
  degree: z.int().min(1).max(64).default(4),
  join: duration.prefault('10s'),
  /** How far pings and queries are forwarded (Gnutella: 7); 0: no pings. */
  pingTtl: z.int().min(0).max(63).default(2),
  ttl: z.int().min(1).max(63).default(7),
  /** Queries, evenly over `searching` from the last join on. */
  queries: count.default(10),
  searching: duration.prefault('10s'),
  duration: duration.prefault('30s'),
  /** Share of vnodes that have what is searched for. */
  holders: ratio.prefault('1%'),
  /** `key`: finger tables, and each query goes to the one vnode that has its key (Chord). */
  search: z.enum(['flood', 'key']).default('flood'),
  /** Bytes that an answer brings along. */
  block: size.prefault('0B'),
  /** Every so often each vnode tries a stranger, and keeps it in place of its farthest neighbour if it is nearer. */
  adapt: duration.optional(),
});

const ring = z.strictObject({
  kind: z.literal('ring'),
  /** Every second one generates, the others receive; each generator picks a receiver at random. */
  vnodes: count.min(2).default(40),
  duration: duration.prefault('10s'),
});

const shaped = z.union([z.literal('unshaped'), rate]);

const link = z.strictObject({
  /** From the vnode, shaped on its own side. */
  up: shaped.default('unshaped'),
  /** Towards the vnode, shaped on the host's side of its veth. */
  down: shaped.default('unshaped'),
  /** Propagation delay of each of the link's two pipes. */
  delay: duration.prefault('0ns'),
  /** Share of packets lost at random in each pipe. */
  loss: ratio.prefault('0%'),
  /** Bytes a token bucket saves up; absent: see `defaultBurst`. */
  burst: size.optional(),
  /** Bytes that may wait in a shaper; absent: see `defaultQueue`. */
  queue: size.optional(),
});

const core = z.strictObject({
  /** Pipes in a row, each way, between the two access links. */
  hops: z.int().min(1).max(64),
  rate,
  delay: duration,
  queue: size.optional(),
  /** Departures are rounded up to this clock (ModelNet: 100us); absent: exact. */
  tick: duration.optional(),
});

const network = z.strictObject({
  /** One bridge for all (LAN), a two-port bridge for each pair, or the two veths joined without a bridge. */
  attach: z.enum(['bridge', 'two-port-bridge', 'direct']).default('bridge'),
  mtu: z.int().min(576).max(9000).default(1500),
  /** Super-packets of up to 64 KB where the kernel has them; off: one packet a segment everywhere. */
  gso: z.boolean().default(true),
  /** The most a receiver advertises; absent: what its kernel allows. */
  window: size.optional(),
  /** IPv4 range of the vnodes: benchmarking (RFC 2544) or private (RFC 1918). */
  addresses: z
    .string()
    .regex(/^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/)
    .describe('an IPv4 range such as 198.18.0.0/15')
    .default('198.18.0.0/15'),
  /** IPv4 range of the vnodes on other hosts than the first, where it differs: what clients take for local traffic. */
  elsewhere: z
    .string()
    .regex(/^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/)
    .describe('an IPv4 range such as 198.18.0.0/15')
    .optional(),
  core: core.optional(),
  /** Routers between the vnodes; absent: all are on one LAN, or in pairs. */
  topology: rangeNetworkSchema.optional(),
});

export const scenarioSchema = z
  .strictObject({
    format: z.literal('rangefit/scenario').default('rangefit/scenario'),
    formatVersion: z.literal(1).default(1),
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,62}$/)
      .describe('a name of lower-case letters, digits and dashes'),
    description: z.string().max(400).default(''),
    workload: z.discriminatedUnion('kind', [swarm, pairs, idle, busy, latency, interference, web, flood, ring]),
    link: link.prefault({}),
    network: network.prefault({}),
    /** What changes while it runs. */
    changes: z.array(changeSchema).max(10_000).optional(),
    /** Congestion control of every vnode. */
    tcp: z.enum(['cubic', 'reno', 'bbr']).default('cubic'),
    /** `raised`: every ceiling that a sysctl can move is moved first. `stock`: the untouched kernel. */
    limits: z.enum(['raised', 'stock']).default('raised'),
    /** Swarms end here, peers that are not done recorded as such. */
    deadline: duration.prefault('2h'),
  })
  .superRefine((scenario, context) => {
    const reject = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
    const { workload, network: net, link: access } = scenario;
    for (const side of ['up', 'down'] as const)
      if (typeof access[side] === 'number' && (access[side] < 1000 || access[side] > 1e12))
        reject(['link', side], 'a rate from 1kbit/s to 1Tbit/s');
    if (access.loss >= 1) reject(['link', 'loss'], 'a loss below 100%');
    if (access.burst !== undefined && access.burst < net.mtu + 14)
      reject(['link', 'burst'], `a burst of at least one frame (${net.mtu + 14}B)`);
    if (access.queue !== undefined && access.queue < net.mtu + 14)
      reject(['link', 'queue'], `a queue of at least one frame (${net.mtu + 14}B)`);
    if (!addressRange(net.addresses)) reject(['network', 'addresses'], 'an IPv4 range such as 198.18.0.0/15');
    if (net.elsewhere !== undefined && !addressRange(net.elsewhere))
      reject(['network', 'elsewhere'], 'an IPv4 range such as 198.18.0.0/15');
    if (workload.kind === 'swarm') {
      if (seederCount(workload) > workload.peers) reject(['workload', 'seeders'], 'at most as many seeders as peers');
      if (workload.file < 1) reject(['workload', 'file'], 'a file of at least 1B');
      if (workload.piece < 16_384) reject(['workload', 'piece'], 'a piece of at least one block (16KiB)');
      if (workload.file / workload.piece > 1_000_000) reject(['workload', 'piece'], 'at most a million pieces');
      for (const [index, { peer, from, until }] of (workload.churn?.sessions ?? []).entries()) {
        const at = ['workload', 'churn', 'sessions', index];
        if (Number(peer.slice('peer-'.length)) > workload.peers)
          reject([...at, 'peer'], `a peer up to peer-${workload.peers}`);
        if (until !== undefined && until <= from) reject([...at, 'until'], 'a time after `from`');
      }
      if (net.attach !== 'bridge') reject(['network', 'attach'], '`bridge`: a swarm is a LAN, not pairs');
    }
    if (workload.kind === 'pairs' && workload.transport === 'udp' && workload.rate === undefined)
      reject(['workload', 'rate'], 'a rate to send at, for UDP');
    if (workload.kind === 'pairs' && workload.packet > net.mtu - 28)
      reject(['workload', 'packet'], `a UDP payload of at most ${net.mtu - 28}B (mtu less headers)`);
    if (workload.kind === 'ring' && workload.vnodes % 2 === 1) reject(['workload', 'vnodes'], 'an even number');
    if (workload.kind === 'web' && workload.trace.some((bytes) => bytes > 2 ** 31 - 1))
      reject(['workload', 'trace'], 'answers below 2GiB');
    if (workload.kind === 'web' && workload.interval < 1000) reject(['workload', 'interval'], 'at least 1us');
    if (workload.kind === 'flood' && workload.adapt !== undefined && workload.adapt < 1_000_000)
      reject(['workload', 'adapt'], 'at least 1ms');
    if ('duration' in workload && workload.duration < 1_000_000) reject(['workload', 'duration'], 'at least 1ms');
    if (net.core && net.core.rate < 1000) reject(['network', 'core', 'rate'], 'a rate of at least 1kbit/s');
    const ownVnodes = net.topology && !net.topology.generate;
    for (const [index, change] of (scenario.changes ?? []).entries()) {
      if (change.link && !net.topology) reject(['changes', index, 'link'], 'a network.topology, which has links');
      for (const side of ['up', 'down'] as const)
        if (change[side] !== undefined && access[side] === 'unshaped' && !ownVnodes)
          reject(['changes', index, side], `a link.${side} that is shaped, to be changed`);
    }
    if (net.core && net.topology) reject(['network', 'core'], 'no core beside a topology');
    if (net.core && workload.kind !== 'pairs') reject(['network', 'core'], 'no core: only pairs run through one');
  });

/** Quantities as numbers: bits per second, bytes, nanoseconds, fractions. */
export type Scenario = z.output<typeof scenarioSchema>;
/** Quantities as text, as in a file. */
export type ScenarioDocument = z.input<typeof scenarioSchema>;
export type Workload = Scenario['workload'];
export type SwarmWorkload = z.output<typeof swarm>;
export type LatencyWorkload = z.output<typeof latency>;
export type WebWorkload = z.output<typeof web>;
export type FloodWorkload = z.output<typeof flood>;
export type RingWorkload = z.output<typeof ring>;
export type InterferenceWorkload = z.output<typeof interference>;
export type PairsWorkload = z.output<typeof pairs>;
export type Attach = Scenario['network']['attach'];
export type CongestionControl = Scenario['tcp'];

/** Seeders of a swarm: a count, or a share rounded to at least one. */
export function seederCount(workload: Pick<SwarmWorkload, 'peers' | 'seeders'>): number {
  return workload.seeders >= 1 ? workload.seeders : Math.max(1, Math.round(workload.peers * workload.seeders));
}

/** The vnodes of an interference run: who computes, who stresses, and the other end of a stress of the network. */
export const INTERFERING = ['victim', 'stressor', 'partner'] as const;

/** Vnodes whose fidelity counts: peers, both ends of each pair, idle containers. The tracker is extra. */
export function vnodeCount(workload: Workload): number {
  switch (workload.kind) {
    case 'swarm':
      return workload.peers;
    case 'pairs':
      return 2 * workload.pairs;
    case 'idle':
      return workload.vnodes;
    case 'busy':
      return workload.shares.length;
    case 'latency':
      return 2 + 2 * workload.floods;
    case 'interference':
      return INTERFERING.length;
    case 'web':
      return workload.replicas + workload.clients;
    case 'flood':
    case 'ring':
      return workload.vnodes;
  }
}

/** The same scenario with another size, in vnodes (pairs: rounded up to whole pairs). */
export function resized(scenario: Scenario, vnodes: number): Scenario {
  const { workload } = scenario;
  switch (workload.kind) {
    case 'swarm': {
      const seeders = workload.seeders >= 1 ? Math.min(workload.seeders, vnodes) : workload.seeders;
      const start = Math.round((workload.start * vnodes) / workload.peers);
      return { ...scenario, workload: { ...workload, peers: vnodes, seeders, start } };
    }
    case 'pairs':
      return { ...scenario, workload: { ...workload, pairs: Math.ceil(vnodes / 2) } };
    case 'idle':
      return { ...scenario, workload: { ...workload, vnodes } };
    case 'interference':
      return scenario;
    case 'web':
      return { ...scenario, workload: { ...workload, clients: Math.max(1, vnodes - workload.replicas) } };
    case 'flood':
      return { ...scenario, workload: { ...workload, vnodes } };
    case 'ring':
      return { ...scenario, workload: { ...workload, vnodes: 2 * Math.ceil(vnodes / 2) } };
    case 'latency':
      return { ...scenario, workload: { ...workload, floods: Math.max(1, Math.ceil(vnodes / 2) - 1) } };
    case 'busy':
      return {
        ...scenario,
        workload: {
          ...workload,
          shares: Array.from({ length: vnodes }, (_, i) => workload.shares[i % workload.shares.length] as number),
        },
      };
  }
}
