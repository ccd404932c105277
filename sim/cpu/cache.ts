// A core's cache as tasks compete for it: what was least recently used is evicted first, so a task that comes back
// finds its working set if the others have refilled less than the cache holds since it last ran.

export class Cache {
  /** Bytes ever refilled on this core, and each task's reading of that when it last ran. */
  private refilled = 0;
  private filled = 0;
  private readonly seen = new Map<number, number>();

  constructor(
    private readonly capacity: number,
    private readonly workingSet: number,
  ) {}

  /** The task runs: returns how many bytes of its working set it has to fetch again. */
  enter(task: number): number {
    const before = this.seen.get(task);
    const size = this.workingSet < this.capacity ? this.workingSet : this.capacity;
    let missing = size;
    if (before !== undefined) {
      const evicted = this.refilled - before;
      missing = evicted < size ? evicted : size;
    }
    const room = this.capacity - this.filled;
    // What fits into free room evicts nobody.
    const evicting = missing > room ? missing - room : 0;
    this.filled += missing - evicting;
    this.refilled += evicting;
    this.seen.set(task, this.refilled);
    return missing;
  }
}
