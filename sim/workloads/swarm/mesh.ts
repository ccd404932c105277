// The mesh: peers, their connections, and the messages between them. Everything else in the swarm works on it.

import {
  type ClientProfile,
  MESSAGE_TYPES,
  MessageType,
  messageBytes,
  PIECE_HEADER,
  SLOW_START_DEPTH,
  type Torrent,
  torrentOf,
} from '../../../models/index.js';
import type { Simulator } from '../../simulator.js';
import type { Streams } from '../../transport.js';
import { Inboxes } from '../inboxes.js';
import { AllowedFast } from './allowed-fast.js';
import { BlockLists } from './block-lists.js';
import { Connections, Half } from './connections.js';
import type { SwarmSetting } from './directory.js';
import { Peer } from './peer.js';

export class Mesh {
  readonly torrent: Torrent;
  readonly client: ClientProfile;
  readonly simulator: Simulator;
  readonly streams: Streams;
  readonly peers: Peer[];
  readonly tracker: Peer;
  readonly connections: Connections;
  /** Blocks asked for and not here yet; requests by the peer that wait for the send buffer. By half. */
  readonly requests = new BlockLists();
  /** Blocks that are for this peer alone to be asked for, once it has fewer requests. By half. */
  readonly reserved = new BlockLists();
  readonly uploads = new BlockLists();
  readonly inboxes = new Inboxes();
  /** Messages sent, by type. */
  readonly messages = new Float64Array(MESSAGE_TYPES);
  /** File bytes, over all peers; discarded: sent, but the connection closed before they were read. */
  sent = 0;
  received = 0;
  discarded = 0;
  held = 0;
  /** Leechers that do not have everything yet, and may still get it; those that left without. */
  unfinished = 0;
  abandoned = 0;
  readonly allowedFast: AllowedFast;

  constructor(private readonly setting: SwarmSetting) {
    const { workload, members, costs } = setting;
    this.torrent = torrentOf(workload.file, workload.piece);
    this.client = setting.client;
    this.simulator = setting.simulator;
    this.streams = setting.streams;
    this.connections = new Connections(this.torrent.words);
    this.allowedFast = new AllowedFast(this.torrent, setting.client.allowedFast, setting.random);
    this.peers = members.map(
      (member, index) =>
        new Peer(
          index,
          member,
          this.torrent,
          setting.client,
          costs?.[member.host] ?? null,
          setting.random(`peer/${index}`),
          this.allowedFast.of(member.vnode),
        ),
    );
    const trackers = this.peers.filter((peer) => peer.role === 'tracker');
    if (trackers.length !== 1) throw new Error(`a swarm has one tracker, not ${trackers.length}`);
    this.tracker = trackers[0] as Peer;
    this.unfinished = this.peers.filter((peer) => peer.role === 'leecher').length;
  }

  pieceOf(block: number): number {
    return Math.floor(block / this.torrent.blocksPerPiece);
  }

  /** The peer whose half it is, and the one at the other end. */
  peerOf(half: number): Peer {
    return this.peers[this.connections.member[half]];
  }

  /** Dials; returns the dialling half, which is attached. */
  dial(from: Peer, to: Peer, flags: number): number {
    const { connections } = this;
    const half = connections.allocate(from.index, to.index);
    this.requests.reserve(connections.capacity);
    this.reserved.reserve(connections.capacity);
    this.uploads.reserve(connections.capacity);
    this.inboxes.reserve(connections.capacity);
    connections.flags[half] = flags;
    connections.flags[half ^ 1] = flags;
    this.attach(from, half);
    connections.bind(half, this.streams.open(from.vnode, to.vnode));
    return half;
  }

  attach(peer: Peer, half: number): void {
    const { connections, setting } = this;
    connections.flags[half] |= Half.attached;
    if ((connections.flags[half] & Half.tracker) !== 0) return;
    connections.place[half] = peer.attach(half);
    const slow = this.client.requestRule === 'slow-start';
    if (slow) connections.beginSeconds(half, peer.startedAt, this.simulator.now);
    connections.depth[half] = slow ? SLOW_START_DEPTH : this.client.minimumRequests;
    this.limitBegun(peer);
    const other = connections.member[half ^ 1];
    if (this.client.favoursLocal && setting.sameNetwork?.(peer.index, other)) connections.flags[half] |= Half.exempt;
    this.work(peer, this.client.perConnection);
  }

