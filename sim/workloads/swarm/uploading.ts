// Uploading: who is unchoked, and which requested blocks go into the send buffer.

import { debtOf, hasBit, MessageType, SlotContest } from '../../../models/index.js';
import { Half } from './connections.js';
import type { Mesh } from './mesh.js';
import type { Peer } from './peer.js';
import { RoundsAtOnce } from './rounds-at-once.js';

export class Uploading {
  private readonly contest: SlotContest;
  private readonly roundsAtOnce: RoundsAtOnce | null;

  constructor(private readonly mesh: Mesh) {
    this.contest = new SlotContest(mesh.client.uploadSlots);
    this.roundsAtOnce = mesh.client.betweenRounds === 'round' ? new RoundsAtOnce(mesh) : null;
  }

  interested(peer: Peer, half: number): void {
    const { connections } = this.mesh;
    connections.flags[half] |= Half.peerInterested;
    if ((connections.flags[half] & Half.amUnchoking) !== 0) return;
    if ((connections.flags[half] & Half.exempt) !== 0) this.unchoke(peer, half, 0);
    else if (this.roundsAtOnce) this.roundAtOnce(peer, this.roundsAtOnce);
    else this.giveFreeSlot(peer, half);
  }

  notInterested(peer: Peer, half: number): void {
    const { connections } = this.mesh;
    connections.flags[half] &= ~Half.peerInterested;
    if ((connections.flags[half] & Half.amUnchoking) === 0) return;
    if (this.roundsAtOnce) {
      this.roundAtOnce(peer, this.roundsAtOnce);
      return;
    }
    this.choke(peer, half);
    this.fillFreeSlots(peer);
  }

  request(peer: Peer, half: number, block: number): void {
    const { connections, uploads } = this.mesh;
    // A request that crossed our choke on its way is not answered (BEP 3).
    if ((connections.flags[half] & Half.amUnchoking) === 0 && !this.allowedFast(half, block)) return;
    uploads.push(half, block);
    this.serve(peer, half);
  }

  cancel(half: number, block: number): void {
    this.mesh.uploads.remove(half, block);
  }

  /** Writes requested blocks while the send buffer takes any; the last one may run over, as a user-space buffer would. */
  serve(peer: Peer, half: number): void {
    const { connections, uploads, streams } = this.mesh;
    if (uploads.count[half] === 0) return;
    let space = streams.space(connections.endpoint[half]) - connections.unflushed[half];
    while (space > 0 && uploads.count[half] > 0) {
      const before = connections.unflushed[half];
      this.mesh.send(peer, half, MessageType.piece, uploads.shift(half));
      space -= connections.unflushed[half] - before;
    }
  }

  /** A choking round: costs the peer's connections, times its slots at most. */
  round(peer: Peer): void {
    if (this.roundsAtOnce) {
      this.roundAtOnce(peer, this.roundsAtOnce);
      return;
    }
    const { connections, simulator, client, torrent } = this.mesh;
    if (simulator.now >= peer.nextOptimistic) {
      peer.nextOptimistic = simulator.now + client.optimisticInterval;
      this.turnOptimistic(peer);
    }
    peer.lastRound = simulator.now;
    const { contest } = this;
    const head = client.slotHead * torrent.pieceLength;
    contest.begin(client.uploadSlots);
    const turn = peer.connections > 0 ? peer.random.below(peer.connections) : 0;
    for (let i = 0; i < peer.connections; i++) {
      const half = peer.halves[(i + turn) % peer.connections];
      const flags = connections.flags[half];
      const unchoked = (flags & Half.amUnchoking) !== 0;
      if ((flags & Half.peerInterested) !== 0 && (flags & (Half.optimistic | Half.exempt)) === 0)
        contest.offer(half, this.merit(peer, half, flags), debtOf(connections.uploaded[half], unchoked, head));
      connections.roundBefore[half] = connections.roundReceived[half];
      connections.roundReceived[half] = 0;
      connections.roundSent[half] = 0;
    }
    for (let i = 0; i < peer.connections; i++) {
      const half = peer.halves[i];
      const flags = connections.flags[half];
      if ((flags & Half.amUnchoking) === 0 || (flags & (Half.optimistic | Half.exempt)) !== 0) continue;
      if (!contest.won(half)) this.choke(peer, half);
    }
    for (let i = 0; i < contest.count; i++) {
      const half = contest.winners[i];
      if ((connections.flags[half] & Half.amUnchoking) === 0) this.unchoke(peer, half, 0);
    }
    if (peer.optimistic < client.optimisticSlots) this.turnOptimistic(peer);
  }

  /** The connection is gone. */
  forget(peer: Peer, half: number): void {
    const { connections, uploads } = this.mesh;
    while (uploads.count[half] > 0) uploads.shift(half);
    const interested = (connections.flags[half] & Half.peerInterested) !== 0;
    connections.flags[half] &= ~Half.peerInterested;
    if ((connections.flags[half] & Half.amUnchoking) === 0) return;
    this.release(peer, half);
    if (!this.roundsAtOnce) this.fillFreeSlots(peer);
    else if (interested) this.roundAtOnce(peer, this.roundsAtOnce);
  }

