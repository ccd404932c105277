// The choker's contest for slots.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { debtOf, SlotContest } from '../../../models/index.js';

describe('a contest for slots', () => {
  it('goes to the highest merit, then the lowest debt, then who was offered first', () => {
    const contest = new SlotContest(3);
    contest.begin(3);
    contest.offer(10, 5, 0);
    contest.offer(11, 9, 7);
    contest.offer(12, 5, 0);
    contest.offer(13, 9, 2);
    contest.offer(14, 1, 0);
    expect([...contest.winners.subarray(0, contest.count)]).toEqual([13, 11, 10]);
    expect(contest.won(12)).toBe(false);
  });

  it('never has more winners than slots, and ranks as a stable sort does', () => {
    const candidates = fc.array(fc.record({ merit: fc.nat(4), debt: fc.nat(4) }), { maxLength: 30 });
    fc.assert(
      fc.property(candidates, fc.nat(8), (offers, slots) => {
        const contest = new SlotContest(8);
        contest.begin(slots);
        for (const [id, { merit, debt }] of offers.entries()) contest.offer(id, merit, debt);
        const ranked = offers
          .map((offer, id) => ({ ...offer, id }))
          .sort((a, b) => b.merit - a.merit || a.debt - b.debt || a.id - b.id)
          .slice(0, slots)
          .map(({ id }) => id);
        expect([...contest.winners.subarray(0, contest.count)]).toEqual(ranked);
      }),
    );
  });

  it('leaves a slot where it is until its holder is a head ahead', () => {
    expect(debtOf(300, true, 256)).toBeLessThan(debtOf(100, false, 256));
    expect(debtOf(400, true, 256)).toBeGreaterThan(debtOf(100, false, 256));
  });
});
