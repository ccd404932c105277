// Downloading: what the peers have, whether they are interesting, which blocks to ask them for, and what arrives.

import {
  blockBytes,
  countBits,
  countMissing,
  depthAfterReading,
  depthForRate,
  hasBit,
  MessageType,
  Receipt,
  setBit,
  type Words,
} from '../../../models/index.js';
import { Half } from './connections.js';
import type { Mesh } from './mesh.js';
import type { Peer } from './peer.js';

/** Bytes that libtorrent asks for in whole pieces at a time, at the most (request_blocks.cpp). */
const WHOLE_AT_A_TIME = 8 * 2 ** 20;
/** Parts of a download whose times are kept. */
const MILESTONES = 32;

const ASKABLE = Half.peerUnchoking | Half.amInterested;

export class Downloading {
  /** What a choked peer may be asked for. */
  private readonly allowed: Words;

  constructor(private readonly mesh: Mesh) {
    this.allowed = new Int32Array(mesh.torrent.words);
  }

  /** The peer's bitfield has come (its bits were put into place when it was sent). */
  bitfield(peer: Peer, half: number): void {
    const { connections, torrent } = this.mesh;
    const base = half * torrent.words;
    const pieces = countBits(connections.bits, base, torrent.words);
    connections.pieces[half] = pieces;
    if (peer.picker) {
      const { order } = peer.picker;
      if (pieces === torrent.pieces) {
        order.seeds++;
        connections.flags[half] |= Half.countedSeed;
      } else {
        for (let piece = 0; piece < torrent.pieces; piece++)
          if (hasBit(connections.bits, base, piece)) order.increase(piece);
      }
      connections.wanted[half] = countMissing(connections.bits, base, peer.bits, 0, torrent.words);
    }
    this.decideInterest(peer, half);
    if (peer.allowedFast) this.ask(peer, half);
  }

  have(peer: Peer, half: number, piece: number): void {
    const { connections, requests, client, torrent } = this.mesh;
    const base = half * torrent.words;
    if (hasBit(connections.bits, base, piece)) return;
    setBit(connections.bits, base, piece);
    connections.pieces[half]++;
    if (!peer.picker) return;
    peer.picker.order.increase(piece);
    if (hasBit(peer.bits, 0, piece)) return;
    connections.wanted[half]++;
    const turned = this.decideInterest(peer, half);
    if (client.idleRetry === 'at once' ? requests.count[half] < client.minimumRequests : turned) this.ask(peer, half);
  }

  /** The peer says that it has everything (BEP 21). */
  uploadOnly(peer: Peer, half: number): void {
    for (let piece = 0; piece < this.mesh.torrent.pieces; piece++) this.have(peer, half, piece);
  }

  unchoked(peer: Peer, half: number): void {
    const { connections } = this.mesh;
    connections.flags[half] |= Half.peerUnchoking;
    this.ask(peer, half);
  }

  /** Every outstanding request is dropped (BEP 3) but those for pieces that are allowed all the same (BEP 6). */
  choked(peer: Peer, half: number): void {
    const { connections, simulator } = this.mesh;
    connections.endSeconds(half, simulator.now);
    connections.flags[half] &= ~(Half.peerUnchoking | Half.snubbing);
    this.drop(peer, half, peer.allowedFast);
  }

  /** A block has come in whole. */
  block(peer: Peer, half: number, block: number): void {
    const { mesh } = this;
    const { connections, requests, torrent, client } = mesh;
    connections.flags[half] &= ~Half.snubbing;
    // A block of a peer that was taken for snubbing comes although it is on no list any more, and is welcome.
    const listed = requests.remove(half, block) ? 1 : 0;
    const bytes = blockBytes(torrent, block);
    const { picker } = peer;
    const shared = picker ? picker.asked(block) > listed : false;
    const receipt = picker ? picker.receive(block) : Receipt.redundant;
    if (receipt === Receipt.redundant) peer.redundant += bytes;
    else {
      peer.held += bytes;
      mesh.held += bytes;
      while (peer.held * MILESTONES >= torrent.length * (peer.milestones.length + 1))
        peer.milestones.push(mesh.simulator.now);
      if (shared && client.endgameCancels) this.cancelElsewhere(peer, half, block);
      if (receipt === Receipt.completed) peer.unhashed.push(mesh.pieceOf(block));
    }
    if (client.requestRule === 'slow-start') {
      connections.endSeconds(half, mesh.simulator.now);
      connections.secondBytes[half] += bytes;
      if ((connections.flags[half] & Half.slowStart) !== 0) connections.depth[half]++;
    }
    if (client.requestRule !== 'doubling') this.ask(peer, half);
  }

