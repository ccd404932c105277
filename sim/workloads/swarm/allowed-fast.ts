// Allowed fast pieces (BEP 6): what a peer may have although it is choked.

import { hasBit, setBit, type Torrent, type Words } from '../../../models/index.js';
import type { RandomStream } from '../../random.js';

/** Addresses of a /24: a vnode's is the network's first plus one plus its number. */
const NETWORK = 256;

/**
 * BEP 6 draws the pieces from a peer's /24 and the info hash, so that all uploaders name the same ones to all peers of a
 * network. Here a random stream stands for the hash.
 */
export class AllowedFast {
  /** Of how many pieces a set is. */
  readonly count: number;
  /** By network, as bits. */
  private readonly drawn = new Map<number, Words>();

  constructor(
    private readonly torrent: Torrent,
    wanted: number,
    private readonly random: (name: string) => RandomStream,
  ) {
    this.count = Math.min(wanted, torrent.pieces);
  }

  /** Bits of the pieces that are allowed to a vnode; null: none ever are. */
  of(vnode: number): Words | null {
    if (this.count === 0) return null;
    const network = Math.floor((vnode + 1) / NETWORK);
    const known = this.drawn.get(network);
    if (known) return known;
    const { pieces, words } = this.torrent;
    const random = this.random(`allowed-fast/${network}`);
    const bits = new Int32Array(words);
    for (let count = 0; count < this.count; ) {
      const piece = random.below(pieces);
      if (hasBit(bits, 0, piece)) continue;
      setBit(bits, 0, piece);
      count++;
    }
    this.drawn.set(network, bits);
    return bits;
  }
}
