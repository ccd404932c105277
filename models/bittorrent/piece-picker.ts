// The piece picker: which block to ask a peer for. Random first pieces, then rarest first; strict priority, so that a
// piece once begun is finished first, or begun pieces first among equally rare ones; endgame, when every block left is
// on its way (BEP 3; Cohen, Incentives build robustness in BitTorrent, 2003; libtorrent's piece_picker).

import type { Chance } from '../chance.js';
import { clearBit, fillBits, hasBit, type Words } from './bitfield.js';
import { RarestFirst } from './rarest-first.js';
import { blockCount, type Torrent } from './torrent.js';

export interface PickerRules {
  /** Pieces chosen at random before rarest first begins. */
  readonly randomFirstPieces: number;
  /**
   * A begun piece is finished before another is begun. Otherwise rarity decides and begun pieces only win ties, save
   * during the random first pieces and when more than `mostBegun` are begun.
   */
  readonly strictPriority: boolean;
  /** Pieces without a free block count among those that are begun. */
  readonly begunWithoutFree: boolean;
  /** A piece is asked from one peer only, except in the endgame. */
  readonly onePeerPerPiece: boolean;
  /** It begins when every block left has been asked for, or as soon as every piece left is begun. */
  readonly endgame: 'no-block-free' | 'no-piece-free';
  /** A block for it: one of those least asked for, or any one of any piece without a free block. */
  readonly endgameBlock: 'least-asked' | 'any';
}

/** Which blocks a connection has asked for. */
export interface Outstanding {
  holds(connection: number, block: number): boolean;
}

export const Receipt = { redundant: 0, taken: 1, completed: 2 } as const;

const HAD = 255;
const MOST_REQUESTS = 254;
const NOBODY = -1;
const SEVERAL = -2;

export class PiecePicker {
  readonly order: RarestFirst;
  /** Pieces complete, verified or not. */
  completed = 0;
  /** Begun pieces above which they come first whatever their rarity. */
  mostBegun = Number.POSITIVE_INFINITY;
  /** Blocks of the pieces that the last pick began for its connection alone; 0: it began none. */
  claimed = 0;
  /** Blocks of begun pieces that nobody has been asked for, and pieces with any. */
  private free = 0;
  private withFree = 0;
  private readonly unbegun: Words;
  private readonly begunPieces: Int32Array;
  private begun = 0;
  /** Slots of begun pieces, by piece; -1: none. Arrays below are by slot. */
  private readonly slot: Int32Array;
  private piece = new Int32Array(8);
  private place = new Int32Array(8);
  private freeBlocks = new Int32Array(8);
  private missing = new Int32Array(8);
  /** No block before this one is free. */
  private cursor = new Int32Array(8);
  private owner = new Int32Array(8);
  private readonly spare: number[] = [];
  private used = 0;
  /** Per block of each slot: how many peers have been asked for it, or `HAD`. */
  private blocks: Uint8Array;

  constructor(
    private readonly torrent: Torrent,
    private readonly chance: Chance,
    private readonly rules: PickerRules,
  ) {
    this.order = new RarestFirst(torrent.pieces);
    this.unbegun = new Int32Array(torrent.words);
    fillBits(this.unbegun, 0, torrent.pieces);
    this.begunPieces = new Int32Array(torrent.pieces);
    this.slot = new Int32Array(torrent.pieces).fill(-1);
    this.blocks = new Uint8Array(8 * torrent.blocksPerPiece);
  }

  get endgame(): boolean {
    return this.order.size === 0 && (this.rules.endgame === 'no-piece-free' || this.free === 0);
  }

  /** Begun pieces that are not complete. */
  get unfinished(): number {
    return this.begun;
  }

