// The choker: who gets the regular upload slots for the next round (BEP 3). Tit-for-tat while downloading; a seeder
// turns its slots around. The optimistic slot goes to who waited longest.

/**
 * A contest for slots: the highest merit wins, then the lowest debt, then who was offered first (offer in an order
 * that starts at random, or the oldest connections win every tie everywhere). Costs candidates x slots at most.
 */
export class SlotContest {
  /** Winners in order of rank; the first `count` are valid. */
  readonly winners: Int32Array;
  count = 0;
  private readonly merits: Float64Array;
  private readonly debts: Float64Array;
  private slots = 0;

  constructor(mostSlots: number) {
    this.winners = new Int32Array(mostSlots);
    this.merits = new Float64Array(mostSlots);
    this.debts = new Float64Array(mostSlots);
  }

  /** A new contest; at most `mostSlots`. */
  begin(slots: number): void {
    this.slots = slots < this.winners.length ? slots : this.winners.length;
    this.count = 0;
  }

  offer(candidate: number, merit: number, debt: number): void {
    const { winners, merits, debts, slots } = this;
    let place = this.count;
    while (place > 0 && (merit > merits[place - 1] || (merit === merits[place - 1] && debt < debts[place - 1])))
      place--;
    if (place >= slots) return;
    if (this.count < slots) this.count++;
    for (let i = this.count - 1; i > place; i--) {
      winners[i] = winners[i - 1];
      merits[i] = merits[i - 1];
      debts[i] = debts[i - 1];
    }
    winners[place] = candidate;
    merits[place] = merit;
    debts[place] = debt;
  }

  won(candidate: number): boolean {
    for (let i = 0; i < this.count; i++) if (this.winners[i] === candidate) return true;
    return false;
  }
}

/**
 * What a candidate has had from us, for the tie: who is unchoked now must be `head` bytes ahead of a choked one before
 * the slot changes hands (libtorrent's unchoke_compare; from 0.16 on a seeding quota of pieces).
 */
export function debtOf(uploaded: number, unchoked: boolean, head: number): number {
  return unchoked ? uploaded - head : uploaded;
}
