// The neighbour (ARP) table of a kernel: one count for all its network namespaces, garbage collection, refusal.
// Mechanism and constants: Linux net/core/neighbour.c and net/ipv4/arp.c. IPv6 has a table of its own: make another.

import type { NeighbourThresholds } from './host.js';
import { NeighbourEntries } from './neighbour-entries.js';

/** What an entry knows of its peer's link address (the kernel's NUD states). */
export const NeighbourState = {
  /** The id is not in use. */
  none: 0,
  /** Asked, not answered yet. */
  incomplete: 1,
  reachable: 2,
  /** An address is known, and nobody has vouched for it for a while. */
  stale: 3,
  /** Used while stale: waits for the transport to confirm before it asks again. */
  delay: 4,
  /** Asks the known address again. */
  probe: 5,
  /** Nobody answered. */
  failed: 6,
  permanent: 7,
} as const;

const { incomplete, reachable, stale, delay, probe, failed, permanent } = NeighbourState;

const SECOND = 1e9;
/** base_reachable_time; each device draws its own from half to one and a half times this. */
const BASE_REACHABLE = 30 * SECOND;
/** How often devices draw anew. */
const REDRAW = 300 * SECOND;
/** delay_first_probe_time. */
const DELAY_FIRST_PROBE = 5 * SECOND;
/** retrans_time x mcast_solicit, and x ucast_solicit: how long an unanswered entry asks before it fails. */
const ASKING = 3 * SECOND;
/** gc_staletime. */
const STALE_TIME = 60 * SECOND;
/** A forced collection above gc_thresh2 comes at most this often, and takes what has not changed for this long. */
const FORCED_INTERVAL = 5 * SECOND;
/** Time between periodic collections, ns: half of base_reachable_time. */
export const NEIGHBOUR_COLLECTION_INTERVAL = BASE_REACHABLE / 2;

export interface NeighbourSurroundings {
  /** A kernel up to Linux 3.5 caches routes, and a connection's route refers to its entry: see `hold`. */
  readonly routeHoldsNeighbour: boolean;
  /** Whether the peer answers when an owner asks its known address again; absent: every peer is up. */
  answers?(owner: number, peer: number): boolean;
}

/**
 * Owners are dense small integers (one network namespace with one device each), peers any non-negative int32.
 * Times are integer ns. Timers are settled when an entry is looked at; no event is needed for any of them.
 * An id is valid until its entry is collected: look it up again with `find` after any time has passed.
 */
export class NeighbourTable {
  /** Entries that count: all but permanent ones and loopback. */
  entries = 0;
  peak = 0;
  /** Pairs that were refused an entry at least once. */
  refused = 0;
  /** Refused creations, every attempt: the kernel's `table_fulls`. */
  overflows = 0;
  private readonly all = new NeighbourEntries();
  private lastForced = Number.NEGATIVE_INFINITY;
  private lastDraw = 0;
  private readonly reachableTimes: number[] = [];
  private readonly refusedPairs = new Set<number>();

  constructor(
    private readonly thresholds: NeighbourThresholds,
    private readonly surroundings: NeighbourSurroundings,
    private readonly random: { uniform(): number },
  ) {}

  /** The owner's entry for this peer, or -1. */
  find(owner: number, peer: number): number {
    return this.all.find(owner, peer);
  }

  /** A new entry that starts to ask (the caller sends the request), or -1: the table refuses. The pair has none yet. */
  create(owner: number, peer: number, now: number): number {
    if (owner === peer) return this.permanent(owner, peer);
    if (!this.admits(now)) {
      this.overflows++;
      const pair = owner * 2 ** 31 + peer;
      if (!this.refusedPairs.has(pair)) {
        this.refusedPairs.add(pair);
        this.refused++;
      }
      return -1;
    }
    const id = this.all.add(owner, peer);
    this.all.lastUsed[id] = now;
    this.all.confirmed[id] = now - 2 * BASE_REACHABLE;
    this.entries++;
    if (this.entries > this.peak) this.peak = this.entries;
    this.resolve(id, now);
    return id;
  }

  /** An entry that an administrator set, or that leads to loopback: it neither counts nor goes. */
  permanent(owner: number, peer: number): number {
    const id = this.all.add(owner, peer);
    this.all.states[id] = permanent;
    return id;
  }

  /** State of the entry at `now`. */
  state(id: number, now: number): number {
    this.settle(id, now);
    return this.all.states[id];
  }

  /** A failed entry asks again; the caller sends the request. */
  resolve(id: number, now: number): void {
    this.enter(id, incomplete, now);
    this.all.deadline[id] = now + ASKING;
  }

  /** The peer answered. */
  resolved(id: number, now: number): void {
    if (this.state(id, now) === permanent) return;
    this.all.confirmed[id] = now;
    if (this.all.states[id] === reachable) return;
    this.enter(id, reachable, now);
    this.all.deadline[id] = now + this.reachableTime(this.all.owner[id]);
  }

  /**
   * The peer asked for the owner's address, which tells its own: an entry is made or becomes usable, but stale.
   * -1: the table refuses, and the owner then does not answer (arp_process in net/ipv4/arp.c).
   */
  heard(owner: number, peer: number, now: number): number {
    let id = this.find(owner, peer);
    if (id < 0) id = this.create(owner, peer, now);
    if (id < 0) return -1;
    const state = this.state(id, now);
    if (state === incomplete || state === failed) this.enter(id, stale, now);
    return id;
  }

  /** The transport made progress with this peer: it is there. */
  confirm(id: number, now: number): void {
    this.settle(id, now);
    this.all.confirmed[id] = now;
  }