  /**
   * A block that the peer with this bitfield can be asked for now, and nobody else is; -1: none. `run` > 0: of a piece that nobody
   * else is asked for, where there is one; with one that is begun come those beside it, up to so many in all (`claimed`).
   */
  pick(bits: Words, base: number, connection: number, run = 0): number {
    const { rules, order } = this;
    this.claimed = 0;
    let best = -1;
    let rarest = Number.POSITIVE_INFINITY;
    const onePeer = rules.onePeerPerPiece && order.size > 0;
    const begun = rules.begunWithoutFree ? this.begun : this.withFree;
    const many = begun > this.mostBegun;
    const whole = run > 0 && !many;
    for (let i = 0; i < this.begun && this.free > 0; i++) {
      const piece = this.begunPieces[i];
      const slot = this.slot[piece];
      if (this.freeBlocks[slot] === 0 || !hasBit(bits, base, piece)) continue;
      const owner = this.owner[slot];
      if ((onePeer || whole) && owner !== connection && owner !== NOBODY) continue;
      const availability = onePeer && owner === connection ? -1 : order.availability(piece);
      if (availability >= rarest) continue;
      best = slot;
      rarest = availability;
    }
    const strict = rules.strictPriority || this.completed < rules.randomFirstPieces || many;
    if (best < 0 || !strict) {
      const piece = this.freshPiece(bits, base, rarest);
      if (piece >= 0) {
        best = this.begin(piece);
        if (whole) this.claimAround(piece, bits, base, connection, run);
      }
    }
    if (best < 0) return whole ? this.pick(bits, base, connection) : -1;
    const owner = this.owner[best];
    this.owner[best] = owner === NOBODY || owner === connection ? connection : SEVERAL;
    return this.take(best);
  }

  /** Endgame: a block that others have been asked for and this connection has not; -1: none. */
  pickBusy(bits: Words, base: number, connection: number, outstanding: Outstanding): number {
    const block =
      this.rules.endgameBlock === 'any'
        ? this.anyBusy(bits, base, connection, outstanding)
        : this.leastAsked(bits, base, connection, outstanding);
    if (block >= 0) this.blocks[this.cell(block)]++;
    return block;
  }

  private leastAsked(bits: Words, base: number, connection: number, outstanding: Outstanding): number {
    const { torrent, blocks } = this;
    let best = -1;
    let least = MOST_REQUESTS;
    const turn = this.begun > 0 ? this.chance.below(this.begun) : 0;
    for (let i = 0; i < this.begun; i++) {
      const piece = this.begunPieces[(i + turn) % this.begun];
      if (!hasBit(bits, base, piece)) continue;
      const first = this.slot[piece] * torrent.blocksPerPiece;
      const count = blockCount(torrent, piece);
      for (let index = 0; index < count; index++) {
        const asked = blocks[first + index];
        if (asked === 0 || asked >= least) continue;
        const block = piece * torrent.blocksPerPiece + index;
        if (outstanding.holds(connection, block)) continue;
        best = block;
        least = asked;
      }
    }
    return best;
  }

  private anyBusy(bits: Words, base: number, connection: number, outstanding: Outstanding): number {
    const { torrent, blocks } = this;
    const turn = this.begun > 0 ? this.chance.below(this.begun) : 0;
    for (let i = 0; i < this.begun; i++) {
      const piece = this.begunPieces[(i + turn) % this.begun];
      const slot = this.slot[piece];
      if (this.freeBlocks[slot] > 0 || !hasBit(bits, base, piece)) continue;
      const count = blockCount(torrent, piece);
      let chosen = -1;
      let candidates = 0;
      for (let index = 0; index < count; index++) {
        const asked = blocks[slot * torrent.blocksPerPiece + index];
        const block = piece * torrent.blocksPerPiece + index;
        if (asked >= MOST_REQUESTS || outstanding.holds(connection, block)) continue;
        if (this.chance.below(++candidates) === 0) chosen = block;
      }
      if (chosen >= 0) return chosen;
    }
    return -1;
  }

  /** A request for the block was given up (choked, timed out, peer gone). */
  release(block: number): void {
    const piece = Math.floor(block / this.torrent.blocksPerPiece);
    const slot = this.slot[piece];
    if (slot < 0) return;
    const cell = this.cell(block);
    if (this.blocks[cell] === HAD || this.blocks[cell] === 0) return;
    if (this.rules.onePeerPerPiece) this.owner[slot] = NOBODY;
    if (--this.blocks[cell] > 0) return;
    const index = block - piece * this.torrent.blocksPerPiece;
    if (index < this.cursor[slot]) this.cursor[slot] = index;
    if (this.freeBlocks[slot]++ === 0) this.withFree++;
    this.free++;
    if (this.freeBlocks[slot] === this.missing[slot]) this.owner[slot] = NOBODY;
  }

  /** Peers that have been asked for the block; 0 when it is here or its piece is not begun. */
  asked(block: number): number {
    const slot = this.slot[Math.floor(block / this.torrent.blocksPerPiece)];
    if (slot < 0) return 0;
    const state = this.blocks[this.cell(block)];
    return state === HAD ? 0 : state;
  }

