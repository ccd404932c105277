// Flood: a Gnutella-like overlay. Vnodes join by connecting to some that are there, announce themselves by pings, and
// search by flooding queries, each forwarded once; or, with finger tables, they pass a query on towards its key (Chord).

import type { FloodWorkload, OverlayRecord } from '../../../models/index.js';
import { type RandomStream, randomStream } from '../../random.js';
import type { EventHandler } from '../../simulator.js';
import { Application, type ApplicationParts, responsesOf } from '../application.js';
import type { VnodeOutcome } from '../workload.js';
import { type OverlayLink, OverlayLinks } from './links.js';

const MESSAGE = { ping: 0, pong: 1, query: 2, hit: 3, probe: 4, probed: 5 } as const;
/** Gnutella 0.4: a descriptor's header; payloads of a pong, of a query with a short search, of a hit with one result. */
const HEADER = 23;
const PONG = 14;
const QUERY = 20;
const HIT = 80;
/** Arguments of messages carry an id and what is left to live. */
const LIVES = 64;

const TASK = { join: 0, query: 1, adapt: 2 } as const;
const TASKS = 4;

interface Query {
  readonly origin: number;
  readonly at: number;
  /** Who has what is searched for. */
  readonly holders: ReadonlySet<number>;
  answered: boolean;
}

export interface FloodParts extends ApplicationParts {
  readonly workload: FloodWorkload;
}

export class Flood extends Application implements EventHandler {
  private readonly kind: number;
  private readonly links: OverlayLinks;
  private readonly chance: RandomStream[];
  private readonly queries: Query[] = [];
  /** Per vnode: the end that a query or ping came in by; -1: its own. */
  private readonly cameBy: Map<number, number>[];
  private readonly pings: Map<number, number>[];
  private readonly took: number[][];
  private readonly joined: boolean[];
  private readonly reachedAt: number[] = [];
  private duplicates = 0;
  private hits = 0;
  private messages = 0;
  private readonly rtts: { seconds: number; rtt: number }[] = [];

  constructor(private readonly flood: FloodParts) {
    super(flood);
    const { simulator, seed, hostOf } = flood;
    this.kind = simulator.register(this);
    this.links = new OverlayLinks(hostOf.length);
    this.chance = hostOf.map((_, vnode) => randomStream(seed, `flood/${vnode}`));
    this.cameBy = hostOf.map(() => new Map());
    this.pings = hostOf.map(() => new Map());
    this.took = hostOf.map(() => []);
    this.joined = hostOf.map(() => false);
  }

  start(): void {
    const { workload, hostOf } = this.flood;
    const each = Math.max(1, Math.floor(workload.join / hostOf.length));
    for (const vnode of hostOf.keys()) this.at(vnode * each, vnode, TASK.join);
    for (let query = 0; query < workload.queries; query++) {
      const from = randomStream(this.flood.seed, `flood/query/${query}`).below(hostOf.length);
      this.at(workload.join + Math.round((workload.searching * (query + 0.5)) / workload.queries), from, TASK.query);
    }
    if (workload.adapt !== undefined)
      for (const vnode of hostOf.keys())
        this.at(workload.join + this.chance[vnode].below(workload.adapt), vnode, TASK.adapt);
  }

  handle(item: number): void {
    const vnode = Math.floor(item / TASKS);
    switch (item % TASKS) {
      case TASK.join:
        this.join(vnode);
        return;
      case TASK.query:
        this.search(vnode);
        return;
      default:
        this.adapt(vnode);
    }
  }

