// Packet work that waits for a core: a ring of integers, first in, first out.

export class WorkQueue {
  private items = new Float64Array(64);
  private head = 0;
  length = 0;

  push(item: number): void {
    if (this.length === this.items.length) this.grow();
    this.items[(this.head + this.length++) & (this.items.length - 1)] = item;
  }

  /** The oldest item; the queue must not be empty. */
  shift(): number {
    const item = this.items[this.head];
    this.head = (this.head + 1) & (this.items.length - 1);
    this.length--;
    return item;
  }

  /** What waits, oldest first. */
  *[Symbol.iterator](): Generator<number> {
    for (let i = 0; i < this.length; i++) yield this.items[(this.head + i) & (this.items.length - 1)];
  }

  private grow(): void {
    const larger = new Float64Array(this.items.length * 2);
    for (let i = 0; i < this.length; i++) larger[i] = this.items[(this.head + i) & (this.items.length - 1)];
    this.items = larger;
    this.head = 0;
  }
}
