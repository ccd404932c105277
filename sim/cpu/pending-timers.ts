// The timers that a core is to be woken for. Its clock is set for the first of them; whoever sets one that is due before all
// others sets the clock anew (hrtimer_reprogram in kernel/time/hrtimer.c).

export class PendingTimers {
  /** ns, ascending. */
  private readonly due: number[] = [];

  /** A timer is set at `now`, due at `at` (ns). True: it is due before all others. */
  add(at: number, now: number): boolean {
    const { due } = this;
    let past = 0;
    while (past < due.length && due[past] <= now) past++;
    if (past > 0) due.splice(0, past);
    let place = due.length;
    while (place > 0 && due[place - 1] > at) place--;
    due.splice(place, 0, at);
    return place === 0;
  }
}
