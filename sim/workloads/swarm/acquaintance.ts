// Acquaintance: announces at the tracker, dialling the peers it names, accepting and greeting, and parting.

import {
  AnnouncedPeers,
  hasBit,
  MessageType,
  type PeerSelection,
  setBit,
  uniformSelection,
} from '../../../models/index.js';
import { Half } from './connections.js';
import type { SwarmSetting } from './directory.js';
import type { Downloading } from './downloading.js';
import type { Mesh } from './mesh.js';
import { Due, type Peer } from './peer.js';
import type { Uploading } from './uploading.js';

export class Acquaintance {
  private readonly announced = new AnnouncedPeers();
  private readonly selection: PeerSelection;
  /** Members named in answers that are on their way, by the half that will read them. */
  private readonly answers = new Map<number, Int32Array>();
  /** Halves to be closed once what was written to them is flushed. */
  private readonly closing: number[] = [];
  private readonly chosen: Int32Array;

  constructor(
    private readonly mesh: Mesh,
    private readonly downloading: Downloading,
    private readonly uploading: Uploading,
    setting: SwarmSetting,
  ) {
    this.selection = setting.selection ?? uniformSelection;
    this.chosen = new Int32Array(mesh.client.wantPeers);
  }

  announce(peer: Peer): void {
    this.mesh.dial(peer, this.mesh.tracker, Half.tracker);
  }

  /** The tracker answers. */
  announcedBy(tracker: Peer, half: number): void {
    const { connections, client } = this.mesh;
    const asking = connections.member[half ^ 1];
    const count = this.selection.select(asking, client.wantPeers, this.announced, tracker.random, this.chosen);
    if (!this.mesh.peers[asking].left) this.announced.add(asking);
    this.answers.set(half ^ 1, this.chosen.slice(0, count));
    this.mesh.send(tracker, half, MessageType.answer, count);
    this.closeLater(half);
  }

  /** The tracker's answer is here: dialling begins, unless it is going on. */
  answered(peer: Peer, half: number): void {
    peer.candidates = this.answers.get(half) ?? peer.candidates;
    peer.tried = 0;
    this.answers.delete(half);
    this.closeLater(half);
    if (!peer.dialling) peer.due |= Due.answered;
  }

  /** Dials the next suitable peer; returns whether there may be another. */
  dialNext(peer: Peer): boolean {
    const { mesh } = this;
    while (peer.tried < peer.candidates.length && peer.connections < mesh.client.maxConnections) {
      const other = peer.candidates[peer.tried++];
      if (this.halfTo(peer, other) >= 0) continue;
      if (peer.knownSeeds && hasBit(peer.knownSeeds, 0, other)) continue;
      mesh.dial(peer, mesh.peers[other], 0);
      return peer.tried < peer.candidates.length;
    }
    return false;
  }

  /** The TCP handshake is complete at this end. */
  opened(peer: Peer, half: number): void {
    const { mesh } = this;
    const { connections } = mesh;
    connections.flags[half] |= Half.open;
    const flags = connections.flags[half];
    const dialled = (half & 1) === 1;
    if ((flags & Half.tracker) !== 0) {
      if (!dialled) mesh.send(peer, half, MessageType.announce, 0);
    } else if (!dialled) mesh.send(peer, half, MessageType.handshake, 0);
    else if (this.accepts(peer, half)) mesh.attach(peer, half);
    else this.closeLater(half);
  }

  /** The peer's handshake is here: who was dialled answers it, and both tell what they have. */
  greeted(peer: Peer, half: number): void {
    const { connections, torrent, allowedFast } = this.mesh;
    connections.flags[half] |= Half.greeted | Half.ready;
    if ((half & 1) === 1) this.mesh.send(peer, half, MessageType.handshake, 0);
    if (peer.pieces === 0) return;
    // What the peer will read: as of now. Nobody looks at these bits before the bitfield message is read.
    connections.bits.set(peer.bits, (half ^ 1) * torrent.words);
    this.mesh.send(peer, half, MessageType.bitfield, allowedFast.count);
  }

  /** Two peers that have everything part. */
  partIfRedundant(peer: Peer, half: number): void {
    const { connections, torrent, peers } = this.mesh;
    if (!peer.complete || connections.pieces[half] < torrent.pieces) return;
    peer.knownSeeds ??= new Int32Array((peers.length + 31) >>> 5);
    setBit(peer.knownSeeds, 0, connections.member[half ^ 1]);
    this.closeLater(half);
  }

  /** The peer has just got everything. */
  completed(peer: Peer): void {
    for (let i = 0; i < peer.connections; i++) this.partIfRedundant(peer, peer.halves[i]);
    this.announce(peer);
  }

  /** The peer goes: the tracker forgets it, and its connections close. */
  depart(peer: Peer): void {
    this.announced.remove(peer.index);
    for (let i = 0; i < peer.connections; i++) this.closeLater(peer.halves[i]);
  }

  /** Closes what is to be closed; what the others have to be told for it must be flushed afterwards. */
  part(): boolean {
    if (this.closing.length === 0) return false;
    for (const endpoint of this.closing) {
      const half = this.mesh.connections.at(endpoint);
      if (half >= 0) this.leave(this.mesh.peerOf(half), half, true);
    }
    this.closing.length = 0;
    return true;
  }

  /** The other end closed, or was never reached. */
  gone(peer: Peer, half: number): void {
    this.answers.delete(half);
    this.leave(peer, half, (this.mesh.connections.flags[half] & Half.open) !== 0);
  }

  /** By its endpoint: when the other end closes first, the half may soon belong to another connection. */
  private closeLater(half: number): void {
    this.closing.push(this.mesh.connections.endpoint[half]);
  }

  private leave(peer: Peer, half: number, closes: boolean): void {
    const { mesh } = this;
    const { connections } = mesh;
    const flags = connections.flags[half];
    if ((flags & Half.done) !== 0) return;
    if ((flags & Half.attached) !== 0) {
      mesh.detach(peer, half);
      if ((flags & Half.tracker) === 0) {
        this.downloading.forget(peer, half);
        this.uploading.forget(peer, half);
      }
    }
    if (closes) mesh.streams.close(connections.endpoint[half]);
    // Who was dialled and never heard of it has nothing to close.
    if ((half & 1) === 0 && (connections.flags[half ^ 1] & Half.open) === 0 && !closes)
      connections.flags[half ^ 1] |= Half.done;
    mesh.finish(half);
  }

  /** Room for one more, and not a second connection: of two that crossed, the one dialled by the lower member stays. */
  private accepts(peer: Peer, half: number): boolean {
    const { connections, client } = this.mesh;
    const other = connections.member[half ^ 1];
    const earlier = this.halfTo(peer, other);
    if (earlier >= 0) {
      if ((earlier & 1) === 1 || peer.index < other) return false;
      this.closeLater(earlier);
      return true;
    }
    return peer.startedAt >= 0 && !peer.left && peer.connections < client.maxConnections;
  }

  /** The peer's half of its connection to a member; -1: none. */
  private halfTo(peer: Peer, member: number): number {
    const { connections } = this.mesh;
    for (let i = 0; i < peer.connections; i++) {
      if (connections.member[peer.halves[i] ^ 1] === member) return peer.halves[i];
    }
    return -1;
  }
}
