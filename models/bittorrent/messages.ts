// The peer protocol's messages and their sizes on the stream (BEP 3), and those of a tracker announce (BEP 3, BEP 23).

import { blockBytes, type Torrent } from './torrent.js';

export const MessageType = {
  handshake: 0,
  keepAlive: 1,
  choke: 2,
  unchoke: 3,
  interested: 4,
  notInterested: 5,
  have: 6,
  bitfield: 7,
  request: 8,
  piece: 9,
  cancel: 10,
  /** The HTTP request to the tracker, and its answer. */
  announce: 11,
  answer: 12,
  /** The sender has everything (BEP 21), for clients that leave out redundant `have`s. */
  uploadOnly: 13,
} as const;

export const MESSAGE_TYPES = 14;

/** Length prefix, type, piece index and offset before a block's bytes. */
export const PIECE_HEADER = 13;
/** Length byte, protocol name, reserved bytes, info hash, peer id. */
export const HANDSHAKE = 68;

/** Bytes of the messages of one size, by type; a bitfield, a piece and an answer depend on what they carry. */
const FIXED: readonly number[] = [HANDSHAKE, 4, 5, 5, 5, 5, 9, 0, 17, 0, 17, 0, 0, 7];

/**
 * GET /announce with escaped info hash (typically 50 B), peer id, port, counters, event, numwant, compact=1 and the
 * headers Host, User-Agent and Accept-Encoding: what libtorrent and aria2 send comes to 330 to 360 B.
 */
const ANNOUNCE = 340;
/** Status line and headers of a small tracker's answer, and its bencoded dictionary without the peers. */
const ANSWER = 150;
/** Length prefix, type, piece index. */
const ALLOWED_FAST = 9;
/** An IPv4 address and a port (BEP 23). */
const COMPACT_PEER = 6;

/**
 * Bytes of a message; `argument`: the block of a piece, the number of peers in an answer, that of allowed fast pieces
 * that are named behind a bitfield (BEP 6), otherwise unused.
 */
export function messageBytes(torrent: Torrent, type: number, argument: number): number {
  switch (type) {
    case MessageType.piece:
      return PIECE_HEADER + blockBytes(torrent, argument);
    case MessageType.bitfield:
      return 5 + ((torrent.pieces + 7) >>> 3) + ALLOWED_FAST * argument;
    case MessageType.announce:
      return ANNOUNCE;
    case MessageType.answer:
      return ANSWER + COMPACT_PEER * argument;
    default:
      return FIXED[type];
  }
}