  /** One reading of the connection is over: it brought `blocks` blocks. */
  readingOver(peer: Peer, half: number, blocks: number): void {
    const { connections, client } = this.mesh;
    if (client.requestRule !== 'doubling' || blocks === 0) return;
    if (peer.picker && !peer.picker.endgame)
      connections.depth[half] = depthAfterReading(client, connections.depth[half], blocks);
    this.ask(peer, half);
  }

  /** Asks for blocks until as many are outstanding as the client keeps. */
  ask(peer: Peer, half: number): void {
    const { mesh } = this;
    const { connections, requests, reserved, client, torrent } = mesh;
    const { picker } = peer;
    const flags = connections.flags[half];
    if (!picker || (flags & Half.amInterested) === 0) return;
    const choked = (flags & Half.peerUnchoking) === 0;
    if (choked && !peer.allowedFast) return;
    const depth = this.depth(half);
    const base = choked ? 0 : half * torrent.words;
    const bits = choked ? this.allowedOf(peer, half) : connections.bits;
    while (requests.count[half] < depth && reserved.count[half] > 0) {
      const block = reserved.shift(half);
      // In the endgame another may have sent it meanwhile.
      if (picker.asked(block) > 0) this.request(peer, half, block);
    }
    const run = this.wholePieces(half);
    let claimed = 0;
    while (requests.count[half] + reserved.count[half] < depth || claimed > 0) {
      let block = picker.pick(bits, base, half, run);
      claimed = picker.claimed > 0 ? picker.claimed - 1 : claimed - 1;
      if (block < 0 && requests.count[half] + reserved.count[half] < client.endgameRequests && picker.endgame)
        block = picker.pickBusy(bits, base, half, requests);
      if (block < 0) break;
      if (requests.count[half] < depth) this.request(peer, half, block);
      else reserved.push(half, block);
    }
    if (requests.count[half] === 0) peer.idle = true;
  }

  private request(peer: Peer, half: number, block: number): void {
    const { connections, requests, simulator } = this.mesh;
    if (requests.count[half] === 0) connections.lastData[half] = simulator.now;
    connections.lastRequest[half] = simulator.now;
    requests.push(half, block);
    this.mesh.send(peer, half, MessageType.request, block);
  }

  /** The piece is complete and its hash is right: it is ours, and others may know. Returns true if it was the last. */
  verified(peer: Peer, piece: number): boolean {
    const { mesh } = this;
    const { connections, torrent, client, simulator } = mesh;
    setBit(peer.bits, 0, piece);
    peer.pieces++;
    for (let i = 0; i < peer.connections; i++) {
      const half = peer.halves[i];
      if (hasBit(connections.bits, half * torrent.words, piece) && connections.wanted[half] > 0) {
        connections.wanted[half]--;
        this.decideInterest(peer, half);
      }
    }
    if (client.haveDelay === 0) this.tell(peer, piece);
    else peer.unannounced.push(piece);
    if (peer.pieces < torrent.pieces) return false;
    if (!client.redundantHave) {
      for (let i = 0; i < peer.connections; i++) {
        const half = peer.halves[i];
        if ((connections.flags[half] & Half.ready) !== 0) mesh.send(peer, half, MessageType.uploadOnly, 0);
      }
    }
    peer.complete = true;
    peer.picker = null;
    peer.completedAt = simulator.now;
    mesh.unfinished--;
    return true;
  }

  /** `have` to everyone; not to those who have it, unless the client does that. */
  tell(peer: Peer, piece: number): void {
    const { mesh } = this;
    const { connections, torrent, client } = mesh;
    for (let i = 0; i < peer.connections; i++) {
      const half = peer.halves[i];
      if ((connections.flags[half] & Half.ready) === 0) continue;
      if (!client.redundantHave && hasBit(connections.bits, half * torrent.words, piece)) continue;
      mesh.send(peer, half, MessageType.have, piece);
    }
  }

  /** Peers that send nothing of what they were asked for: others are asked for theirs, and they for no more until one comes. */
  noteSnubs(peer: Peer): void {
    const { connections, requests, client, simulator } = this.mesh;
    if (!peer.picker) return;
    let freed = false;
    for (let i = 0; i < peer.connections; i++) {
      const half = peer.halves[i];
      if (requests.count[half] === 0 || simulator.now - connections.lastData[half] < client.pieceTimeout) continue;
      connections.flags[half] |= Half.snubbing;
      this.giveUpReserved(peer, half);
      while (requests.count[half] > 0) peer.picker.release(requests.shift(half));
      freed = true;
    }
    if (freed) this.askIdle(peer);
  }

  /** Peers that could send and have had nothing to do for as long as the client waits. */
  retry(peer: Peer): void {
    const { connections, requests, client, simulator } = this.mesh;
    if (client.idleRetry === 'at once') return;
    peer.idle = false;
    for (let i = 0; i < peer.connections; i++) {
      const half = peer.halves[i];
      if (requests.count[half] > 0 || (connections.flags[half] & ASKABLE) !== ASKABLE) continue;
      peer.idle = true;
      if (simulator.now - connections.lastRequest[half] < client.idleRetry) continue;
      connections.lastRequest[half] = simulator.now;
      this.ask(peer, half);
    }
  }

