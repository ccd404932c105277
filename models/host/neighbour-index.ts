// The index of a neighbour table: which entry an (owner, peer) pair has. Open addressing on typed arrays.

/** Where the entries keep their keys: an entry's id is its place in both arrays. */
export interface NeighbourKeys {
  readonly owner: Int32Array;
  readonly peer: Int32Array;
}

export class NeighbourIndex {
  /** Entry ids plus one; 0 is an empty slot. Its length is a power of two and at least twice the entries. */
  private slots = new Int32Array(2048);
  private count = 0;

  /** The pair's entry, or -1. */
  find(keys: NeighbourKeys, owner: number, peer: number): number {
    const { slots } = this;
    const mask = slots.length - 1;
    for (let slot = hash(owner, peer) & mask; ; slot = (slot + 1) & mask) {
      const id = slots[slot] - 1;
      if (id < 0 || (keys.owner[id] === owner && keys.peer[id] === peer)) return id;
    }
  }

  /** The pair must not be in the index yet. */
  add(keys: NeighbourKeys, id: number): void {
    if (2 * (this.count + 1) > this.slots.length) this.grow(keys);
    this.count++;
    this.place(keys, id);
  }

  /** The entry must be in the index. */
  remove(keys: NeighbourKeys, id: number): void {
    const { slots } = this;
    const mask = slots.length - 1;
    let hole = hash(keys.owner[id], keys.peer[id]) & mask;
    while (slots[hole] !== id + 1) hole = (hole + 1) & mask;
    // Entries that a collision pushed past the hole move back into it, so that no search ends early.
    for (let slot = (hole + 1) & mask; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const other = slots[slot] - 1;
      const home = hash(keys.owner[other], keys.peer[other]) & mask;
      if (((slot - home) & mask) < ((slot - hole) & mask)) continue;
      slots[hole] = slots[slot];
      hole = slot;
    }
    slots[hole] = 0;
    this.count--;
  }

  private place(keys: NeighbourKeys, id: number): void {
    const { slots } = this;
    const mask = slots.length - 1;
    let slot = hash(keys.owner[id], keys.peer[id]) & mask;
    while (slots[slot] !== 0) slot = (slot + 1) & mask;
    slots[slot] = id + 1;
  }

  private grow(keys: NeighbourKeys): void {
    const before = this.slots;
    this.slots = new Int32Array(before.length * 2);
    for (const entry of before) if (entry !== 0) this.place(keys, entry - 1);
  }
}

/** Multiplications by odd constants (the golden ratio's among them) spread dense ids over all bits. */
function hash(owner: number, peer: number): number {
  const mixed = Math.imul(owner, 0x9e3779b1) ^ Math.imul(peer, 0x85ebca6b);
  return Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d) >>> 8;
}
