// The packet pool: every packet sent is delivered, dropped or in flight; places are used again and never shared.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ACK, Packets, RETRANSMISSION, SACK_BLOCKS, SYN } from '../../sim/packets.js';

const balanced = (packets: Packets): boolean => packets.sent === packets.delivered + packets.dropped + packets.inFlight;

describe('the packet pool', () => {
  it('conserves packets, and never gives out one that is in flight', () => {
    const operation = fc.oneof(
      { weight: 3, arbitrary: fc.constant('send' as const) },
      fc.constant('deliver' as const),
      fc.constant('drop' as const),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(operation, fc.nat()), { maxLength: 500, size: 'max' }), (steps) => {
        const packets = new Packets(4);
        const live: { packet: number; endpoint: number }[] = [];
        steps.forEach(([what, choice], endpoint) => {
          if (what === 'send') {
            const packet = packets.allocate(endpoint, ACK);
            expect(live.some((other) => other.packet === packet)).toBe(false);
            live.push({ packet, endpoint });
          } else if (live.length > 0) {
            const [gone] = live.splice(choice % live.length, 1);
            packets[what](gone?.packet as number);
          }
          expect(packets.inFlight).toBe(live.length);
          expect(balanced(packets)).toBe(true);
          expect(live.every(({ packet, endpoint: owner }) => packets.endpoint[packet] === owner)).toBe(true);
        });
      }),
      { numRuns: 50 },
    );
  });

  it('uses places again, so that a steady flow does not grow it', () => {
    const packets = new Packets(8);
    for (let i = 0; i < 10_000; i++) {
      const pair = [packets.allocate(2 * i, 0), packets.allocate(2 * i + 1, 0)];
      packets.deliver(pair[0] as number);
      packets.drop(pair[1] as number);
    }
    expect(packets.capacity).toBe(8);
    expect([packets.sent, packets.delivered, packets.dropped, packets.inFlight]).toEqual([20_000, 10_000, 10_000, 0]);
  });

  it('hands out a clean packet, whatever its place held before', () => {
    const packets = new Packets(1);
    const old = packets.allocate(5, SYN);
    packets.hop[old] = 3;
    packets.payload[old] = 1448;
    packets.segments[old] = 44;
    packets.sackCount[old] = SACK_BLOCKS;
    packets.echo[old] = 77;
    packets.deliver(old);
    const fresh = packets.allocate(6, ACK | RETRANSMISSION);
    expect(fresh).toBe(old);
    expect([packets.endpoint[fresh], packets.flags[fresh]]).toEqual([6, ACK | RETRANSMISSION]);
    expect([packets.hop[fresh], packets.payload[fresh], packets.segments[fresh]]).toEqual([0, 0, 1]);
    expect([packets.sackCount[fresh], packets.echo[fresh]]).toEqual([0, -1]);
  });

  it('keeps all fields of packets in flight when it grows', () => {
    const packets = new Packets(2);
    const ids = Array.from({ length: 100 }, (_, i) => {
      const packet = packets.allocate(i, i % 8);
      packets.wire[packet] = 1500 + i;
      packets.sequence[packet] = 2 ** 40 + i;
      packets.acknowledged[packet] = 2 ** 41 + i;
      packets.window[packet] = 2 ** 32 + i;
      packets.sentAt[packet] = 2 ** 50 + i;
      for (let s = 0; s < 2 * SACK_BLOCKS; s++) packets.sacks[packet + s] = 1000 * i + s;
      return packet;
    });
    expect(new Set(ids).size).toBe(100);
    ids.forEach((packet, i) => {
      expect([packets.endpoint[packet], packets.flags[packet], packets.wire[packet]]).toEqual([i, i % 8, 1500 + i]);
      expect([packets.sequence[packet], packets.acknowledged[packet]]).toEqual([2 ** 40 + i, 2 ** 41 + i]);
      expect([packets.window[packet], packets.sentAt[packet]]).toEqual([2 ** 32 + i, 2 ** 50 + i]);
      const sacks = packets.sacks.slice(packet, packet + 2 * SACK_BLOCKS);
      expect([...sacks]).toEqual(Array.from({ length: 2 * SACK_BLOCKS }, (_, s) => 1000 * i + s));
    });
  });
});