  heard(vnode: number, endpoint: number, type: number, argument: number, bytes: number): void {
    this.messages++;
    this.payloadDelivered += bytes;
    const id = Math.floor(argument / LIVES);
    const lives = argument % LIVES;
    switch (type) {
      case MESSAGE.ping:
        this.spread(vnode, endpoint, MESSAGE.ping, id, lives, this.pings[vnode], HEADER);
        return;
      case MESSAGE.query:
        this.hearQuery(vnode, endpoint, id, lives);
        return;
      case MESSAGE.hit:
        this.hearHit(vnode, id);
        return;
      case MESSAGE.probe:
        this.say(endpoint, MESSAGE.probed, argument, HEADER);
        return;
      case MESSAGE.probed:
        this.measured(vnode, endpoint);
        return;
      default:
        // A pong fills the cache of addresses, which this overlay does not need.
        return;
    }
  }

  outcome(vnode: number): VnodeOutcome {
    return {
      ...{ role: 'client', sent: this.talk.said[vnode], received: this.talk.heard[vnode] },
      ...{ startedAt: 0, completedAt: null, milestones: [], goodput: null },
      responses: responsesOf(this.took[vnode]),
    };
  }

  override get overlay(): OverlayRecord {
    const { queries, duplicates, hits, messages, reachedAt, rtts } = this;
    const reached = Array.from(reachedAt, (count) => count ?? 0);
    return { queries: queries.length, reached, duplicates, hits, messages, linkRtts: rtts };
  }

  private at(time: number, vnode: number, task: number): void {
    this.flood.simulator.schedule(time, this.kind, vnode * TASKS + task);
  }

  /** The other end may have given the link up meanwhile. */
  private say(endpoint: number, type: number, argument: number, bytes: number): void {
    if (this.links.link(endpoint)) this.talk.say(endpoint, type, argument, bytes);
  }

  private connect(vnode: number, peer: number, candidate = false): OverlayLink {
    return this.links.add(vnode, peer, this.talk.open(vnode, peer), candidate);
  }

  private join(vnode: number): void {
    const { workload, hostOf } = this.flood;
    this.joined[vnode] = true;
    if (workload.search === 'key') {
      for (let step = 1; step < hostOf.length; step *= 2) {
        const finger = (vnode + step) % hostOf.length;
        if (!this.links.has(vnode, finger)) this.connect(vnode, finger);
      }
      return;
    }
    for (let link = 0; link < Math.min(workload.degree, vnode); link++) {
      const peer = this.links.stranger(vnode, vnode, this.chance[vnode]);
      if (peer >= 0) this.connect(vnode, peer);
    }
    if (workload.pingTtl > 0) {
      this.pings[vnode].set(vnode, -1);
      for (const { endpoint } of this.links.at(vnode))
        this.say(endpoint, MESSAGE.ping, vnode * LIVES + workload.pingTtl, HEADER);
    }
  }

  private search(origin: number): void {
    const { workload, simulator, hostOf, seed } = this.flood;
    const id = this.queries.length;
    const random = randomStream(seed, `flood/holders/${id}`);
    const count = workload.search === 'key' ? 1 : Math.max(1, Math.round(workload.holders * hostOf.length));
    const holders = new Set<number>();
    while (holders.size < Math.min(count, hostOf.length - 1)) {
      const holder = random.below(hostOf.length);
      if (holder !== origin) holders.add(holder);
    }
    this.queries.push({ origin, at: simulator.now, holders, answered: false });
    this.cameBy[origin].set(id, -1);
    if (workload.search === 'key') this.passOn(origin, id, 0);
    else
      for (const { endpoint } of this.links.at(origin))
        this.say(endpoint, MESSAGE.query, id * LIVES + workload.ttl, HEADER + QUERY);
  }

  private hearQuery(vnode: number, endpoint: number, id: number, lives: number): void {
    const query = this.queries[id];
    const { workload } = this.flood;
    if (workload.search === 'key') {
      this.cameBy[vnode].set(id, endpoint);
      this.count(lives);
      if (query.holders.has(vnode)) this.answer(vnode, id);
      else this.passOn(vnode, id, lives);
      return;
    }
    const known = this.cameBy[vnode].has(id);
    this.spread(vnode, endpoint, MESSAGE.query, id, lives, this.cameBy[vnode], HEADER + QUERY);
    if (known) return;
    this.count(workload.ttl - lives + 1);
    if (query.holders.has(vnode)) this.answer(vnode, id);
  }

