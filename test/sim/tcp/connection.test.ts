// A connection's life: handshake, transfer, close, and failure.

import { describe, expect, it } from 'vitest';
import { SYN } from '../../../sim/packets.js';
import { MS, Network, SECOND, type Settings } from './network.js';

const path: Settings = { up: { rate: 10e6, delay: 5 * MS }, down: { rate: 10e6, delay: 5 * MS } };

describe('a connection', () => {
  it('opens after one round trip at the client, one and a half at the server', () => {
    const network = new Network({ up: { delay: 10 * MS }, down: { delay: 10 * MS } });
    const client = network.connect();
    network.run(1 * SECOND);
    expect(network.openedAt[client]).toBe(20 * MS);
    expect(network.openedAt[client + 1]).toBe(30 * MS);
    expect(network.packets.sent).toBe(3);
  });

  it('delivers what was written and closes both ends', () => {
    const network = new Network(path);
    const client = network.connect();
    network.tcp.write(client, 1_000_000);
    network.tcp.close(client);
    network.run();
    expect(network.received[client + 1]).toBe(1_000_000);
    expect(network.closedAt[client]).toBeGreaterThan(0);
    expect(network.closedAt[client + 1]).toBeGreaterThan(0);
    expect(network.packets.inFlight).toBe(0);
    expect(network.packets.sent).toBe(network.packets.delivered + network.packets.dropped);
    expect(network.tcp.counters(client)).toMatchObject({ segmentsRetransmitted: 0, lossesDetected: 0 });
    expect(network.tcp.counters(client).bytesAcknowledged).toBe(1_000_001);
  });

  it('lets the reader take what came before the peer closed', () => {
    const network = new Network({ ...path, reads: false });
    const client = network.connect();
    network.tcp.write(client, 5000);
    network.tcp.close(client);
    network.run();
    expect(network.closedAt[client + 1]).toBeGreaterThan(0);
    expect(network.tcp.readable(client + 1)).toBe(5000);
    expect(network.tcp.read(client + 1)).toBe(5000);
    expect(network.tcp.read(client + 1)).toBe(0);
  });

  it('closes once when both ends close at the same time', () => {
    let closed = 0;
    const network = new Network({ ...path, events: { closed: () => closed++ } });
    const client = network.connect();
    network.run(1 * SECOND);
    network.tcp.write(client, 3000);
    network.tcp.write(client + 1, 4000);
    network.tcp.close(client);
    network.tcp.close(client + 1);
    network.run();
    expect(closed).toBe(2);
    network.tcp.write(client, 10);
    network.tcp.close(client);
    network.run();
    expect(closed).toBe(2);
  });

  it('repeats a lost SYN after one second, and a lost SYN+ACK too', () => {
    for (const side of ['up', 'down'] as const) {
      const network = new Network({
        ...path,
        [side]: { ...path[side], lose: (_: number, index: number) => index < 1 },
      });
      const client = network.connect();
      network.run(5 * SECOND);
      expect(network.openedAt[client]).toBeGreaterThan(1 * SECOND);
      expect(network.openedAt[client]).toBeLessThan(1.03 * SECOND);
    }
  });

  it('gives up when nobody answers: six repetitions, each after twice the time', () => {
    const network = new Network({ ...path, up: { ...path.up, lose: () => true } });
    network.logging = true;
    const client = network.connect();
    network.run();
    expect(network.log.map((entry) => entry.at)).toEqual([0, 1, 3, 7, 15, 31, 63].map((second) => second * SECOND));
    expect(network.log.every((entry) => entry.flags === SYN)).toBe(true);
    expect(network.openedAt[client]).toBeUndefined();
    expect(network.closedAt[client]).toBe(127 * SECOND);
  });

  it('ends a connection whose peer has fallen silent, after fifteen timeouts', () => {
    let dead = false;
    const network = new Network({ ...path, up: { ...path.up, lose: () => dead } });
    const client = network.connect();
    network.run(1 * SECOND);
    dead = true;
    network.tcp.write(client, 1000);
    network.run();
    expect(network.tcp.counters(client).segmentsRetransmitted).toBe(15 + 1);
    // 0.21 s doubling up to 120 s: between 13 and 30 minutes (RFC 9293, 3.8.3: at least 100 s).
    expect(network.closedAt[client]).toBeGreaterThan(800 * SECOND);
    expect(network.closedAt[client]).toBeLessThan(1800 * SECOND);
  });

  it('refuses a carrier that delivers within send', () => {
    const network = new Network();
    network.send = (packet) => {
      network.tcp.receive(packet);
      return true;
    };
    expect(() => network.connect()).toThrow('delivered while another one was being sent');
  });
});