  /** A block has arrived: `Receipt.redundant` if it was here already, `completed` if it was its piece's last. */
  receive(block: number): number {
    const piece = Math.floor(block / this.torrent.blocksPerPiece);
    let slot = this.slot[piece];
    if (slot < 0) {
      if (!this.order.waits(piece)) return Receipt.redundant;
      slot = this.begin(piece);
    }
    const cell = this.cell(block);
    const state = this.blocks[cell];
    if (state === HAD) return Receipt.redundant;
    if (state === 0) this.takeFree(slot);
    this.blocks[cell] = HAD;
    if (--this.missing[slot] > 0) return Receipt.taken;
    this.retire(slot);
    this.completed++;
    return Receipt.completed;
  }

  /** A piece to begin that fewer than `below` connected peers have; -1: none. */
  private freshPiece(bits: Words, base: number, below: number): number {
    const { unbegun, order } = this;
    for (let i = 0; i < unbegun.length; i++) {
      if ((unbegun[i] & bits[base + i]) === 0) continue;
      if (this.completed < this.rules.randomFirstPieces) return order.any(bits, base, this.chance);
      return order.rarest(bits, base, this.chance, below);
    }
    return -1;
  }

  /** The pieces before and after `piece` that can be begun are this connection's, `run` with itself at the most (expand_piece). */
  private claimAround(piece: number, bits: Words, base: number, connection: number, run: number): void {
    const open = (one: number) =>
      one >= 0 && one < this.torrent.pieces && this.order.waits(one) && hasBit(bits, base, one);
    let first = piece;
    while (piece - first < run - 1 && open(first - 1)) first--;
    let last = piece;
    while (last - first < run - 1 && open(last + 1)) last++;
    for (let one = first; one <= last; one++) {
      const slot = one === piece ? this.slot[one] : this.begin(one);
      this.owner[slot] = connection;
      this.claimed += blockCount(this.torrent, one);
    }
  }

  private takeFree(slot: number): void {
    if (--this.freeBlocks[slot] === 0) this.withFree--;
    this.free--;
  }

  private cell(block: number): number {
    const { blocksPerPiece } = this.torrent;
    const piece = Math.floor(block / blocksPerPiece);
    return this.slot[piece] * blocksPerPiece + (block - piece * blocksPerPiece);
  }

  private begin(piece: number): number {
    this.order.remove(piece);
    clearBit(this.unbegun, 0, piece);
    let slot = this.spare.pop();
    if (slot === undefined) {
      if (this.used === this.piece.length) this.grow();
      slot = this.used++;
    }
    const count = blockCount(this.torrent, piece);
    const first = slot * this.torrent.blocksPerPiece;
    this.blocks.fill(0, first, first + count);
    this.slot[piece] = slot;
    this.piece[slot] = piece;
    this.place[slot] = this.begun;
    this.begunPieces[this.begun++] = piece;
    this.freeBlocks[slot] = count;
    this.missing[slot] = count;
    this.cursor[slot] = 0;
    this.owner[slot] = NOBODY;
    this.free += count;
    this.withFree++;
    return slot;
  }

  private take(slot: number): number {
    const { blocks, cursor } = this;
    const first = slot * this.torrent.blocksPerPiece;
    let index = cursor[slot];
    while (blocks[first + index] !== 0) index++;
    cursor[slot] = index + 1;
    blocks[first + index] = 1;
    this.takeFree(slot);
    return this.piece[slot] * this.torrent.blocksPerPiece + index;
  }

  private retire(slot: number): void {
    const place = this.place[slot];
    const last = this.begunPieces[--this.begun];
    this.begunPieces[place] = last;
    this.place[this.slot[last]] = place;
    this.slot[this.piece[slot]] = -1;
    this.spare.push(slot);
  }

  private grow(): void {
    const capacity = this.piece.length * 2;
    for (const field of ['piece', 'place', 'freeBlocks', 'missing', 'cursor', 'owner'] as const) {
      const larger = new Int32Array(capacity);
      larger.set(this[field]);
      this[field] = larger;
    }
    const blocks = new Uint8Array(capacity * this.torrent.blocksPerPiece);
    blocks.set(this.blocks);
    this.blocks = blocks;
  }
}
