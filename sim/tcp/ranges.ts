// Ranges received out of order: one pool for all connections, each connection's a list by offset.

export class Ranges {
  start = new Float64Array(256);
  end = new Float64Array(256);
  next = new Int32Array(256);
  private free = -1;
  private used = 0;

  private allocate(start: number, end: number, next: number): number {
    let range = this.free;
    if (range >= 0) this.free = this.next[range];
    else {
      if (this.used === this.next.length) this.grow();
      range = this.used++;
    }
    this.start[range] = start;
    this.end[range] = end;
    this.next[range] = next;
    return range;
  }

  private release(range: number): void {
    this.next[range] = this.free;
    this.free = range;
  }

  /** Adds [start, end) to the list that begins with `head`; returns the new head. Touching ranges become one. */
  insert(head: number, start: number, end: number): number {
    let before = -1;
    let range = head;
    while (range >= 0 && this.end[range] < start) {
      before = range;
      range = this.next[range];
    }
    if (range < 0 || this.start[range] > end) {
      const added = this.allocate(start, end, range);
      if (before < 0) return added;
      this.next[before] = added;
      return head;
    }
    if (start < this.start[range]) this.start[range] = start;
    if (end > this.end[range]) {
      let reach = end;
      let after = this.next[range];
      while (after >= 0 && this.start[after] <= reach) {
        if (this.end[after] > reach) reach = this.end[after];
        const following = this.next[after];
        this.release(after);
        after = following;
      }
      this.end[range] = reach;
      this.next[range] = after;
    }
    return head;
  }

  /** Whether the list covers all of [start, end). */
  covers(head: number, start: number, end: number): boolean {
    for (let range = head; range >= 0 && this.start[range] <= start; range = this.next[range]) {
      if (end <= this.end[range]) return true;
    }
    return false;
  }

  /** Removes the first range; returns the new head. */
  shift(head: number): number {
    const next = this.next[head];
    this.release(head);
    return next;
  }

  private grow(): void {
    const capacity = this.next.length * 2;
    for (const field of ['start', 'end'] as const) {
      const larger = new Float64Array(capacity);
      larger.set(this[field]);
      this[field] = larger;
    }
    const next = new Int32Array(capacity);
    next.set(this.next);
    this.next = next;
  }
}
