// What the cores need of those who handle packets and timers.

/** Packet work as the cores see it: what an item costs, and what happens when it is done. */
export interface PacketWork {
  /** ns at full clock for the item, started now on `core`. */
  start(item: number, core: number): number;
  finish(item: number, core: number): void;
  /** Whether it is work of an interrupt itself, before which no packet work starts. */
  inInterrupt(item: number): boolean;
  /** A task goes to sleep on `core`: at `until`, ns, a timer's interrupt wakes it. */
  sleep(task: number, core: number, until: number): void;
}

/** Packet work beside which no task sleeps. */
export const withoutTimers = (work: Pick<PacketWork, 'start' | 'finish'>): PacketWork => ({
  ...work,
  inInterrupt: () => false,
  sleep: () => undefined,
});