  /** Takes a half out of its peer's list. */
  detach(peer: Peer, half: number): void {
    const { connections } = this;
    connections.flags[half] &= ~Half.attached;
    const place = connections.place[half];
    if (place < 0) return;
    const last = peer.halves[--peer.connections];
    peer.halves[place] = last;
    connections.place[last] = place;
    connections.place[half] = -1;
    this.limitBegun(peer);
  }

  /** Puts a message into the peer's inbox; its bytes go to the stream with the next `flush`. */
  send(peer: Peer, half: number, type: number, argument: number): void {
    const { connections } = this;
    const size = messageBytes(this.torrent, type, argument);
    this.messages[type]++;
    this.inboxes.push(half ^ 1, type, argument, size);
    if (connections.unflushed[half] === 0) {
      connections.nextDirty[half] = peer.dirty;
      peer.dirty = half;
    }
    connections.unflushed[half] += size;
    if (type === MessageType.piece) {
      const bytes = size - PIECE_HEADER;
      peer.sent += bytes;
      this.sent += bytes;
      connections.uploaded[half] += bytes;
      connections.roundSent[half] += bytes;
      this.work(peer, this.client.perMessage + bytes * this.client.perByte);
    } else this.work(peer, this.client.perMessage);
  }

  /** Writes what the peer has to say, one write a connection. */
  flush(peer: Peer): void {
    const { connections, streams } = this;
    for (let half = peer.dirty; half >= 0; ) {
      const next = connections.nextDirty[half];
      const bytes = connections.unflushed[half];
      connections.unflushed[half] = 0;
      connections.nextDirty[half] = -1;
      if ((connections.flags[half] & Half.done) === 0) {
        connections.lastSent[half] = this.simulator.now;
        if (peer.costs) peer.owed += peer.costs.systemCall + bytes * peer.costs.copyPerByte;
        streams.write(connections.endpoint[half], bytes);
      } else this.bury(half);
      half = next;
    }
    peer.dirty = -1;
  }

  /** The peer has done `cost` ns of the client's work. */
  work(peer: Peer, cost: number): void {
    if (peer.costs) peer.owed += cost / peer.costs.applicationSpeed;
  }

  /** This end is through with the connection. */
  finish(half: number): void {
    this.connections.flags[half] |= Half.done;
    this.bury(half);
  }

  /** Gives the connection back once both ends are through and nothing of either waits. Asking too often is harmless. */
  bury(half: number): void {
    const { connections } = this;
    const other = half ^ 1;
    if (connections.endpoint[half] < 0) return;
    if ((connections.flags[half] & connections.flags[other] & Half.done) === 0) return;
    if (connections.input[half] !== 0 || connections.input[other] !== 0) return;
    if (connections.unflushed[half] !== 0 || connections.unflushed[other] !== 0) return;
    this.empty(half);
    this.empty(other);
    connections.free(half);
  }

  /** File bytes that are on their way: sent on open connections and not read yet. Walks all that is on its way. */
  inFlight(): number {
    let bytes = 0;
    for (let half = 0; half < this.connections.capacity; half++) bytes += this.unread(half);
    return bytes;
  }

  private limitBegun(peer: Peer): void {
    if (peer.picker) peer.picker.mostBegun = this.client.begunPerConnection * peer.connections;
  }

  /** File bytes in a half's inbox that were not read. */
  private unread(half: number): number {
    const { inboxes } = this;
    let bytes = inboxes.total(half, MessageType.piece, PIECE_HEADER);
    if (!inboxes.isEmpty(half) && inboxes.firstType(half) === MessageType.piece) {
      const read = inboxes.read[half] - PIECE_HEADER;
      if (read > 0) bytes -= read;
    }
    return bytes;
  }

  private empty(half: number): void {
    const { inboxes, requests, reserved, uploads } = this;
    this.discarded += this.unread(half);
    while (!inboxes.isEmpty(half)) inboxes.pop(half);
    while (requests.count[half] > 0) requests.shift(half);
    while (reserved.count[half] > 0) reserved.shift(half);
    while (uploads.count[half] > 0) uploads.shift(half);
  }
}
