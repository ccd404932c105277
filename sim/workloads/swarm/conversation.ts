// Conversation: what comes in on a connection, read and taken message by message.

import { MessageType, PIECE_HEADER } from '../../../models/index.js';
import type { Acquaintance } from './acquaintance.js';
import { Input } from './connections.js';
import type { Downloading } from './downloading.js';
import type { Mesh } from './mesh.js';
import type { Peer } from './peer.js';
import type { Uploading } from './uploading.js';

export class Conversation {
  constructor(
    private readonly mesh: Mesh,
    private readonly downloading: Downloading,
    private readonly uploading: Uploading,
    private readonly acquaintance: Acquaintance,
  ) {}

  /** Deals with a half's input (a union of `Input`). */
  react(peer: Peer, half: number, input: number): void {
    if ((input & Input.opened) !== 0) this.acquaintance.opened(peer, half);
    if ((input & (Input.readable | Input.closed)) !== 0) this.read(peer, half);
    if ((input & Input.writable) !== 0) this.uploading.serve(peer, half);
    if ((input & Input.closed) !== 0) this.acquaintance.gone(peer, half);
  }

  private read(peer: Peer, half: number): void {
    const { mesh } = this;
    const { connections, inboxes, streams, client } = mesh;
    let bytes = streams.read(connections.endpoint[half]);
    this.charge(peer, bytes);
    let blocks = 0;
    while (bytes > 0) {
      if (inboxes.isEmpty(half)) throw new Error(`${bytes} bytes without a message`);
      const size = inboxes.firstSize(half);
      const read = inboxes.read[half];
      const upTo = bytes < size - read ? read + bytes : size;
      const type = inboxes.firstType(half);
      if (type === MessageType.piece) this.countPayload(peer, half, read, upTo);
      bytes -= upTo - read;
      if (upTo < size) {
        inboxes.read[half] = upTo;
        break;
      }
      const argument = inboxes.firstArgument(half);
      inboxes.pop(half);
      if (type === MessageType.piece) blocks++;
      mesh.work(peer, client.perMessage);
      this.take(peer, half, type, argument);
    }
    if (blocks > 0) this.downloading.readingOver(peer, half, blocks);
  }

  /** A piece message was read from one byte to another; its header is no file data. */
  private countPayload(peer: Peer, half: number, from: number, upTo: number): void {
    if (upTo <= PIECE_HEADER) return;
    const { mesh } = this;
    const payload = upTo - (from > PIECE_HEADER ? from : PIECE_HEADER);
    peer.received += payload;
    mesh.received += payload;
    mesh.connections.countReceived(half, payload, mesh.simulator.now);
  }

  /** What came between `begin` and `finish` is charged with the next run. */
  private charge(peer: Peer, bytes: number): void {
    const { costs } = peer;
    if (!costs) return;
    peer.charged -= bytes;
    if (peer.charged >= 0) return;
    peer.owed -= peer.charged * (costs.copyPerByte + this.mesh.client.perByte / costs.applicationSpeed);
    peer.charged = 0;
  }

  private take(peer: Peer, half: number, type: number, argument: number): void {
    const { downloading, uploading, acquaintance } = this;
    switch (type) {
      case MessageType.piece:
        downloading.block(peer, half, argument);
        break;
      case MessageType.request:
        uploading.request(peer, half, argument);
        break;
      case MessageType.have:
        downloading.have(peer, half, argument);
        acquaintance.partIfRedundant(peer, half);
        break;
      case MessageType.interested:
        uploading.interested(peer, half);
        break;
      case MessageType.notInterested:
        uploading.notInterested(peer, half);
        break;
      case MessageType.unchoke:
        downloading.unchoked(peer, half);
        break;
      case MessageType.choke:
        downloading.choked(peer, half);
        break;
      case MessageType.cancel:
        uploading.cancel(half, argument);
        break;
      case MessageType.handshake:
        acquaintance.greeted(peer, half);
        break;
      case MessageType.bitfield:
        downloading.bitfield(peer, half);
        acquaintance.partIfRedundant(peer, half);
        break;
      case MessageType.uploadOnly:
        downloading.uploadOnly(peer, half);
        acquaintance.partIfRedundant(peer, half);
        break;
      case MessageType.announce:
        acquaintance.announcedBy(peer, half);
        break;
      case MessageType.answer:
        acquaintance.answered(peer, half);
        break;
      default:
        break;
    }
  }
}
