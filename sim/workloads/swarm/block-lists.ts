// Lists of blocks, one for each half of a connection: what was asked for, or what is to be sent. All lists share one
// pool of cells.

export class BlockLists {
  /** Blocks in each list. */
  count = new Int32Array(0);
  private head = new Int32Array(0);
  private tail = new Int32Array(0);
  private block = new Int32Array(256);
  private next = new Int32Array(256);
  private free = -1;
  private used = 0;

  /** Makes room for so many lists. */
  reserve(lists: number): void {
    if (lists <= this.count.length) return;
    for (const field of ['count', 'head', 'tail'] as const) {
      const larger = new Int32Array(lists).fill(field === 'count' ? 0 : -1);
      larger.set(this[field]);
      this[field] = larger;
    }
  }

  push(list: number, block: number): void {
    let cell = this.free;
    if (cell >= 0) this.free = this.next[cell];
    else {
      if (this.used === this.block.length) this.grow();
      cell = this.used++;
    }
    this.block[cell] = block;
    this.next[cell] = -1;
    if (this.count[list]++ === 0) this.head[list] = cell;
    else this.next[this.tail[list]] = cell;
    this.tail[list] = cell;
  }

  /** The first block, which leaves the list; there must be one. */
  shift(list: number): number {
    const cell = this.head[list];
    const block = this.block[cell];
    this.unlink(list, -1, cell);
    return block;
  }

  /** Takes the block out of the list, from wherever it stands; false: it was not there. */
  remove(list: number, block: number): boolean {
    let before = -1;
    for (let cell = this.count[list] > 0 ? this.head[list] : -1; cell >= 0; cell = this.next[cell]) {
      if (this.block[cell] === block) {
        this.unlink(list, before, cell);
        return true;
      }
      before = cell;
    }
    return false;
  }

  holds(list: number, block: number): boolean {
    if (this.count[list] === 0) return false;
    for (let cell = this.head[list]; cell >= 0; cell = this.next[cell]) {
      if (this.block[cell] === block) return true;
    }
    return false;
  }

  private unlink(list: number, before: number, cell: number): void {
    if (before < 0) this.head[list] = this.next[cell];
    else this.next[before] = this.next[cell];
    if (this.tail[list] === cell) this.tail[list] = before;
    this.count[list]--;
    this.next[cell] = this.free;
    this.free = cell;
  }

  private grow(): void {
    for (const field of ['block', 'next'] as const) {
      const larger = new Int32Array(this[field].length * 2);
      larger.set(this[field]);
      this[field] = larger;
    }
  }
}
