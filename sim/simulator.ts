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

/** What is followed by itself: its events, and the hash of those handled. */
interface Part {
  readonly queue: EventQueue;
  readonly trajectory: Digest;
}

export class Simulator {
  /** Virtual time, integer nanoseconds. */
  now = 0;
  events = 0;
  private sequence = 0;
  private stopped = false;
  private readonly handlers: EventHandler[] = [];
  private readonly common: Part;
  private parts: readonly Part[] = [];
  /** Of the part that is followed now, where the events go that it brings about. */
  private queue: EventQueue;
  private met = () => {};

  constructor(queue: EventQueue = new WheelQueue()) {
    this.queue = queue;
    this.common = { queue, trajectory: new Digest() };
  }

  /** Registers a handler and returns its kind, to be given to `schedule`. */
  register(handler: EventHandler): number {
    if (this.handlers.length === KINDS) throw new Error('too many event kinds');
    return this.handlers.push(handler) - 1;
  }

  /**
   * Divides the run into parts that never meet, one for each of the queues: an event that begins in a part, and all that it
   * brings about, touches nothing that another part does. Parts are then followed one after another up to each event that
   * is common to all, so that what a part needs stays in the cache, however many there are. Each sees what it would see if
   * all events were handled in one order. `met` is told whenever all have come equally far.
   */
  divide(queues: readonly EventQueue[], met: () => void): void {
    this.parts = queues.map((queue) => ({ queue, trajectory: new Digest() }));
    this.met = met;
  }

  /** At `time` (integer ns, not before now) tells the handler of `kind` about `element` (an integer in [0, 2^31)). */
  schedule(time: number, kind: number, element: number): void {
    if (!(time >= this.now)) throw new Error(`event at ${time} ns lies before now (${this.now} ns)`);
    this.queue.push(time, this.sequence++, element * KINDS + kind);
  }

  /** The same for the first event of a part; of the only one, where the run is not divided. */
  begin(part: number, time: number, kind: number, element: number): void {
    this.queue = (this.parts[part] ?? this.common).queue;
    this.schedule(time, kind, element);
    this.queue = this.common.queue;
  }

  /** Handles events up to and including `until` ns, or until `stop` or no event is left. */
  run(until: number): void {
    this.stopped = false;
    if (this.parts.length === 0) this.follow(this.common, until, Number.POSITIVE_INFINITY);
    else this.followParts(until);
    if (!this.stopped && this.now < until && until !== Number.POSITIVE_INFINITY) this.now = until;
  }

  /** @throws Error from within a part: the others may have come further already. */
  stop(): void {
    if (this.queue !== this.common.queue) throw new Error('a part of a run cannot stop it');
    this.stopped = true;
  }

  /** Hash of every event handled so far, in order; where the run is divided, in the order of each part. */
  digest(): string {
    return Digest.of([this.common, ...this.parts].map(({ trajectory }) => trajectory));
  }

  /** Handles a part's events up to `until`; of those at `until` only the ones scheduled before sequence `before`. */
  private follow({ queue, trajectory }: Part, until: number, before: number): void {
    const { handlers } = this;
    while (!this.stopped && queue.size > 0) {
      const time = queue.nextTime;
      if (time >= until && (time > until || queue.nextSequence >= before)) break;
      const event = queue.pop();
      this.now = time;
      this.events++;
      trajectory.add(time, event);
      // The remainder of a division of reals is a call into C: the low bits say the same.
      const kind = event & (KINDS - 1);
      (handlers[kind] as EventHandler).handle(((event - kind) / KINDS) | 0);
    }
  }

  private followParts(until: number): void {
    const { common, parts } = this;
    for (let since = this.now; !this.stopped; since = this.now) {
      const meeting = common.queue.nextTime;
      const last = common.queue.size === 0 || meeting > until;
      const before = last ? Number.POSITIVE_INFINITY : common.queue.nextSequence;
      let latest = since;
      for (const part of parts) {
        this.now = since;
        this.queue = part.queue;
        this.follow(part, last ? until : meeting, before);
        if (this.now > latest) latest = this.now;
      }
      this.queue = common.queue;
      this.now = latest;
      this.met();
      if (last) return;
      this.follow(common, meeting, before + 1);
    }
  }
}
