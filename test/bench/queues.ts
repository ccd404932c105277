// Event queues by themselves, in the hold model (Vaucher and Duval, 1975): each pop is followed by a push, the number of
// events stays the same. Times as in a swarm: most events soon, timers up to a quarter of a second, few beyond.

import { performance } from 'node:perf_hooks';
import { type EventQueue, QuaternaryQueue, ReferenceQueue } from '../../sim/event-queue.js';
import { randomStream } from '../../sim/index.js';
import { WheelQueue } from '../../sim/wheel-queue.js';

const designs: Readonly<Record<string, () => EventQueue>> = {
  'heap-js': () => new ReferenceQueue(),
  'typed-heap': () => new QuaternaryQueue(),
  wheel: () => new WheelQueue(),
};
const SIZES = [1000, 10_000, 100_000] as const;

export interface QueueJob {
  readonly name: string;
  readonly events: number;
  readonly create: () => EventQueue;
}

export const queueJobs: readonly QueueJob[] = Object.entries(designs).flatMap(([design, create]) =>
  SIZES.map((events) => ({ name: `queue-${design}-${events}`, events, create })),
);

export interface QueueFigures {
  /** Pops, each with its push. */
  readonly eventsPerSecond: number;
  readonly wallSeconds: number;
}

const SAMPLES = 5;
const OPERATIONS = 300_000;
/** Drawn beforehand, so that drawing costs nothing here. */
const DELAYS = 65_536;

/** ns: a packet's next hop, a timer of TCP, anything else. */
function delays(): Float64Array {
  const random = randomStream('bench', 'queues');
  return Float64Array.from({ length: DELAYS }, () => {
    const kind = random.uniform();
    if (kind < 0.6) return random.below(100_000);
    return kind < 0.97 ? 40_000_000 + random.below(210_000_000) : random.below(15_000_000_000);
  });
}

/** Warmed, then the median of five. */
export function measureQueue({ events, create }: QueueJob): QueueFigures {
  const queue = create();
  const delay = delays();
  let sequence = 0;
  for (; sequence < events; sequence++) queue.push(delay[sequence % DELAYS], sequence, sequence);
  const sample = (): number => {
    const start = performance.now();
    for (let i = 0; i < OPERATIONS; i++) {
      const { nextTime } = queue;
      const event = queue.pop();
      queue.push(nextTime + delay[sequence % DELAYS], sequence++, event);
    }
    return (performance.now() - start) / 1000;
  };
  sample();
  const wallSeconds = Array.from({ length: SAMPLES }, sample).sort((a, b) => a - b)[(SAMPLES - 1) / 2];
  return { eventsPerSecond: Math.round(OPERATIONS / wallSeconds), wallSeconds };
}
