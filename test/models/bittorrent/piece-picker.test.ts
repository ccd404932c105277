// The piece picker: rarest first, strict priority, endgame, and an availability that never drifts.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Chance, fillBits, PiecePicker, RarestFirst, Receipt, setBit, torrentOf } from '../../../models/index.js';
import { randomStream } from '../../../sim/random.js';

const chance = (name = 'picker'): Chance => randomStream('test', name);
const bitfield = (pieces: number, which: readonly number[]) => {
  const bits = new Int32Array((pieces + 31) >>> 5);
  for (const piece of which) setBit(bits, 0, piece);
  return bits;
};
const everything = (pieces: number) => {
  const bits = new Int32Array((pieces + 31) >>> 5);
  fillBits(bits, 0, pieces);
  return bits;
};
const rules = {
  randomFirstPieces: 0,
  strictPriority: true,
  onePeerPerPiece: false,
  begunWithoutFree: true,
  endgame: 'no-block-free',
  endgameBlock: 'least-asked',
} as const;
const nothingAsked = { holds: () => false };

describe('rarest first', () => {
  it('picks the piece that the fewest connected peers have', () => {
    const order = new RarestFirst(5);
    for (const [piece, copies] of [3, 2, 1, 4, 2].entries()) for (let i = 0; i < copies; i++) order.increase(piece);
    expect(order.rarest(everything(5), 0, chance())).toBe(2);
    expect(order.rarest(bitfield(5, [0, 3]), 0, chance())).toBe(0);
    order.remove(2);
    expect([1, 4]).toContain(order.rarest(everything(5), 0, chance()));
    expect(order.rarest(bitfield(5, [2]), 0, chance())).toBe(-1);
  });

  it('chooses at random among equally rare pieces', () => {
    const order = new RarestFirst(8);
    const draws = chance('equals');
    const seen = new Set(Array.from({ length: 200 }, () => order.rarest(everything(8), 0, draws)));
    expect(seen.size).toBe(8);
  });

  it('counts and orders as a recount does, whatever happens', () => {
    const pieces = 12;
    const what = fc.constantFrom('more', 'more', 'more', 'more', 'less', 'less', 'begin');
    const step = fc.record({ what, piece: fc.nat(pieces - 1), times: fc.nat(20) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.nat(1000), (steps, name) => {
        const order = new RarestFirst(pieces);
        const draws = chance(`recount ${name}`);
        const counts = new Array<number>(pieces).fill(0);
        const waiting = new Set(Array.from({ length: pieces }, (_, piece) => piece));
        for (const { what, piece, times } of steps) {
          for (let i = 0; i < times && what === 'more'; i++) {
            order.increase(piece);
            counts[piece]++;
          }
          for (let i = 0; i < times && what === 'less' && counts[piece] > 0; i++) {
            order.decrease(piece);
            counts[piece]--;
          }
          if (what === 'begin') {
            order.remove(piece);
            waiting.delete(piece);
          }
          const best = order.rarest(everything(pieces), 0, draws);
          if (waiting.size === 0) expect(best).toBe(-1);
          else {
            expect(waiting.has(best)).toBe(true);
            expect(counts[best]).toBe(Math.min(...[...waiting].map((p) => counts[p])));
          }
          expect(order.size).toBe(waiting.size);
        }
        for (let piece = 0; piece < pieces; piece++) expect(order.availability(piece)).toBe(counts[piece]);
      }),
    );
  });
});

