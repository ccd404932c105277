// Whatever the network loses, every byte arrives once and in order, and the run ends.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReferenceQueue } from '../../../sim/event-queue.js';
import { randomStream } from '../../../sim/random.js';
import { MS, Network, SECOND, type Settings } from './network.js';

/** A transfer over a lossy, slow path, in writes of the given sizes; the network afterwards. */
function transfer(settings: Settings, loss: number, seed: number, writes: number[], answers: number[]): Network {
  const forth = randomStream(String(seed), 'forth');
  const back = randomStream(String(seed), 'back');
  const network = new Network({
    ...settings,
    up: { rate: 20e6, delay: 3 * MS, queue: 40_000, lose: () => forth.uniform() < loss, ...settings.up },
    down: { rate: 20e6, delay: 3 * MS, queue: 40_000, lose: () => back.uniform() < loss, ...settings.down },
    events: {
      opened: (endpoint) => {
        for (const bytes of endpoint % 2 === 0 ? writes : answers) network.tcp.write(endpoint, bytes);
      },
      readableNow: (endpoint) => {
        const expected = (endpoint % 2 === 0 ? answers : writes).reduce((sum, bytes) => sum + bytes, 0);
        const got = network.received[endpoint] ?? 0;
        if (got > expected) throw new Error(`more came (${got}) than was written (${expected})`);
        // The client closes once all answers are in and everything it wrote is taken.
        const client = endpoint & ~1;
        const sum = (sizes: number[]) => sizes.reduce((total, bytes) => total + bytes, 0);
        if ((network.received[client] ?? 0) === sum(answers) && (network.received[client + 1] ?? 0) === sum(writes))
          network.tcp.close(client);
      },
    },
  });
  network.connect();
  network.run();
  return network;
}

const sum = (sizes: number[]): number => sizes.reduce((total, bytes) => total + bytes, 0);
const sizes = fc.array(fc.integer({ min: 1, max: 60_000 }), { minLength: 1, maxLength: 8 });

describe('reliability', () => {
  it('delivers every byte once and in order under any loss up to 20 %', () => {
    fc.assert(
      fc.property(
        fc.record({
          loss: fc.double({ min: 0, max: 0.2, noNaN: true }),
          seed: fc.integer({ min: 0, max: 1e9 }),
          control: fc.constantFrom('cubic' as const, 'reno' as const, 'bbr' as const),
          rack: fc.boolean(),
          gso: fc.boolean(),
          smallQueues: fc.boolean(),
          own: fc.boolean(),
          readerAcknowledges: fc.boolean(),
          receiveWindow: fc.constantFrom(4000, 20_000, 3_145_728),
          writes: sizes,
          answers: sizes,
        }),
        ({ loss, seed, control, rack, gso, smallQueues, own, readerAcknowledges, receiveWindow, writes, answers }) => {
          const network = transfer(
            { tcp: { control, rack, gso, smallQueues, readerAcknowledges, receiveWindow }, up: { own }, down: { own } },
            loss,
            seed,
            writes,
            answers,
          );
          const { packets } = network;
          expect(packets.inFlight).toBe(0);
          expect(packets.sent).toBe(packets.delivered + packets.dropped);
          // A handshake may fail for good under heavy loss; then nothing was promised.
          if (network.openedAt[0] === undefined || network.openedAt[1] === undefined) return;
          expect(network.received[1]).toBe(sum(writes));
          expect(network.received[0]).toBe(sum(answers));
          expect(network.closedAt[0]).toBeGreaterThan(0);
          expect(network.closedAt[1]).toBeGreaterThan(0);
          const { events } = network.simulator;
          network.run(20_000 * SECOND);
          expect(network.simulator.events).toBe(events);
        },
      ),
      { numRuns: 300, seed: 7 },
    );
  });

  it('takes the same course with either event queue', () => {
    const course = (settings: Settings) => {
      const network = transfer(settings, 0.05, 3, [200_000, 100_000], [150_000]);
      return [network.simulator.digest(), network.simulator.now];
    };
    expect(course({})).toEqual(course({ queue: new ReferenceQueue() }));
    expect(course({})).toEqual(course({}));
  });
});