  /** A packet leaves through the entry. Returns its state after that; `failed`: see `resolve`. */
  used(id: number, now: number): number {
    this.settle(id, now);
    const state = this.all.states[id];
    // The fast path past a reachable entry leaves no trace in it.
    if (state === reachable || state === permanent) return state;
    this.all.lastUsed[id] = now;
    if (state !== stale) return state;
    this.enter(id, delay, now);
    this.all.deadline[id] = now + DELAY_FIRST_PROBE;
    return delay;
  }

  /** Nobody answers: known otherwise than by waiting. */
  failed(id: number, now: number): void {
    if (this.state(id, now) !== permanent) this.enter(id, failed, now);
  }

  /** A connection's cached route refers to the entry, which cannot go while it does. Later kernels take no notice. */
  hold(id: number): void {
    if (this.surroundings.routeHoldsNeighbour) this.all.references[id]++;
  }

  release(id: number): void {
    if (!this.surroundings.routeHoldsNeighbour) return;
    if (this.all.references[id] === 0) throw new Error('release of a neighbour entry that nobody holds');
    this.all.references[id]--;
  }

  /** To be called every `NEIGHBOUR_COLLECTION_INTERVAL`: below gc_thresh1 nothing goes. */
  collectPeriodically(now: number): void {
    if (now > this.lastDraw + REDRAW) {
      this.lastDraw = now;
      for (const owner of this.reachableTimes.keys()) this.reachableTimes[owner] = this.drawReachableTime();
    }
    if (this.entries < this.thresholds.gcThresh1) return;
    for (let id = this.all.oldest; id >= 0; ) {
      const following = this.all.next[id];
      if (this.collectable(id, now)) {
        if (this.all.lastUsed[id] < this.all.confirmed[id]) this.all.lastUsed[id] = this.all.confirmed[id];
        if (this.all.states[id] === failed || now >= this.all.lastUsed[id] + STALE_TIME) this.remove(id);
      }
      id = following;
    }
  }

  /** Whether one more entry may come in: neigh_alloc. */
  private admits(now: number): boolean {
    const { gcThresh2, gcThresh3 } = this.thresholds;
    const full = this.entries >= gcThresh3;
    if (!full && !(this.entries >= gcThresh2 && now > this.lastForced + FORCED_INTERVAL)) return true;
    return this.collectByForce(now) > 0 || !full;
  }

  /** Oldest first, down to gc_thresh2, the entry that wants in counted. Returns how many went. */
  private collectByForce(now: number): number {
    const most = this.entries + 1 - this.thresholds.gcThresh2;
    let gone = 0;
    for (let id = this.all.oldest; id >= 0 && gone < most; ) {
      const following = this.all.next[id];
      if (this.collectable(id, now)) {
        if (this.all.states[id] === failed || this.all.updated[id] < now - FORCED_INTERVAL) {
          this.remove(id);
          gone++;
        }
      }
      id = following;
    }
    this.lastForced = now;
    return gone;
  }

  /** Nobody refers to it: no cached route, and no timer, which reachable, delay, probe and incomplete entries have. */
  private collectable(id: number, now: number): boolean {
    const state = this.state(id, now);
    return (state === stale || state === failed) && this.all.references[id] === 0;
  }

  /** Lets the entry's timers expire that were due by `now`, one after the other. */
  private settle(id: number, now: number): void {
    for (;;) {
      const state = this.all.states[id];
      const due = this.all.deadline[id];
      if (state === NeighbourState.none) throw new Error(`neighbour entry ${id} is gone`);
      if (due > now || state === stale || state === failed || state === permanent) return;
      if (state === reachable) this.reachableExpired(id, due);
      else if (state === delay) this.delayExpired(id, due);
      else this.enter(id, failed, due);
    }
  }

  private reachableExpired(id: number, due: number): void {
    const until = this.all.confirmed[id] + this.reachableTime(this.all.owner[id]);
    if (due < until) this.all.deadline[id] = until;
    else if (due <= this.all.lastUsed[id] + DELAY_FIRST_PROBE) {
      this.enter(id, delay, due);
      this.all.deadline[id] = due + DELAY_FIRST_PROBE;
    } else this.enter(id, stale, due);
  }

  private delayExpired(id: number, due: number): void {
    const reachableTime = this.reachableTime(this.all.owner[id]);
    if (due <= this.all.confirmed[id] + DELAY_FIRST_PROBE) {
      this.enter(id, reachable, due);
      this.all.deadline[id] = this.all.confirmed[id] + reachableTime;
    } else if (this.surroundings.answers?.(this.all.owner[id], this.all.peer[id]) ?? true) {
      // A peer that is up answers within its round trip, which is nothing beside these times.
      this.all.confirmed[id] = due;
      this.enter(id, reachable, due);
      this.all.deadline[id] = due + reachableTime;
    } else {
      this.enter(id, probe, due);
      this.all.deadline[id] = due + ASKING;
    }
  }

  private enter(id: number, state: number, now: number): void {
    this.all.states[id] = state;
    this.all.updated[id] = now;
  }

  private reachableTime(owner: number): number {
    while (this.reachableTimes.length <= owner) this.reachableTimes.push(this.drawReachableTime());
    return this.reachableTimes[owner];
  }

  private drawReachableTime(): number {
    return BASE_REACHABLE / 2 + Math.floor(this.random.uniform() * BASE_REACHABLE);
  }

  private remove(id: number): void {
    this.all.states[id] = NeighbourState.none;
    this.all.remove(id);
    this.entries--;
  }
}