describe('the piece picker', () => {
  const torrent = torrentOf(8 * 65_536 - 20_000, 65_536);

  it('finishes a piece before it begins another', () => {
    const picker = new PiecePicker(torrent, chance(), rules);
    const whole = bitfield(8, [0, 1, 2, 3, 4, 5, 6]);
    const blocks = Array.from({ length: 4 }, () => picker.pick(whole, 0, 0));
    expect(new Set(blocks.map((block) => Math.floor(block / 4))).size).toBe(1);
    expect(new Set(blocks).size).toBe(4);
    const other = picker.pick(everything(8), 0, 0);
    expect(Math.floor(other / 4)).not.toBe(Math.floor(blocks[0] / 4));
  });

  it('without strict priority begins a rarer piece first, and prefers a begun one at equal rarity', () => {
    const picker = new PiecePicker(torrent, chance(), { ...rules, strictPriority: false });
    for (const piece of [0, 1, 2, 3, 4, 5]) picker.order.increase(piece);
    picker.order.increase(1);
    const begun = Math.floor(picker.pick(bitfield(8, [0]), 0, 0) / 4);
    expect(Math.floor(picker.pick(bitfield(8, [0, 1, 2]), 0, 0) / 4)).toBe(begun);
    expect(Math.floor(picker.pick(bitfield(8, [0, 1, 2, 6]), 0, 0) / 4)).toBe(6);
  });

  it('lets several peers work on one piece, or one only where the client does so', () => {
    const shared = new PiecePicker(torrent, chance(), rules);
    const first = Math.floor(shared.pick(everything(8), 0, 0) / 4);
    expect(Math.floor(shared.pick(everything(8), 0, 1) / 4)).toBe(first);
    const exclusive = new PiecePicker(torrent, chance(), { ...rules, onePeerPerPiece: true, endgame: 'no-piece-free' });
    const mine = Math.floor(exclusive.pick(everything(8), 0, 0) / 4);
    expect(Math.floor(exclusive.pick(everything(8), 0, 1) / 4)).not.toBe(mine);
    expect(Math.floor(exclusive.pick(everything(8), 0, 0) / 4)).toBe(mine);
  });

  it('gives a released block to the next peer', () => {
    const picker = new PiecePicker(torrent, chance(), rules);
    const block = picker.pick(everything(8), 0, 0);
    picker.release(block);
    expect(picker.pick(everything(8), 0, 1)).toBe(block);
  });

  it('asks for blocks twice only in the endgame, and then not the same peer', () => {
    const picker = new PiecePicker(torrent, chance(), rules);
    const asked: number[] = [];
    for (;;) {
      expect(picker.endgame).toBe(false);
      asked.push(picker.pick(everything(8), 0, 0));
      if (picker.endgame) break;
    }
    expect(new Set(asked).size).toBe(31);
    expect(picker.pick(everything(8), 0, 1)).toBe(-1);
    expect(asked).toContain(picker.pickBusy(everything(8), 0, 1, nothingAsked));
    expect(picker.pickBusy(everything(8), 0, 0, { holds: () => true })).toBe(-1);
  });

  it('begins the endgame sooner where begun pieces suffice, with any block of a piece that has no free one', () => {
    const two = torrentOf(8 * 16_384, 65_536);
    const picker = new PiecePicker(two, chance('sooner'), {
      ...rules,
      strictPriority: false,
      endgame: 'no-piece-free',
      endgameBlock: 'any',
    });
    const first = Array.from({ length: 4 }, () => picker.pick(bitfield(2, [0]), 0, 0));
    expect(picker.endgame).toBe(false);
    picker.pick(bitfield(2, [1]), 0, 0);
    expect(picker.endgame).toBe(true);
    const busy = new Set(Array.from({ length: 60 }, () => picker.pickBusy(everything(2), 0, 1, nothingAsked)));
    expect([...busy].sort()).toEqual(first.sort());
    expect(picker.pickBusy(everything(2), 0, 0, { holds: (_, block) => first.includes(block) })).toBe(-1);
  });

  it('gives a fast peer whole pieces side by side, and no other peer a block of them while there are others', () => {
    const picker = new PiecePicker(torrent, chance('whole'), { ...rules, strictPriority: false });
    const pieceOf = (block: number) => Math.floor(block / 4);
    const first = picker.pick(bitfield(8, [2, 3, 4]), 0, 0, 2);
    expect(picker.claimed).toBe(8);
    const mine = [first, ...Array.from({ length: 7 }, () => picker.pick(everything(8), 0, 0, 2))];
    const pieces = new Set(mine.map(pieceOf));
    expect(pieces.size).toBe(2);
    expect(Math.max(...pieces) - Math.min(...pieces)).toBe(1);
    picker.release(first);
    expect(pieces.has(pieceOf(picker.pick(everything(8), 0, 1, 1)))).toBe(false);
    // Where there is nothing else, a block of theirs is better than none.
    expect(picker.pick(bitfield(8, [...pieces]), 0, 1, 1)).toBe(first);
  });

  it('takes every block once and completes every piece, in any order of picking, releasing and receiving', () => {
    const twenty = torrentOf(20 * 65_536 - 20_000, 65_536);
    const step = fc.record({ what: fc.constantFrom('pick', 'busy', 'release', 'receive', 'stray'), at: fc.nat(1000) });
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 300 }),
        fc.nat(1000),
        fc.boolean(),
        fc.boolean(),
        fc.constantFrom('no-block-free' as const, 'no-piece-free' as const),
        fc.constantFrom('least-asked' as const, 'any' as const),
        (steps, name, strictPriority, onePeerPerPiece, endgame, endgameBlock) => {
          const picker = new PiecePicker(twenty, chance(`any ${name}`), {
            randomFirstPieces: 2,
            strictPriority,
            onePeerPerPiece,
            begunWithoutFree: true,
            endgame,
            endgameBlock,
          });
          const asked: number[] = [];
          const here = new Set<number>();
          let completed = 0;
          const receive = (block: number) => {
            const receipt = picker.receive(block);
            expect(receipt === Receipt.redundant).toBe(here.has(block));
            here.add(block);
            for (let i = asked.indexOf(block); i >= 0; i = asked.indexOf(block)) asked.splice(i, 1);
            if (receipt === Receipt.completed) completed++;
          };
          const drive = (what: string, at: number) => {
            if (what === 'pick' || what === 'busy') {
              let block = picker.pick(everything(20), 0, at % 3);
              if (block >= 0) expect(asked.includes(block) || here.has(block)).toBe(false);
              else if (what === 'busy' && picker.endgame)
                block = picker.pickBusy(everything(20), 0, at % 3, nothingAsked);
              if (block >= 0) asked.push(block);
            } else if (what === 'stray') receive(at % 79);
            else if (asked.length > 0) {
              const [block] = asked.splice(at % asked.length, 1) as [number];
              if (what === 'release') picker.release(block);
              else receive(block);
            }
          };
          for (const { what, at } of steps) drive(what, at);
          for (const block of asked.splice(0)) picker.release(block);
          for (let i = 0; i < 400 && completed < 20; i++) {
            drive('pick', 0);
            drive('receive', 0);
          }
          expect(completed).toBe(20);
          expect(here.size).toBe(79);
          expect(picker.unfinished).toBe(0);
        },
      ),
    );
  });
});