  private roundAtOnce(peer: Peer, rounds: RoundsAtOnce): void {
    const { connections } = this.mesh;
    let optimistic = -1;
    for (let i = 0; i < peer.connections; i++)
      if ((connections.flags[peer.halves[i]] & Half.optimistic) !== 0) optimistic = peer.halves[i];
    optimistic = rounds.decide(peer, optimistic);
    for (let i = 0; i < peer.connections; i++) {
      const half = peer.halves[i];
      const slot = half === optimistic ? Half.optimistic : 0;
      const flags = connections.flags[half];
      if ((flags & Half.amUnchoking) === 0) {
        if (half === optimistic || rounds.won(half)) this.unchoke(peer, half, slot);
      } else if (half !== optimistic && !rounds.won(half)) this.choke(peer, half);
      else if ((flags & Half.optimistic) !== slot) this.moveSlot(peer, half, slot);
      connections.roundSent[half] = 0;
    }
  }

  /** An unchoked peer goes from a regular slot to an optimistic one, or back. */
  private moveSlot(peer: Peer, half: number, slot: number): void {
    const turn = slot === 0 ? -1 : 1;
    peer.optimistic += turn;
    peer.regular -= turn;
    this.mesh.connections.flags[half] ^= Half.optimistic;
  }

  /** The piece may be sent although the peer is choked (BEP 6). */
  private allowedFast(half: number, block: number): boolean {
    const { mesh } = this;
    const { allowedFast } = mesh.peerOf(half ^ 1);
    return allowedFast !== null && hasBit(allowedFast, 0, mesh.pieceOf(block));
  }

  private merit(peer: Peer, half: number, flags: number): number {
    const { connections, client } = this.mesh;
    if (peer.complete) return 0;
    if ((flags & Half.snubbing) !== 0) return -1;
    const before = client.rateRounds > 1 ? connections.roundBefore[half] : 0;
    return connections.roundReceived[half] + before;
  }

  /** The optimistic slots go to the interested peers that waited longest for one, at random among equals. */
  private turnOptimistic(peer: Peer): void {
    const { connections, client, simulator } = this.mesh;
    for (let slot = 0; slot < client.optimisticSlots; slot++) {
      let best = -1;
      const turn = peer.connections > 0 ? peer.random.below(peer.connections) : 0;
      for (let i = 0; i < peer.connections; i++) {
        const half = peer.halves[(i + turn) % peer.connections];
        const flags = connections.flags[half];
        if ((flags & (Half.peerInterested | Half.amUnchoking | Half.exempt)) !== Half.peerInterested) continue;
        if (best < 0 || connections.lastOptimistic[half] < connections.lastOptimistic[best]) best = half;
      }
      if (best < 0) return;
      if (peer.optimistic >= client.optimisticSlots) this.chokeOldestOptimistic(peer);
      connections.lastOptimistic[best] = simulator.now;
      this.unchoke(peer, best, Half.optimistic);
    }
  }

  private chokeOldestOptimistic(peer: Peer): void {
    const { connections } = this.mesh;
    let oldest = -1;
    for (let i = 0; i < peer.connections; i++) {
      const half = peer.halves[i];
      if ((connections.flags[half] & Half.optimistic) === 0) continue;
      if (oldest < 0 || connections.lastOptimistic[half] < connections.lastOptimistic[oldest]) oldest = half;
    }
    if (oldest >= 0) this.choke(peer, oldest);
  }

  /** Slots that came free between rounds, for clients that do not wait. */
  private fillFreeSlots(peer: Peer): void {
    const { connections, client } = this.mesh;
    if (peer.connections === 0) return;
    const turn = peer.random.below(peer.connections);
    for (let i = 0; i < peer.connections; i++) {
      if (peer.regular >= client.uploadSlots && peer.optimistic >= client.optimisticSlots) return;
      const half = peer.halves[(i + turn) % peer.connections];
      const flags = connections.flags[half];
      if ((flags & (Half.peerInterested | Half.amUnchoking)) === Half.peerInterested) this.giveFreeSlot(peer, half);
    }
  }

  private giveFreeSlot(peer: Peer, half: number): void {
    const { connections, client, simulator } = this.mesh;
    if (peer.regular < client.uploadSlots) this.unchoke(peer, half, 0);
    else if (peer.optimistic < client.optimisticSlots) {
      connections.lastOptimistic[half] = simulator.now;
      this.unchoke(peer, half, Half.optimistic);
    }
  }

  private unchoke(peer: Peer, half: number, slot: number): void {
    const { connections } = this.mesh;
    connections.lastUnchoked[half] = this.mesh.simulator.now;
    connections.flags[half] |= Half.amUnchoking | slot;
    if (slot !== 0) peer.optimistic++;
    else if ((connections.flags[half] & Half.exempt) === 0) peer.regular++;
    this.mesh.send(peer, half, MessageType.unchoke, 0);
  }

  private choke(peer: Peer, half: number): void {
    this.release(peer, half);
    this.mesh.send(peer, half, MessageType.choke, 0);
  }

  private release(peer: Peer, half: number): void {
    const { connections, uploads } = this.mesh;
    const flags = connections.flags[half];
    if ((flags & Half.optimistic) !== 0) peer.optimistic--;
    else if ((flags & Half.exempt) === 0) peer.regular--;
    connections.flags[half] = flags & ~(Half.amUnchoking | Half.optimistic);
    const waiting = uploads.count[half];
    for (let i = 0; i < waiting; i++) {
      const block = uploads.shift(half);
      if (this.allowedFast(half, block)) uploads.push(half, block);
    }
  }
}
