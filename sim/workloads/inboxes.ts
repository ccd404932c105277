// Messages on their way: streams carry byte counts only, so what the bytes mean goes by here, first in first out, from
// the half that writes to the half that reads.

export class Inboxes {
  /** Messages in each inbox. */
  private count = new Int32Array(0);
  private head = new Int32Array(0);
  private tail = new Int32Array(0);
  /** Bytes of the first message that were read already. */
  read = new Int32Array(0);
  private type = new Uint8Array(256);
  private argument = new Int32Array(256);
  private size = new Int32Array(256);
  private next = new Int32Array(256);
  private free = -1;
  private used = 0;

  /** Makes room for so many inboxes. */
  reserve(inboxes: number): void {
    if (inboxes <= this.count.length) return;
    for (const field of ['count', 'head', 'tail', 'read'] as const) {
      const larger = new Int32Array(inboxes);
      larger.set(this[field]);
      this[field] = larger;
    }
  }

  push(inbox: number, type: number, argument: number, size: number): void {
    let cell = this.free;
    if (cell >= 0) this.free = this.next[cell];
    else {
      if (this.used === this.next.length) this.grow();
      cell = this.used++;
    }
    this.type[cell] = type;
    this.argument[cell] = argument;
    this.size[cell] = size;
    if (this.count[inbox]++ === 0) this.head[inbox] = cell;
    else this.next[this.tail[inbox]] = cell;
    this.tail[inbox] = cell;
  }

  isEmpty(inbox: number): boolean {
    return this.count[inbox] === 0;
  }

  /** Type, argument and bytes of the first message; there must be one. */
  firstType(inbox: number): number {
    return this.type[this.head[inbox]];
  }

  firstArgument(inbox: number): number {
    return this.argument[this.head[inbox]];
  }

  firstSize(inbox: number): number {
    return this.size[this.head[inbox]];
  }

  /** Bytes of all messages of a type in the inbox, `header` of each apart. */
  total(inbox: number, type: number, header: number): number {
    let bytes = 0;
    let cell = this.head[inbox];
    for (let left = this.count[inbox]; left > 0; left--) {
      if (this.type[cell] === type) bytes += this.size[cell] - header;
      cell = this.next[cell];
    }
    return bytes;
  }

  /** Drops the first message. */
  pop(inbox: number): void {
    const cell = this.head[inbox];
    this.head[inbox] = this.next[cell];
    this.count[inbox]--;
    this.read[inbox] = 0;
    this.next[cell] = this.free;
    this.free = cell;
  }

  private grow(): void {
    const capacity = this.next.length * 2;
    for (const field of ['argument', 'size', 'next'] as const) {
      const larger = new Int32Array(capacity);
      larger.set(this[field]);
      this[field] = larger;
    }
    const types = new Uint8Array(capacity);
    types.set(this.type);
    this.type = types;
  }
}
