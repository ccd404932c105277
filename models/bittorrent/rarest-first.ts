// Rarest first: pieces that are not begun yet, kept sorted by how many connected peers have them. Pieces of equal
// availability lie side by side (a bucket), so a `have` moves one piece across one bucket boundary and nothing else.

import type { Chance } from '../chance.js';
import { hasBit, type Words } from './bitfield.js';

export class RarestFirst {
  /** Connected peers that have everything; they count for every piece and are kept apart. */
  seeds = 0;
  /** Pieces in the order: those not begun. */
  size: number;
  /** Connected peers that have the piece, `seeds` apart. */
  private readonly counts: Uint16Array;
  private readonly order: Int32Array;
  /** Where a piece stands in `order`; -1: begun. */
  private readonly position: Int32Array;
  /** ends[a]: where the bucket of availability a ends in `order`; it begins where the one before ends. */
  private ends = new Int32Array(16);

  constructor(pieces: number) {
    this.size = pieces;
    this.counts = new Uint16Array(pieces);
    this.order = Int32Array.from({ length: pieces }, (_, piece) => piece);
    this.position = this.order.slice();
    this.ends.fill(pieces);
  }

  /** Connected peers that have the piece. */
  availability(piece: number): number {
    return this.counts[piece] + this.seeds;
  }

  /** Whether the piece is still in the order. */
  waits(piece: number): boolean {
    return this.position[piece] >= 0;
  }

  increase(piece: number): void {
    const level = this.counts[piece]++;
    if (level + 2 > this.ends.length) this.grow();
    if (this.position[piece] < 0) return;
    this.put(piece, --this.ends[level]);
  }

  decrease(piece: number): void {
    const level = --this.counts[piece];
    if (this.position[piece] < 0) return;
    this.put(piece, this.ends[level]++);
  }

  /** The piece is begun (or had): it leaves the order. Costs a step per level of availability. */
  remove(piece: number): void {
    if (this.position[piece] < 0) return;
    const { ends, order, position } = this;
    let hole = position[piece];
    for (let level = this.counts[piece]; level < ends.length; level++) {
      const last = --ends[level];
      if (last !== hole) {
        order[hole] = order[last];
        position[order[hole]] = hole;
        hole = last;
      }
      if (last === this.size - 1) {
        for (let above = level + 1; above < ends.length; above++) ends[above]--;
        break;
      }
    }
    position[piece] = -1;
    this.size--;
  }

  /**
   * The rarest piece that the bitfield has, at random among equals, if fewer than `below` connected peers have it;
   * -1: none.
   */
  rarest(bits: Words, base: number, chance: Chance, below = Number.POSITIVE_INFINITY): number {
    const { ends, order, size } = this;
    const levels = below - this.seeds;
    let draw = -1;
    let start = 0;
    for (let level = 0; start < size && level < levels; level++) {
      const end = ends[level];
      if (end > start) {
        if (draw < 0) draw = chance.below(size);
        const turn = start + (draw % (end - start));
        for (let i = turn; i < end; i++) if (hasBit(bits, base, order[i])) return order[i];
        for (let i = start; i < turn; i++) if (hasBit(bits, base, order[i])) return order[i];
        start = end;
      }
    }
    return -1;
  }

  /** Any piece that the bitfield has, whatever its availability; -1: none. */
  any(bits: Words, base: number, chance: Chance): number {
    const { order, size } = this;
    if (size === 0) return -1;
    const turn = chance.below(size);
    for (let i = turn; i < size; i++) if (hasBit(bits, base, order[i])) return order[i];
    for (let i = 0; i < turn; i++) if (hasBit(bits, base, order[i])) return order[i];
    return -1;
  }

  /** Swaps the piece with whichever stands at `place`. */
  private put(piece: number, place: number): void {
    const { order, position } = this;
    const from = position[piece];
    const other = order[place];
    order[from] = other;
    position[other] = from;
    order[place] = piece;
    position[piece] = place;
  }

  private grow(): void {
    const larger = new Int32Array(this.ends.length * 2);
    larger.set(this.ends);
    larger.fill(this.size, this.ends.length);
    this.ends = larger;
  }
}
