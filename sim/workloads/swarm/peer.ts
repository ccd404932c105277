// A peer of the swarm: what one client knows and holds, its connections apart.

import { type ClientProfile, fillBits, PiecePicker, type Torrent, type Words } from '../../../models/index.js';
import type { RandomStream } from '../../random.js';
import type { ApplicationCosts, SwarmMember } from './directory.js';

/** Things that a peer's timers ask for. */
export const Due = {
  start: 1,
  choke: 2,
  announce: 4,
  dial: 8,
  have: 16,
  giveUp: 64,
  leave: 128,
  answered: 256,
  retry: 512,
} as const;

export class Peer {
  readonly vnode: number;
  readonly host: number;
  readonly role: SwarmMember['role'];
  readonly session: SwarmMember['session'];
  /** Pieces it has, verified. */
  readonly bits: Words;
  pieces = 0;
  complete = false;
  /** Gone once the peer is complete. */
  picker: PiecePicker | null = null;
  /** Its halves; the first `connections` are valid. */
  halves = new Int32Array(16);
  connections = 0;
  /** Halves that are unchoked, in regular and optimistic slots (exempt ones apart). */
  regular = 0;
  optimistic = 0;
  nextOptimistic = 0;
  /** ns of the last choking round; which of three comes next (aria2). */
  lastRound = Number.NEGATIVE_INFINITY;
  roundOfThree = 0;
  /** Pieces that others send it even while they choke it (BEP 6), as bits; null: none. */
  readonly allowedFast: Words | null;
  /** Peers the tracker named, still to be tried, from `tried` on. */
  candidates: Int32Array = new Int32Array(0);
  tried = 0;
  dialling = false;
  /** Members known to be complete, as bits; kept by complete peers, which have no use for each other. */
  knownSeeds: Words | null = null;

  /** The task is runnable or running. */
  awake = false;
  /** Chains of halves with input: new, and being worked on. */
  inputHead = -1;
  inputTail = -1;
  workHead = -1;
  workTail = -1;
  dirty = -1;
  due = 0;
  /** Bytes that `begin` has charged for. */
  charged = 0;
  /** ns of work done that has to be charged yet. */
  owed = 0;
  /** Complete pieces to be hashed, and those whose hashing is charged. */
  unhashed: number[] = [];
  hashing: number[] = [];
  /** Verified pieces that other peers have not been told of (clients that hold `have` back). */
  unannounced: number[] = [];
  lastHave = Number.NEGATIVE_INFINITY;
  haveTimer = false;
  /** Some of its connections have nothing to be asked for, and will be asked again later; a timer is set for it. */
  idle = false;
  retryTimer = false;

  /** ns; -1: not yet. Launched when its process starts, started when that is ready for connections. */
  launchedAt = -1;
  startedAt = -1;
  completedAt = -1;
  leftAt = -1;
  /** File bytes, repeated ones included; `redundant`: received although it was there already. */
  sent = 0;
  received = 0;
  redundant = 0;
  /** File bytes of blocks it has. */
  held = 0;
  /** ns at which it had 1/32, 2/32, ... of the file. */
  readonly milestones: number[] = [];
  peakConnections = 0;

  constructor(
    readonly index: number,
    member: SwarmMember,
    torrent: Torrent,
    client: ClientProfile,
    readonly costs: ApplicationCosts | null,
    readonly random: RandomStream,
    allowedFast: Words | null,
  ) {
    this.allowedFast = allowedFast;
    this.vnode = member.vnode;
    this.host = member.host;
    this.role = member.role;
    this.session = member.session;
    this.bits = new Int32Array(torrent.words);
    if (member.role === 'leecher') this.picker = new PiecePicker(torrent, random, client);
    if (member.role === 'seeder') {
      this.complete = true;
      this.pieces = torrent.pieces;
      fillBits(this.bits, 0, torrent.pieces);
    }
  }

  /** Its client is gone. */
  get left(): boolean {
    return this.leftAt >= 0;
  }

  /** Adds a half to the list; returns its place. */
  attach(half: number): number {
    if (this.connections === this.halves.length) {
      const larger = new Int32Array(this.connections * 2);
      larger.set(this.halves);
      this.halves = larger;
    }
    this.halves[this.connections] = half;
    if (this.connections >= this.peakConnections) this.peakConnections = this.connections + 1;
    return this.connections++;
  }
}
