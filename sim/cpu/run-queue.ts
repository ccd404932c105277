// The run queue of one core: runnable tasks, the one with the least virtual runtime first (Linux CFS).

export class RunQueue {
  private readonly tasks: number[] = [];
  private readonly runtimes: number[] = [];
  private readonly sequences: number[] = [];
  private sequence = 0;

  get length(): number {
    return this.tasks.length;
  }

  /** Virtual runtime of the task that comes next; Infinity when none waits. */
  get leastRuntime(): number {
    return this.tasks.length > 0 ? this.runtimes[0] : Number.POSITIVE_INFINITY;
  }

  push(task: number, runtime: number): void {
    this.tasks.push(task);
    this.runtimes.push(runtime);
    this.sequences.push(this.sequence++);
    this.rise(this.tasks.length - 1);
  }

  /** Removes and returns the task with the least virtual runtime, first come first; the queue must not be empty. */
  pop(): number {
    return this.remove(0);
  }

  /** Removes and returns the one that would come first of those accepted; undefined when none is. */
  take(accept: (task: number) => boolean): number | undefined {
    let first = -1;
    for (let i = 0; i < this.tasks.length; i++)
      if (accept(this.tasks[i]) && (first < 0 || this.before(i, first))) first = i;
    return first < 0 ? undefined : this.remove(first);
  }

  private remove(index: number): number {
    const task = this.tasks[index];
    const last = this.tasks.length - 1;
    this.swap(index, last);
    this.tasks.pop();
    this.runtimes.pop();
    this.sequences.pop();
    if (index < last) {
      this.rise(index);
      this.sink(index);
    }
    return task;
  }

  private rise(from: number): void {
    let hole = from;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (!this.before(hole, parent)) return;
      this.swap(hole, parent);
      hole = parent;
    }
  }

  private sink(from: number): void {
    let hole = from;
    for (;;) {
      let least = 2 * hole + 1;
      if (least >= this.tasks.length) return;
      if (least + 1 < this.tasks.length && this.before(least + 1, least)) least++;
      if (!this.before(least, hole)) return;
      this.swap(least, hole);
      hole = least;
    }
  }

  private before(a: number, b: number): boolean {
    return (
      this.runtimes[a] < this.runtimes[b] ||
      (this.runtimes[a] === this.runtimes[b] && this.sequences[a] < this.sequences[b])
    );
  }

  private swap(a: number, b: number): void {
    for (const column of [this.tasks, this.runtimes, this.sequences]) {
      const held = column[a];
      column[a] = column[b];
      column[b] = held;
    }
  }
}
