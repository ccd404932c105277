// The entries of a neighbour table: parallel arrays, in the order of creation, found by (owner, peer).

import { NeighbourIndex } from './neighbour-index.js';

export class NeighbourEntries {
  owner = new Int32Array(1024);
  peer = new Int32Array(1024);
  states = new Int32Array(1024);
  /** Connections whose cached route refers to the entry. */
  references = new Int32Array(1024);
  /** ns: when the entry's timer expires; when it last changed state, was used, was confirmed. */
  deadline = new Float64Array(1024);
  updated = new Float64Array(1024);
  lastUsed = new Float64Array(1024);
  confirmed = new Float64Array(1024);
  /** From the oldest entry to the newest; -1 ends. Ids that are free are chained as well. */
  next = new Int32Array(1024);
  oldest = -1;
  private previous = new Int32Array(1024);
  private newest = -1;
  private free = -1;
  private allocated = 0;
  private readonly index = new NeighbourIndex();

  /** The pair's entry, or -1. */
  find(owner: number, peer: number): number {
    return this.index.find(this, owner, peer);
  }

  /** A new entry for a pair that has none; the caller sets state and times. */
  add(owner: number, peer: number): number {
    let id = this.free;
    if (id >= 0) this.free = this.next[id];
    else {
      if (this.allocated === this.states.length) this.grow();
      id = this.allocated++;
    }
    this.owner[id] = owner;
    this.peer[id] = peer;
    this.references[id] = 0;
    this.next[id] = -1;
    this.previous[id] = this.newest;
    if (this.newest >= 0) this.next[this.newest] = id;
    else this.oldest = id;
    this.newest = id;
    this.index.add(this, id);
    return id;
  }

  remove(id: number): void {
    this.index.remove(this, id);
    const before = this.previous[id];
    const after = this.next[id];
    if (before >= 0) this.next[before] = after;
    else this.oldest = after;
    if (after >= 0) this.previous[after] = before;
    else this.newest = before;
    this.next[id] = this.free;
    this.free = id;
  }

  private grow(): void {
    const capacity = this.states.length * 2;
    for (const field of ['owner', 'peer', 'states', 'references', 'next', 'previous'] as const) {
      const larger = new Int32Array(capacity);
      larger.set(this[field]);
      this[field] = larger;
    }
    for (const field of ['deadline', 'updated', 'lastUsed', 'confirmed'] as const) {
      const larger = new Float64Array(capacity);
      larger.set(this[field]);
      this[field] = larger;
    }
  }
}