  /** Peers that could send and have nothing to do. */
  askIdle(peer: Peer): void {
    const { connections, requests, client } = this.mesh;
    if (client.idleRetry !== 'at once') return;
    for (let i = 0; i < peer.connections; i++) {
      const half = peer.halves[i];
      if (requests.count[half] > 0) continue;
      if (peer.allowedFast || (connections.flags[half] & ASKABLE) === ASKABLE) this.ask(peer, half);
    }
  }

  /** The connection is gone: what it had and was asked for no longer counts. */
  forget(peer: Peer, half: number): void {
    const { connections, torrent } = this.mesh;
    connections.flags[half] &= ~ASKABLE;
    if (!peer.picker) return;
    const { order } = peer.picker;
    if (connections.pieces[half] > 0) {
      const base = half * torrent.words;
      // A seed that was counted as one has no bits counted; a peer that completed meanwhile was counted bit by bit.
      if ((connections.flags[half] & Half.countedSeed) !== 0) order.seeds--;
      else {
        for (let piece = 0; piece < torrent.pieces; piece++)
          if (hasBit(connections.bits, base, piece)) order.decrease(piece);
      }
    }
    this.drop(peer, half, null);
  }

  /** Gives up what the connection was asked for but blocks of `kept` pieces, and lets others have it. */
  private drop(peer: Peer, half: number, kept: Words | null): void {
    const { requests } = this.mesh;
    this.giveUpReserved(peer, half);
    const outstanding = requests.count[half];
    if (outstanding === 0) return;
    for (let i = 0; i < outstanding; i++) {
      const block = requests.shift(half);
      if (kept && hasBit(kept, 0, this.mesh.pieceOf(block))) requests.push(half, block);
      else peer.picker?.release(block);
    }
    this.askIdle(peer);
  }

  private giveUpReserved(peer: Peer, half: number): void {
    const { reserved } = this.mesh;
    while (reserved.count[half] > 0) {
      const block = reserved.shift(half);
      peer.picker?.release(block);
    }
  }

  /** What a peer that chokes may be asked for: what it has of the pieces that are allowed all the same. */
  private allowedOf(peer: Peer, half: number): Words {
    const { connections, torrent } = this.mesh;
    const base = half * torrent.words;
    const fast = peer.allowedFast as Words;
    for (let word = 0; word < torrent.words; word++) this.allowed[word] = connections.bits[base + word] & fast[word];
    return this.allowed;
  }

  /** Returns true where the peer has become interesting. */
  private decideInterest(peer: Peer, half: number): boolean {
    const { mesh } = this;
    const { connections } = mesh;
    if ((connections.flags[half] & Half.ready) === 0) return false;
    const wanted = connections.wanted[half] > 0;
    if (wanted === ((connections.flags[half] & Half.amInterested) !== 0)) return false;
    connections.flags[half] ^= Half.amInterested;
    if (!wanted) connections.flags[half] &= ~Half.slowStart;
    mesh.send(peer, half, wanted ? MessageType.interested : MessageType.notInterested, 0);
    return wanted;
  }

  private depth(half: number): number {
    const { connections, client, simulator } = this.mesh;
    if ((connections.flags[half] & Half.snubbing) !== 0) return 0;
    if (client.requestRule === 'doubling') return connections.depth[half];
    if (client.requestRule === 'slow-start') {
      connections.endSeconds(half, simulator.now);
      if ((connections.flags[half] & Half.slowStart) === 0) return depthForRate(client, connections.rate[half]);
      return Math.min(connections.depth[half], client.maximumRequests);
    }
    return depthForRate(client, connections.downloadRate(half, simulator.now));
  }

  /** Pieces that the peer is asked for whole at a time; 0: blocks, of whichever piece. */
  private wholePieces(half: number): number {
    const { connections, client, torrent } = this.mesh;
    const bytes = (connections.rate[half] * client.wholePieceTime) / 1e9;
    return Math.floor(Math.min(bytes, WHOLE_AT_A_TIME) / torrent.pieceLength);
  }

  /** Endgame: the block is here, whoever else was asked for it need not send it. */
  private cancelElsewhere(peer: Peer, half: number, block: number): void {
    const { mesh } = this;
    for (let i = 0; i < peer.connections; i++) {
      const other = peer.halves[i];
      if (other === half || mesh.requests.count[other] === 0) continue;
      if (!mesh.requests.remove(other, block)) continue;
      mesh.send(peer, other, MessageType.cancel, block);
      this.ask(peer, other);
    }
  }
}
