// Choking rounds by aria2's rules (BtLeecherStateChoke, BtSeederStateChoke), held whenever interest changes and ten seconds
// after the last one: who they leave unchoked, and which of those optimistically.

import { SlotContest } from '../../../models/index.js';
import { Half } from './connections.js';
import type { Mesh } from './mesh.js';
import type { Peer } from './peer.js';

/** Of three rounds the last of a seeder has one slot more, and leaves the optimistic one where it is. */
const ROUNDS = 3;
/** ns: who sent data within the first counts as an uploader, who was unchoked within the second keeps its turn. */
const UPLOADED_LATELY = 30e9;
const UNCHOKED_LATELY = 20e9;
/** Merits of the better class are above all of the lower one, whose are ns or bytes a second. */
const BETTER_CLASS = 1e15;
const BEST_CLASS = 1e18;

export class RoundsAtOnce {
  private readonly contest: SlotContest;

  constructor(private readonly mesh: Mesh) {
    this.contest = new SlotContest(mesh.client.uploadSlots + 1);
  }

  /**
   * Decides a round, and leaves it to `won` who is unchoked.
   * @returns the half that is unchoked optimistically; -1: none
   */
  decide(peer: Peer, optimistic: number): number {
    const round = peer.roundOfThree;
    peer.roundOfThree = (round + 1) % ROUNDS;
    peer.lastRound = this.mesh.simulator.now;
    const chosen = peer.complete ? this.seed(peer, round, optimistic) : this.leech(peer, round, optimistic);
    return this.mesh.client.optimisticSlots > 0 ? chosen : -1;
  }

  /** In the round just decided, the optimistic one apart. */
  won(half: number): boolean {
    return this.contest.won(half) && (this.mesh.connections.flags[half] & Half.peerInterested) !== 0;
  }

  private leech(peer: Peer, round: number, optimistic: number): number {
    const { connections, client, simulator } = this.mesh;
    const { contest } = this;
    let chosen = round === 0 ? this.atRandom(peer, Half.peerInterested | Half.amUnchoking) : optimistic;
    if (chosen >= 0 && (connections.flags[chosen] & Half.snubbing) !== 0) chosen = -1;
    contest.begin(client.uploadSlots);
    for (let i = 0; i < peer.connections; i++) {
      const half = peer.halves[i];
      const flags = connections.flags[half];
      if ((flags & Half.ready) === 0 || (flags & Half.snubbing) !== 0) continue;
      const last = connections.lastData[half];
      const uploads = (flags & Half.peerInterested) !== 0 && last > 0 && simulator.now - last < UPLOADED_LATELY;
      // Who is not interested takes a slot all the same.
      const merit = uploads ? BETTER_CLASS + connections.downloadRate(half, simulator.now) : peer.random.uniform();
      contest.offer(half, merit, 0);
    }
    if (chosen < 0 || !this.won(chosen)) return chosen;
    // The optimistic one is among the best: the first of them that is interested is optimistic from now on.
    for (let i = 0; i < contest.count; i++)
      if ((connections.flags[contest.winners[i]] & Half.peerInterested) !== 0) return contest.winners[i];
    return -1;
  }

  private seed(peer: Peer, round: number, optimistic: number): number {
    const { connections, client, simulator, uploads } = this.mesh;
    const { contest } = this;
    const last = round === ROUNDS - 1;
    contest.begin(client.uploadSlots + (last ? 1 : 0));
    for (let i = 0; i < peer.connections; i++) {
      const half = peer.halves[i];
      if ((connections.flags[half] & Half.peerInterested) === 0) continue;
      const unchoked = connections.lastUnchoked[half];
      const lately = unchoked > 0 && simulator.now - unchoked <= UNCHOKED_LATELY;
      const merit = lately ? BETTER_CLASS + unchoked : connections.roundSent[half];
      contest.offer(half, uploads.count[half] > 0 ? BEST_CLASS + merit : merit, peer.random.uniform());
    }
    if (last) return optimistic >= 0 && (connections.flags[optimistic] & Half.peerInterested) !== 0 ? optimistic : -1;
    return this.atRandom(peer, Half.peerInterested, contest);
  }

  /** An interested peer, at random; of `mask` it has the flag of interest alone, and no slot of `winners`. -1: none. */
  private atRandom(peer: Peer, mask: number, winners?: SlotContest): number {
    const { connections } = this.mesh;
    let chosen = -1;
    let seen = 0;
    for (let i = 0; i < peer.connections; i++) {
      const half = peer.halves[i];
      if ((connections.flags[half] & mask) !== Half.peerInterested || winners?.won(half)) continue;
      seen++;
      if (peer.random.below(seen) === 0) chosen = half;
    }
    return chosen;
  }
}
