// The clock and the loop: events are (kind, element); each kind has one handler; time only goes forward.

import { Digest } from './digest.js';
import type { EventQueue } from './event-queue.js';
import { WheelQueue } from './wheel-queue.js';

/** Told which element's event came. One per event kind, so that the call stays monomorphic per kind. */
export interface EventHandler {
  handle(element: number): void;
}

/** A power of two: an event is `element * KINDS + kind`. */
const KINDS = 32;

export class Simulator {
  /** Virtual time, integer nanoseconds. */
  now = 0;
  events = 0;
  private sequence = 0;
  private stopped = false;
  private readonly handlers: EventHandler[] = [];
  private readonly trajectory = new Digest();

  constructor(private readonly queue: EventQueue = new WheelQueue()) {}

  /** Registers a handler and returns its kind, to be given to `schedule`. */
  register(handler: EventHandler): number {
    if (this.handlers.length === KINDS) throw new Error('too many event kinds');
    return this.handlers.push(handler) - 1;
  }

  /** At `time` (integer ns, not before now) tells the handler of `kind` about `element` (an integer in [0, 2^31)). */
  schedule(time: number, kind: number, element: number): void {
    if (!(time >= this.now)) throw new Error(`event at ${time} ns lies before now (${this.now} ns)`);
    this.queue.push(time, this.sequence++, element * KINDS + kind);
  }

  /** Handles events up to and including `until` ns, or until `stop` or no event is left. */
  run(until: number): void {
    this.stopped = false;
    const { queue, handlers, trajectory } = this;
    while (!this.stopped && queue.size > 0) {
      const time = queue.nextTime;
      if (time > until) break;
      const event = queue.pop();
      this.now = time;
      this.events++;
      trajectory.add(time, event);
      // The remainder of a division of reals is a call into C: the low bits say the same.
      const kind = event & (KINDS - 1);
      (handlers[kind] as EventHandler).handle(((event - kind) / KINDS) | 0);
    }
    if (!this.stopped && this.now < until && until !== Number.POSITIVE_INFINITY) this.now = until;
  }

  stop(): void {
    this.stopped = true;
  }

  /** Hash of every event handled so far, in order. */
  digest(): string {
    return this.trajectory.value();
  }
}
