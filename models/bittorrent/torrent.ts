// A torrent's geometry: one file cut into pieces, each piece into blocks of 16 KiB (BEP 3).

/** Bytes of a block: what one request asks for (BEP 3 and every client since). */
export const BLOCK = 16_384;

export interface Torrent {
  /** Bytes of the file. */
  readonly length: number;
  /** Bytes of a piece, the last one apart. */
  readonly pieceLength: number;
  readonly pieces: number;
  /** Blocks of a full piece. Block ids are `piece * blocksPerPiece + index`. */
  readonly blocksPerPiece: number;
  /** 32-bit words of a bitfield. */
  readonly words: number;
}

/** `length` and `pieceLength` in bytes, both positive. */
export function torrentOf(length: number, pieceLength: number): Torrent {
  const pieces = Math.ceil(length / pieceLength);
  return {
    length,
    pieceLength,
    pieces,
    blocksPerPiece: Math.ceil(Math.min(pieceLength, length) / BLOCK),
    words: (pieces + 31) >>> 5,
  };
}

/** Bytes of a piece; the last one may be shorter. */
export function pieceBytes(torrent: Torrent, piece: number): number {
  return piece === torrent.pieces - 1 ? torrent.length - piece * torrent.pieceLength : torrent.pieceLength;
}

/** Blocks of a piece. */
export function blockCount(torrent: Torrent, piece: number): number {
  return piece === torrent.pieces - 1 ? Math.ceil(pieceBytes(torrent, piece) / BLOCK) : torrent.blocksPerPiece;
}

/** Bytes of a block; a piece's last one may be shorter. */
export function blockBytes(torrent: Torrent, block: number): number {
  const piece = Math.floor(block / torrent.blocksPerPiece);
  const left = pieceBytes(torrent, piece) - (block - piece * torrent.blocksPerPiece) * BLOCK;
  return left < BLOCK ? left : BLOCK;
}