  /** One more vnode reached, so many hops behind the first. */
  private count(hops: number): void {
    this.reachedAt[hops] = (this.reachedAt[hops] ?? 0) + 1;
  }

  /** To all others, once, while it lives; a ping is answered too. */
  private spread(
    vnode: number,
    from: number,
    type: number,
    id: number,
    lives: number,
    known: Map<number, number>,
    bytes: number,
  ): void {
    if (known.has(id)) {
      this.duplicates++;
      return;
    }
    known.set(id, from);
    if (type === MESSAGE.ping) this.say(from, MESSAGE.pong, id * LIVES, HEADER + PONG);
    if (lives <= 1) return;
    for (const { endpoint, candidate } of this.links.at(vnode))
      if (endpoint !== from && !candidate) this.say(endpoint, type, id * LIVES + lives - 1, bytes);
  }

  /** Towards the holder of the key, by the finger that comes closest without going past. `hops` so far. */
  private passOn(vnode: number, id: number, hops: number): void {
    const size = this.flood.hostOf.length;
    const [holder] = this.queries[id].holders;
    const distance = (from: number) => (holder - from + size) % size;
    let best: OverlayLink | undefined;
    for (const link of this.links.at(vnode))
      if (link.own && distance(link.peer) < distance(best?.peer ?? vnode)) best = link;
    if (best) this.say(best.endpoint, MESSAGE.query, id * LIVES + hops + 1, HEADER + QUERY);
  }

  /** The answer goes back the way that the query came. */
  private answer(vnode: number, id: number): void {
    const back = this.cameBy[vnode].get(id);
    if (back === undefined || back < 0) return;
    const bytes = HEADER + HIT + this.flood.workload.block;
    this.say(back, MESSAGE.hit, id * LIVES, bytes);
  }

  private hearHit(vnode: number, id: number): void {
    const query = this.queries[id];
    if (vnode !== query.origin) {
      this.answer(vnode, id);
      return;
    }
    this.hits++;
    if (query.answered) return;
    query.answered = true;
    this.completed++;
    this.took[vnode].push(this.flood.simulator.now - query.at);
  }

  /** Measures the vnode's own links, and a stranger's beside them. */
  private adapt(vnode: number): void {
    const { workload, simulator, hostOf } = this.flood;
    const stranger = this.links.stranger(vnode, hostOf.length, this.chance[vnode]);
    if (stranger >= 0 && !this.links.at(vnode).some(({ candidate }) => candidate)) this.connect(vnode, stranger, true);
    for (const link of this.links.at(vnode)) {
      if (!link.own || link.probedAt >= 0) continue;
      link.probedAt = simulator.now;
      this.say(link.endpoint, MESSAGE.probe, 0, HEADER);
    }
    if (vnode === 0) this.rtts.push({ seconds: simulator.now / 1e9, rtt: this.links.meanRtt() / 1e9 });
    this.at(simulator.now + (workload.adapt as number), vnode, TASK.adapt);
  }

  private measured(vnode: number, endpoint: number): void {
    const link = this.links.link(endpoint);
    if (!link || link.probedAt < 0) return;
    // The first probe of a new link waits for its handshake, which is a round trip of its own.
    const first = Number.isNaN(link.rtt);
    link.rtt = this.flood.simulator.now - link.probedAt;
    link.probedAt = -1;
    if (!link.candidate || first) return;
    const worst = this.links
      .at(vnode)
      .filter(({ own, candidate, rtt }) => own && !candidate && rtt > 0)
      .reduce<OverlayLink | undefined>((a, b) => (a && a.rtt >= b.rtt ? a : b), undefined);
    const loser = worst && worst.rtt > link.rtt ? worst : link;
    link.candidate = false;
    this.links.remove(loser);
    this.flood.streams.close(loser.endpoint);
  }
}
